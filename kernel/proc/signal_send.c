// SPDX-License-Identifier: MIT
/*
 * Sending signals: into the pending set of a thread or a process, and waking
 * who can take them.  signal(7), and POSIX.1, 2.4 (Signal Concepts).
 *
 * process->signal_lock guards both kinds of pending sets, the stop state and
 * the list of threads.  It is taken with interrupts off, as timers send
 * signals.  THREAD_SIGNAL of a thread is set by anybody under the lock and
 * cleared by the thread itself alone, so a sleep that a signal has ended finds
 * it still set on the way to user mode.
 */
#include <proc/signal.h>

#include <string.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <lib/errno.h>
#include <proc/posix_timer.h>
#include <proc/task.h>

#include "proc_internal.h"

/* siginfo of one pending signal. */
struct sigqueue {
	TAILQ_ENTRY(sigqueue) link; /* [signal_lock] */
	siginfo_t info;             /* [I] */
};

void sigpending_init(struct sigpending *pending)
{
	pending->set = 0;
	TAILQ_INIT(&pending->queue);
}

static void sigqueue_free(struct process *process, struct sigpending *pending,
			  struct sigqueue *entry)
{
	TAILQ_REMOVE(&pending->queue, entry, link);
	process->nr_sigqueued--;
	kfree(entry);
}

/* Signals of a set do not wait any more: who waited for that may go on. */
static void taken_locked(struct process *process,
			 const struct sigpending *pending, uint64_t set)
{
	if (set & SIG_BIT(SIGALRM) && pending == &process->pending)
		itimer_taken_locked(process);
}

/* Forget the signals of a set. */
static void sigpending_remove(struct process *process,
			      struct sigpending *pending, uint64_t set)
{
	struct sigqueue *entry, *next;

	if (!(pending->set & set))
		return;
	pending->set &= ~set;
	taken_locked(process, pending, set);
	for (entry = TAILQ_FIRST(&pending->queue); entry; entry = next) {
		next = TAILQ_NEXT(entry, link);
		if (!(SIG_BIT(entry->info.si_signo) & set))
			continue;
		if (entry->info.si_code == SI_TIMER)
			posix_timer_taken_locked(process, &entry->info);
		sigqueue_free(process, pending, entry);
	}
}

void sigpending_flush(struct process *process, struct sigpending *pending)
{
	sigpending_remove(process, pending, UINT64_MAX);
}

/* --- Taking one out -------------------------------------------------- */

/* Faults go first, then by number. */
static int first_signal(uint64_t set)
{
	const uint64_t faults = SIG_BIT(SIGSEGV) | SIG_BIT(SIGBUS) |
				SIG_BIT(SIGILL) | SIG_BIT(SIGTRAP) |
				SIG_BIT(SIGFPE) | SIG_BIT(SIGSYS);

	if (set & faults)
		set &= faults;
	return __builtin_ctzll(set) + 1;
}

int sigpending_take(struct process *process, struct sigpending *pending,
		    uint64_t set, siginfo_t *info)
{
	struct sigqueue *entry, *found = NULL;
	bool more = false;
	int signo;

	set &= pending->set;
	if (!set)
		return 0;
	signo = first_signal(set);
	TAILQ_FOREACH (entry, &pending->queue, link) {
		if (entry->info.si_signo != signo)
			continue;
		more = found != NULL;
		if (more)
			break;
		found = entry;
	}
	if (found) {
		*info = found->info;
		if (info->si_code == SI_TIMER)
			posix_timer_taken_locked(process, info);
		sigqueue_free(process, pending, found);
	} else {
		memset(info, 0, sizeof(*info));
		info->si_signo = signo;
	}
	if (!more) {
		pending->set &= ~SIG_BIT(signo);
		taken_locked(process, pending, SIG_BIT(signo));
	}
	return signo;
}

/* --- Who takes it ---------------------------------------------------- */

static bool task_blocks(const struct task *task, int signo)
{
	return task->blocked.sig[0] & SIG_BIT(signo);
}

/* Nothing will come of it, now or later: do not even queue it.  target is
 * NULL if every thread blocks it. */
static bool signal_is_ignored(const struct process *process,
			      const struct task *target, int signo)
{
	__sighandler_t handler =
		__atomic_load_n(&process->sighand->action[signo - 1].sa_handler,
				__ATOMIC_RELAXED);

	/*
	 * A blocked one waits: the handler may change before it is unblocked.
	 */
	if (!target || task_blocks(target, signo))
		return false;
	if (handler == SIG_IGN)
		return true;
	if (handler != SIG_DFL)
		return false;
	/* Nobody ends or stops init, except by a handler that it set up. */
	return process == init_process ||
	       (SIG_BIT(signo) & SIG_IGNORED_BY_DEFAULT);
}

static bool signal_ends_process(const struct process *process, int signo)
{
	return process->sighand->action[signo - 1].sa_handler == SIG_DFL &&
	       !(SIG_BIT(signo) & (SIG_IGNORED_BY_DEFAULT | SIG_STOPS));
}

/* Let it look at its signals: at once, or as it leaves its sleep. */
static void task_notify(struct task *task, bool fatal)
{
	unsigned states = 1u << THREAD_INTERRUPTIBLE;
	int flags = THREAD_SIGNAL;

	if (fatal) {
		flags |= THREAD_KILLED;
		states |= 1u << THREAD_KILLABLE | 1u << THREAD_STOPPED;
	}
	atomic_fetch_or(&task->thread.flags, flags);
	if (!thread_wake_state(&task->thread, states))
		thread_kick(&task->thread);
}

void process_start_exit_locked(struct process *process, int code)
{
	struct task *task;

	ASSERT(spin_is_held(&process->signal_lock));
	if (process->exiting)
		return;
	process->exiting = true;
	process->stopped = false;
	process->group_exit_code = code;
	TAILQ_FOREACH (task, &process->threads, thread_link)
		task_notify(task, true);
}

/* The thread that is to take a signal; NULL: all block it. */
static struct task *choose_target(struct process *process, int signo)
{
	struct task *task;

	TAILQ_FOREACH (task, &process->threads, thread_link) {
		if (!task->exiting && !task_blocks(task, signo))
			return task;
	}
	return NULL;
}

/* A thread in sigtimedwait(2), which takes signals that it blocks. */
static struct task *find_waiter(struct process *process, struct task *target,
				int signo)
{
	struct task *task;

	TAILQ_FOREACH (task, &process->threads, thread_link) {
		if ((task->awaited & SIG_BIT(signo)) &&
		    (!target || task == target))
			return task;
	}
	return NULL;
}

/* --- Stopping and going on ------------------------------------------- */

static void remove_from_all(struct process *process, uint64_t set)
{
	struct task *task;

	sigpending_remove(process, &process->pending, set);
	TAILQ_FOREACH (task, &process->threads, thread_link)
		sigpending_remove(process, &task->pending, set);
}

static void process_continue_locked(struct process *process)
{
	struct task *task;

	if (!process->stopped)
		return;
	process->stopped = false;
	process->stop_code = 0;
	process->continued = true;
	process->tell_continued = true;
	TAILQ_FOREACH (task, &process->threads, thread_link)
		thread_wake_state(&task->thread, 1u << THREAD_STOPPED);
}

/* What happens at sending, whoever takes the signal and whenever. */
static void apply_job_control(struct process *process, int signo)
{
	if (SIG_BIT(signo) & SIG_STOPS) {
		remove_from_all(process, SIG_BIT(SIGCONT));
	} else if (signo == SIGCONT) {
		remove_from_all(process, SIG_STOPS);
		process->stop_taken = false;
		process_continue_locked(process);
	}
}

/* --- Sending --------------------------------------------------------- */

static int sigpending_add(struct process *process, struct sigpending *pending,
			  int signo, const siginfo_t *info)
{
	bool realtime = signo >= SIGRTMIN;
	struct sigqueue *entry = NULL;

	if (!realtime && (pending->set & SIG_BIT(signo)))
		return 0;
	if (process->nr_sigqueued < process->limits.of[RLIMIT_SIGPENDING].soft)
		entry = kmalloc_atomic(sizeof(*entry));
	if (entry) {
		memset(&entry->info, 0, sizeof(entry->info));
		if (info)
			entry->info = *info;
		else
			entry->info.si_code = SI_KERNEL;
		entry->info.si_signo = signo;
		TAILQ_INSERT_TAIL(&pending->queue, entry, link);
		process->nr_sigqueued++;
	} else if (realtime && info && info->si_code < 0) {
		return -EAGAIN; /* sigqueue(3) must not lose its value */
	}
	pending->set |= SIG_BIT(signo);
	return 0;
}

int signal_send_locked(struct process *process, struct task *target, int signo,
		       const siginfo_t *info)
{
	struct sigpending *pending =
		target ? &target->pending : &process->pending;
	struct task *taker, *waiter;
	int ret;

	if (process->exiting || TAILQ_EMPTY(&process->threads) ||
	    (target && target->exiting))
		return 0;
	apply_job_control(process, signo);
	waiter = find_waiter(process, target, signo);
	taker = target ? target : choose_target(process, signo);
	if (!waiter && signal_is_ignored(process, taker, signo))
		return 0;

	ret = sigpending_add(process, pending, signo, info);
	if (ret)
		return ret;
	if (waiter)
		task_notify(waiter, false);
	else if (!taker || task_blocks(taker, signo))
		return 0;
	else if (signo == SIGKILL ||
		 (!process->stopped && signal_ends_process(process, signo)))
		process_start_exit_locked(process, signo);
	else
		task_notify(taker, false);
	return 0;
}

int signal_send(struct process *process, struct task *target, int signo,
		const siginfo_t *info)
{
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);
	int ret = signal_send_locked(process, target, signo, info);

	spin_unlock_irqrestore(&process->signal_lock, flags);
	return ret;
}

int signal_send_task(struct task *task, int signo, const siginfo_t *info)
{
	return signal_send(task->process, task, signo, info);
}

int signal_send_process(struct process *process, int signo,
			const siginfo_t *info)
{
	return signal_send(process, NULL, signo, info);
}
