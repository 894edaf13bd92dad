// SPDX-License-Identifier: MIT
/*
 * Signals that users send (kill(2) and its kin) and that their own mistakes
 * cause (exceptions).
 */
#include <proc/signal.h>

#include <linux/capability.h>

#include <arch/trap.h>
#include <core/printk.h>
#include <lib/errno.h>
#include <proc/cred.h>
#include <proc/task.h>

#include "proc_internal.h"

void signal_fill_user_info(siginfo_t *info, int signo, int code)
{
	*info = (siginfo_t){ 0 };
	info->si_signo = signo;
	info->si_code = code;
	info->_sifields._kill._pid = current->process->pid;
	info->_sifields._kill._uid = current_cred()->uid;
}

/* --- kill(2) --------------------------------------------------------- */

static bool cred_may_signal(const struct cred *cred, const struct cred *target)
{
	return cred->euid == target->uid || cred->euid == target->suid ||
	       cred->uid == target->uid || cred->uid == target->suid;
}

static int check_permission_locked(struct process *process, int signo)
{
	const struct process *self = current->process;
	const struct cred *target;
	bool allowed;

	if (capable(CAP_KILL) || process == self)
		return 0;
	if (signo == SIGCONT && process->sid == self->sid)
		return 0;
	target = task_get_cred(process->leader);
	allowed = cred_may_signal(current_cred(), target);
	cred_put(target);
	return allowed ? 0 : -EPERM;
}

int signal_check_permission(struct process *process, int signo)
{
	int ret;

	spin_lock(&tasklist_lock);
	ret = check_permission_locked(process, signo);
	spin_unlock(&tasklist_lock);
	return ret;
}

/*
 * tasklist_lock is not held while the signal is sent: to wake another hart
 * takes long, and everybody who forks, ends or kills would wait for it.
 */
static int kill_one(int pid, int signo, const siginfo_t *info)
{
	struct process *process;
	int ret = -ESRCH;

	spin_lock(&tasklist_lock);
	process = process_find_locked(pid);
	if (process) {
		ret = check_permission_locked(process, signo);
		process_get(process);
	}
	spin_unlock(&tasklist_lock);
	if (!process)
		return ret;

	/* Signal 0 only asks whether it could be sent. */
	if (!ret && signo)
		ret = signal_send(process, NULL, signo, info);
	process_put(process);
	return ret;
}

/* Does kill(pid) with a pid that names several mean this process? */
static bool kill_means(const struct process *process, int pid)
{
	if (pid == -1)
		return process != init_process && process != current->process;
	return process->pgid == (pid ? -pid : current->process->pgid);
}

/*
 * Success if one could be signalled; else what the last one said.  Nobody may
 * fork meanwhile, or the child would escape.
 */
static int kill_many(int pid, int signo, const siginfo_t *info)
{
	struct process *process;
	bool sent = false;
	int ret = -ESRCH;

	spin_lock(&tasklist_lock);
	for_each_process_locked (process) {
		if (!kill_means(process, pid))
			continue;
		ret = check_permission_locked(process, signo);
		if (!ret && signo)
			ret = signal_send(process, NULL, signo, info);
		sent |= ret == 0;
	}
	spin_unlock(&tasklist_lock);
	return sent ? 0 : ret;
}

int signal_kill(int pid, int signo)
{
	siginfo_t info;

	if (signo < 0 || signo > NSIG)
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH; /* its group cannot be named */
	signal_fill_user_info(&info, signo, SI_USER);
	return pid > 0 ? kill_one(pid, signo, &info)
		       : kill_many(pid, signo, &info);
}

/* --- Exceptions ------------------------------------------------------ */

void signal_force(int signo, int code, uintptr_t addr)
{
	struct task *task = current;
	struct sighand *sighand = task->process->sighand;
	struct sigaction *action = &sighand->action[signo - 1];
	bool blocked = task->blocked.sig[0] & SIG_BIT(signo);
	siginfo_t info = { .si_errno = 0 };
	unsigned long flags = spin_lock_irqsave(&sighand->lock);

	/* It happens again at once if it is not taken: then it is the end. */
	if (blocked || action->sa_handler == SIG_IGN)
		action->sa_handler = SIG_DFL;
	spin_unlock_irqrestore(&sighand->lock, flags);
	signal_set_blocked(task->blocked.sig[0] & ~SIG_BIT(signo));

	info.si_signo = signo;
	info.si_code = code;
	info._sifields._sigfault._addr = (void *)addr;
	(void)signal_send_task(task, signo, &info);
}

static const char *exception_name(unsigned long cause)
{
	static const char *const names[] = {
		"instruction address misaligned",
		"instruction access fault",
		"illegal instruction",
		"breakpoint",
		"load address misaligned",
		"load access fault",
		"store address misaligned",
		"store access fault",
		"system call",
		NULL,
		NULL,
		NULL,
		"instruction page fault",
		"load page fault",
		NULL,
		"store page fault",
	};

	if (cause < ARRAY_SIZE(names) && names[cause])
		return names[cause];
	return "exception";
}

void signal_user_exception(struct trap_frame *frame, int signo, int code,
			   uintptr_t addr)
{
	struct task *task = current;
	__sighandler_t handler =
		task->process->sighand->action[signo - 1].sa_handler;

	if (signo == SIGKILL) {
		pr_err("%s[%d]: killed, no memory for address %#lx", task->comm,
		       task->pid, addr);
		task_exit_group(SIGKILL);
	}
	if (handler == SIG_DFL || handler == SIG_IGN ||
	    (task->blocked.sig[0] & SIG_BIT(signo)))
		pr_info("%s[%d]: %s at pc %#lx, address %#lx", task->comm,
			task->pid, exception_name(frame->cause), frame->pc,
			addr);
	signal_force(signo, code, addr);
}
