// SPDX-License-Identifier: MIT
/*
 * A task and its own signals: handlers, the mask, what is pending.
 *
 * sighand->lock guards the actions, process->signal_lock the masks and sets.
 * The two have the same rank and are never held together.
 */
#include <proc/signal.h>

#include <core/alloc.h>
#include <proc/task.h>

#include "proc_internal.h"

/* --- Handlers -------------------------------------------------------- */

struct sighand *sighand_alloc(void)
{
	struct sighand *sighand = kzalloc(sizeof(*sighand));

	if (!sighand)
		return NULL;
	refcount_set(&sighand->refs, 1);
	spin_init(&sighand->lock, LOCK_SIGHAND);
	return sighand;
}

struct sighand *sighand_get(struct sighand *sighand)
{
	refcount_get(&sighand->refs);
	return sighand;
}

void sighand_put(struct sighand *sighand)
{
	if (refcount_put(&sighand->refs))
		kfree(sighand);
}

void sighand_reset(struct sighand *sighand)
{
	unsigned long flags = spin_lock_irqsave(&sighand->lock);

	for (unsigned i = 0; i < NSIG; i++) {
		struct sigaction *action = &sighand->action[i];
		__sighandler_t handler = action->sa_handler;

		*action = (struct sigaction){
			.sa_handler = handler == SIG_IGN ? SIG_IGN : SIG_DFL,
		};
	}
	spin_unlock_irqrestore(&sighand->lock, flags);
}

/* A signal that is ignored from now on does not stay pending. */
static void drop_ignored(int signo, const struct sigaction *action)
{
	struct process *process = current->process;
	struct task *task;
	siginfo_t info;
	unsigned long flags;
	bool ignored = action->sa_handler == SIG_IGN ||
		       (action->sa_handler == SIG_DFL &&
			(SIG_BIT(signo) & SIG_IGNORED_BY_DEFAULT));

	if (!ignored)
		return;
	flags = spin_lock_irqsave(&process->signal_lock);
	while (sigpending_take(process, &process->pending, SIG_BIT(signo),
			       &info))
		;
	TAILQ_FOREACH (task, &process->threads, thread_link) {
		while (sigpending_take(process, &task->pending, SIG_BIT(signo),
				       &info))
			;
	}
	spin_unlock_irqrestore(&process->signal_lock, flags);
}

void signal_set_action(int signo, const struct sigaction *new_action,
		       struct sigaction *old_action)
{
	struct sighand *sighand = current->process->sighand;
	struct sigaction *action = &sighand->action[signo - 1];
	unsigned long flags = spin_lock_irqsave(&sighand->lock);

	if (old_action)
		*old_action = *action;
	if (new_action) {
		*action = *new_action;
		action->sa_mask.sig[0] &= ~SIG_UNBLOCKABLE;
	}
	spin_unlock_irqrestore(&sighand->lock, flags);
	if (new_action)
		drop_ignored(signo, new_action);
}

bool signal_is_blocked_or_ignored(int signo)
{
	struct task *task = current;

	return (task->blocked.sig[0] & SIG_BIT(signo)) ||
	       task->process->sighand->action[signo - 1].sa_handler == SIG_IGN;
}

/* --- Mask and pending sets ------------------------------------------- */

void signal_recalc_locked(void)
{
	struct task *task = current;
	struct process *process = task->process;
	uint64_t pending = task->pending.set | process->pending.set;

	ASSERT(spin_is_held(&process->signal_lock));
	if ((pending & ~task->blocked.sig[0]) || process->exiting ||
	    process->stopped || process->tell_continued ||
	    task->restore_blocked ||
	    (process->exec_task && process->exec_task != task))
		atomic_fetch_or(&task->thread.flags, THREAD_SIGNAL);
	else
		atomic_fetch_and(&task->thread.flags, ~THREAD_SIGNAL);
}

void signal_set_blocked(uint64_t blocked)
{
	struct task *task = current;
	spinlock_t *lock = &task->process->signal_lock;
	unsigned long flags;

	blocked &= ~SIG_UNBLOCKABLE;
	if (blocked == task->blocked.sig[0])
		return;
	flags = spin_lock_irqsave(lock);
	task->blocked.sig[0] = blocked;
	signal_recalc_locked();
	spin_unlock_irqrestore(lock, flags);
}

void signal_set_blocked_temporarily(uint64_t blocked)
{
	struct task *task = current;

	task->saved_blocked = task->blocked;
	task->restore_blocked = true;
	signal_set_blocked(blocked);
}

void signal_restore_blocked(void)
{
	struct task *task = current;

	if (!task->restore_blocked)
		return;
	task->restore_blocked = false;
	signal_set_blocked(task->saved_blocked.sig[0]);
}

bool signal_is_pending(void)
{
	return atomic_load(&current_thread()->flags) & THREAD_SIGNAL;
}

bool signal_is_fatal_pending(void)
{
	return atomic_load(&current_thread()->flags) & THREAD_KILLED;
}

uint64_t signal_pending_set(void)
{
	struct task *task = current;

	return task->pending.set | task->process->pending.set;
}

int signal_dequeue(uint64_t set, siginfo_t *info)
{
	struct task *task = current;
	struct process *process = task->process;
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);
	int signo = sigpending_take(process, &task->pending, set, info);

	if (!signo)
		signo = sigpending_take(process, &process->pending, set, info);
	signal_recalc_locked();
	spin_unlock_irqrestore(&process->signal_lock, flags);
	return signo;
}

static void signal_set_awaited(uint64_t set)
{
	struct task *task = current;
	spinlock_t *lock = &task->process->signal_lock;
	unsigned long flags = spin_lock_irqsave(lock);

	task->awaited = set;
	signal_recalc_locked();
	spin_unlock_irqrestore(lock, flags);
}

int signal_wait(uint64_t set, siginfo_t *info, int64_t timeout_ns)
{
	int signo, ret = 0;

	/* Senders wake us for these although they may be blocked. */
	signal_set_awaited(set);
	for (;;) {
		/* Takes THREAD_SIGNAL back if it was set for such a one. */
		signo = signal_dequeue(set, info);
		if (signo || ret)
			break;
		thread_set_state(THREAD_INTERRUPTIBLE);
		ret = thread_sleep(&timeout_ns);
	}
	thread_set_state(THREAD_RUNNABLE);
	signal_set_awaited(0);
	if (signo)
		return signo;
	return ret == -ETIMEDOUT ? -EAGAIN : ret;
}
