// SPDX-License-Identifier: MIT
/*
 * Waiting for children, and telling parents about them.
 *
 * tasklist_lock guards the list of children and who is a zombie; stop and
 * continue states are under the child's signal_lock.
 */
#include <proc/wait.h>

#include <linux/wait.h>

#include <lib/errno.h>
#include <proc/task.h>

#include "proc_internal.h"

/* --- Parents --------------------------------------------------------- */

/* status of wait4() as si_code and si_status of SIGCHLD and waitid(2). */
static void decode_status(int status, int *code, int *value)
{
	if (status & 0x7f) {
		*code = status & 0x80 ? CLD_DUMPED : CLD_KILLED;
		*value = status & 0x7f;
	} else {
		*code = CLD_EXITED;
		*value = status >> 8 & 0xff;
	}
}

bool signal_parent_locked(struct process *child, int si_code, int status)
{
	struct process *parent = child->parent;
	const struct sigaction *action;
	siginfo_t info = { .si_errno = 0 };
	bool ended = si_code == CLD_EXITED;
	bool reap = false;
	int signo = ended ? child->exit_signal : SIGCHLD;

	ASSERT(spin_is_held(&tasklist_lock));
	if (!parent)
		return false;
	if (ended)
		decode_status(status, &si_code, &status);
	info.si_code = si_code;
	info._sifields._sigchld._pid = child->pid;
	info._sifields._sigchld._uid = child->leader->cred->uid;
	info._sifields._sigchld._status = status;

	action = &parent->sighand->action[SIGCHLD - 1];
	if (ended && signo == SIGCHLD)
		reap = action->sa_handler == SIG_IGN ||
		       (action->sa_flags & SA_NOCLDWAIT);
	if (signo && (ended || !(action->sa_flags & SA_NOCLDSTOP)))
		(void)signal_send(parent, NULL, signo, &info);
	waitq_wake_all(&parent->child_wait);
	return reap;
}

/* --- Children -------------------------------------------------------- */

static bool child_matches(const struct process *child,
			  const struct wait_request *request)
{
	bool is_clone = child->exit_signal != SIGCHLD;

	if (request->which == P_PID && child->pid != request->id)
		return false;
	if (request->which == P_PGID && child->pgid != request->id)
		return false;
	if (request->options & __WALL)
		return true;
	return is_clone == !!(request->options & __WCLONE);
}

static void report_times(const struct process *child,
			 struct wait_result *result)
{
	result->runtime_ns = child->dead_runtime_ns + child->child_runtime_ns;
	result->user_ns = MIN(child->dead_user_ns + child->child_user_ns,
			      result->runtime_ns);
	result->minor_faults =
		child->dead_minor_faults + child->child_minor_faults;
	result->major_faults =
		child->dead_major_faults + child->child_major_faults;
	result->max_rss_pages =
		MAX(child->max_rss_pages, child->child_max_rss_pages);
}

static bool report_zombie_locked(struct process *child, unsigned options,
				 struct wait_result *result)
{
	if (!child->zombie || !(options & WEXITED))
		return false;
	result->status = child->exit_code;
	decode_status(child->exit_code, &result->code, &result->value);
	report_times(child, result);
	if (!(options & WNOWAIT))
		process_reap_locked(child);
	return true;
}

static bool report_stop_locked(struct process *child, unsigned options,
			       struct wait_result *result)
{
	unsigned long flags = spin_lock_irqsave(&child->signal_lock);
	bool found = true;

	if ((options & WSTOPPED) && child->stopped && child->stop_code) {
		result->status = child->stop_code << 8 | 0x7f;
		result->code = CLD_STOPPED;
		result->value = child->stop_code;
		if (!(options & WNOWAIT))
			child->stop_code = 0;
	} else if ((options & WCONTINUED) && child->continued) {
		result->status = 0xffff;
		result->code = CLD_CONTINUED;
		result->value = SIGCONT;
		if (!(options & WNOWAIT))
			child->continued = false;
	} else {
		found = false;
	}
	spin_unlock_irqrestore(&child->signal_lock, flags);
	return found;
}

/* 1: something to report, 0: not yet, -ECHILD: it is not to be waited for. */
static int look_at_child_locked(struct process *child,
				const struct wait_request *request,
				struct wait_result *result)
{
	if (!child_matches(child, request))
		return -ECHILD;
	result->pid = child->pid;
	result->uid = child->leader->cred->uid;
	return report_zombie_locked(child, request->options, result) ||
	       report_stop_locked(child, request->options, result);
}

/* As look_at_child_locked(), for the first that has something to report. */
static int look_at_all_locked(const struct wait_request *request,
			      struct wait_result *result)
{
	struct process *child;
	int ret = -ECHILD;

	TAILQ_FOREACH (child, &current->process->children, sibling) {
		int found = look_at_child_locked(child, request, result);

		if (found > 0)
			return found;
		ret = MAX(ret, found);
	}
	return ret;
}

static int look_at_children(const struct wait_request *request,
			    struct wait_result *result)
{
	struct process *child;
	int ret = -ECHILD;

	spin_lock(&tasklist_lock);
	if (request->which == P_PID) {
		/* One among many is not searched for among all. */
		child = process_find_locked(request->id);
		if (child && child->parent == current->process)
			ret = look_at_child_locked(child, request, result);
	} else {
		ret = look_at_all_locked(request, result);
	}
	spin_unlock(&tasklist_lock);
	return ret;
}

int process_wait(const struct wait_request *request, struct wait_result *result)
{
	int found = 0;
	int ret;

	*result = (struct wait_result){ 0 };
	ret = waitq_wait_interruptible(
		&current->process->child_wait,
		found || (found = look_at_children(request, result)) ||
			(request->options & WNOHANG));
	if (found < 0)
		return found;
	if (!found)
		result->pid = 0;
	return ret ? -ERESTARTSYS : 0;
}
