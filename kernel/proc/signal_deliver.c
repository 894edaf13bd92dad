// SPDX-License-Identifier: MIT
/*
 * Delivery of signals, on the way to user mode: run a handler, stop, or end;
 * and what becomes of the system call that a signal interrupted.
 *
 * Lower parts return -EINTR from an interrupted sleep and do not care whose
 * call it was.  Which calls start again by themselves after a handler with
 * SA_RESTART, or when no handler runs, is the table of signal(7),
 * "Interruption of system calls and library functions", kept here.
 */
#include <proc/signal.h>

#include <asm/unistd.h>

#include <arch/trap.h>
#include <core/inject.h>
#include <core/panic.h>
#include <core/printk.h>
#include <core/thread.h>
#include <proc/task.h>

#include "proc_internal.h"

/* Never restarted by themselves once a handler has run; else they are. */
static bool syscall_restarts_without_handler(long nr)
{
	switch (nr) {
	case __NR_ppoll:
	case __NR_pselect6:
	case __NR_epoll_pwait:
	case __NR_epoll_pwait2:
	case __NR_rt_sigsuspend:
	case __NR_semtimedop:
	case __NR_semop:
	case __NR_msgsnd:
	case __NR_msgrcv:
		return true;
	default:
		return false;
	}
}

/* Those return -EINTR whatever interrupted them. */
static bool syscall_never_restarts(long nr)
{
	switch (nr) {
	case __NR_rt_sigtimedwait:
	case __NR_nanosleep:
	case __NR_clock_nanosleep:
	case __NR_io_getevents:
	case __NR_close:
	case __NR_dup3:
		return true;
	default:
		return false;
	}
}

/*
 * -EINTR from below means one of the ERESTART numbers, depending on the call.
 */
static long restart_code(long nr, long result)
{
	if (result != -EINTR || syscall_never_restarts(nr))
		return result;
	return syscall_restarts_without_handler(nr) ? -ERESTARTNOHAND
						    : -ERESTARTSYS;
}

static void restart_syscall(struct trap_frame *frame)
{
	frame->a0 = frame->orig_a0;
	frame->pc -= 4; /* back to the ecall */
}

/* Before a handler runs. */
static void fix_result_for_handler(struct trap_frame *frame, long nr,
				   const struct sigaction *action)
{
	switch (restart_code(nr, (long)frame->a0)) {
	case -ERESTARTNOHAND:
	case -ERESTART_RESTARTBLOCK:
		frame->a0 = (unsigned long)-EINTR;
		break;
	case -ERESTARTSYS:
		if (action->sa_flags & SA_RESTART)
			restart_syscall(frame);
		else
			frame->a0 = (unsigned long)-EINTR;
		break;
	case -ERESTARTNOINTR:
		restart_syscall(frame);
		break;
	}
}

/* No handler runs. */
static void fix_result(struct trap_frame *frame, long nr)
{
	switch (restart_code(nr, (long)frame->a0)) {
	case -ERESTARTNOHAND:
	case -ERESTARTSYS:
	case -ERESTARTNOINTR:
		restart_syscall(frame);
		break;
	case -ERESTART_RESTARTBLOCK:
		restart_syscall(frame);
		frame->a7 = __NR_restart_syscall;
		break;
	}
}

/* --- Stopping -------------------------------------------------------- */

/* Take part in the stop of the process until it goes on or ends. */
static void stop_here(struct process *process)
{
	for (;;) {
		thread_set_state(THREAD_STOPPED);
		if (!process->stopped || process->exiting)
			break;
		schedule();
	}
	thread_set_state(THREAD_RUNNABLE);
}

/* A stop signal was taken: all threads stop; the parent is told. */
static void start_stop(struct process *process, int signo)
{
	struct task *task;
	unsigned long flags;
	bool stop;

	inject_delay(INJECT_STOP);
	spin_lock(&tasklist_lock);
	/* POSIX: terminal stops mean nothing where nobody could continue it. */
	if (signo != SIGSTOP && pgrp_is_orphaned_locked(process->pgid, NULL)) {
		spin_unlock(&tasklist_lock);
		return;
	}
	flags = spin_lock_irqsave(&process->signal_lock);
	/* SIGCONT or the end may have come since the signal was taken. */
	stop = process->stop_taken && !process->exiting;
	if (stop) {
		process->stop_taken = false;
		process->stopped = true;
		process->stop_code = signo;
		process->continued = false;
		TAILQ_FOREACH (task, &process->threads, thread_link) {
			atomic_fetch_or(&task->thread.flags, THREAD_SIGNAL);
			if (!thread_wake_state(&task->thread,
					       1u << THREAD_INTERRUPTIBLE))
				thread_kick(&task->thread);
		}
	}
	spin_unlock_irqrestore(&process->signal_lock, flags);
	if (stop)
		(void)signal_parent_locked(process, CLD_STOPPED, signo);
	spin_unlock(&tasklist_lock);
}

static void tell_continued(struct process *process)
{
	spin_lock(&tasklist_lock);
	(void)signal_parent_locked(process, CLD_CONTINUED, SIGCONT);
	spin_unlock(&tasklist_lock);
}

/* --- Delivery -------------------------------------------------------- */

static bool signal_stops(int signo)
{
	return SIG_BIT(signo) & SIG_STOPS;
}

/* What one look at the state of the process says is to be done. */
enum delivery {
	DELIVER_NOTHING,
	DELIVER_EXIT,
	DELIVER_THREAD_EXIT,
	DELIVER_STOP,
	DELIVER_TELL_CONTINUED,
	DELIVER_SIGNAL
};

static enum delivery next_delivery(struct task *task, siginfo_t *info)
{
	struct process *process = task->process;
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);
	uint64_t set = ~task->blocked.sig[0];
	enum delivery what = DELIVER_NOTHING;

	if (process->exiting) {
		what = DELIVER_EXIT;
	} else if (process->exec_task && process->exec_task != task) {
		what = DELIVER_THREAD_EXIT;
	} else if (process->stopped) {
		what = DELIVER_STOP;
	} else if (process->tell_continued) {
		process->tell_continued = false;
		what = DELIVER_TELL_CONTINUED;
	} else if (sigpending_take(process, &task->pending, set, info) ||
		   sigpending_take(process, &process->pending, set, info)) {
		what = DELIVER_SIGNAL;
		if (signal_stops(info->si_signo))
			process->stop_taken = true;
	} else {
		signal_recalc_locked();
	}
	spin_unlock_irqrestore(&process->signal_lock, flags);
	return what;
}

/* Copy the action; a one-shot handler is gone with it. */
static struct sigaction take_action(struct sighand *sighand, int signo)
{
	struct sigaction *action = &sighand->action[signo - 1];
	unsigned long flags = spin_lock_irqsave(&sighand->lock);
	struct sigaction copy = *action;

	if ((copy.sa_flags & SA_RESETHAND) && copy.sa_handler != SIG_IGN)
		action->sa_handler = SIG_DFL;
	spin_unlock_irqrestore(&sighand->lock, flags);
	return copy;
}

static void run_handler(struct trap_frame *frame, long nr,
			const struct sigaction *action, const siginfo_t *info)
{
	struct task *task = current;
	int signo = info->si_signo;
	uint64_t old = task->restore_blocked ? task->saved_blocked.sig[0]
					     : task->blocked.sig[0];
	uint64_t blocked = task->blocked.sig[0] | action->sa_mask.sig[0];

	if (nr >= 0)
		fix_result_for_handler(frame, nr, action);
	task->restore_blocked = false;
	if (signal_frame_push(frame, action, info, old)) {
		/* No stack for the handler: it cannot be told. */
		pr_warn("%s[%d]: no stack for the handler of signal %d",
			task->comm, task->pid, signo);
		task_exit_group(SIGSEGV);
	}
	if (!(action->sa_flags & SA_NODEFER))
		blocked |= SIG_BIT(signo);
	signal_set_blocked(blocked);
}

/* The default action; returns for those that do not end the process. */
static void take_default_action(struct process *process, int signo)
{
	if (SIG_BIT(signo) & SIG_IGNORED_BY_DEFAULT)
		return;
	if (process == init_process && signo != SIGSEGV && signo != SIGILL &&
	    signo != SIGBUS)
		return;
	if (signal_stops(signo))
		start_stop(process, signo);
	else
		task_exit_group(signo); /* no core dumps, so without 0x80 */
}

/* True if a handler is to run now. */
static bool deliver_one(struct trap_frame *frame, long nr, siginfo_t *info)
{
	struct process *process = current->process;
	struct sigaction action = take_action(process->sighand, info->si_signo);

	if (action.sa_handler == SIG_IGN)
		return false;
	if (action.sa_handler == SIG_DFL) {
		take_default_action(process, info->si_signo);
		return false;
	}
	run_handler(frame, nr, &action, info);
	return true;
}

void signal_deliver(struct trap_frame *frame, long syscall_nr)
{
	struct task *task = current;
	struct process *process = task->process;
	siginfo_t info;

	for (;;) {
		switch (next_delivery(task, &info)) {
		case DELIVER_EXIT:
			task_exit(process->group_exit_code);
		case DELIVER_THREAD_EXIT:
			task_exit(0);
		case DELIVER_STOP:
			stop_here(process);
			break;
		case DELIVER_TELL_CONTINUED:
			tell_continued(process);
			break;
		case DELIVER_SIGNAL:
			if (deliver_one(frame, syscall_nr, &info))
				return;
			break;
		case DELIVER_NOTHING:
			if (syscall_nr >= 0)
				fix_result(frame, syscall_nr);
			/* What that lets through is seen on the way out. */
			signal_restore_blocked();
			return;
		}
	}
}
