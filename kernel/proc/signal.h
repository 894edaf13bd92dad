// SPDX-License-Identifier: MIT
/*
 * Signals: pending sets, handlers, delivery.  See signal(7).
 *
 * Sending (signal_send.c) puts a signal into the set of a thread or of its
 * process and wakes somebody who can take it; signals that end the process
 * mark it at once.  Delivery (signal_deliver.c) happens in the receiving
 * thread, on its way to user mode.
 */
#pragma once

#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/signal.h>

#include <sys/queue.h>

#include <core/lock.h>
#include <core/refcount.h>
#include <lib/errno.h>
#include <lib/types.h>

struct process;
struct sigqueue;
struct task;
struct thread;
struct trap_frame;

#define NSIG 64

/* Sets as one word: bit signo - 1. */
#define SIG_BIT(signo)  (1ull << ((signo)-1))
#define SIG_UNBLOCKABLE (SIG_BIT(SIGKILL) | SIG_BIT(SIGSTOP))

/* Signals that wait; standard ones once, real-time ones in order. */
struct sigpending {
	uint64_t set; /* bit signo - 1 */
	/* their siginfo, where there was memory */
	TAILQ_HEAD(, sigqueue) queue;
};

/* What to do about each; shared by CLONE_SIGHAND. */
struct sighand {
	refcount_t refs;
	spinlock_t lock; /* guards action; rank LOCK_SIGHAND; irqsave */
	struct sigaction action[NSIG];
};

/*
 * Send; info NULL: from the kernel.  0, or -EAGAIN (a real-time signal found
 * the queue full).  Any context, signal_lock not held; the caller has a
 * reference.
 */
int signal_send_task(struct task *task, int signo, const siginfo_t *info);
int signal_send_process(struct process *process, int signo,
			const siginfo_t *info);
/* kill(2) with its pid rules and permission checks. */
int signal_kill(int pid, int signo);
/* May the current task send signo to the process?  0, -EPERM. */
int signal_check_permission(struct process *process, int signo);
/* siginfo of kill() and tgkill() by the current task. */
void signal_fill_user_info(siginfo_t *info, int signo, int si_code);
/* A fault of the current thread: cannot be blocked or ignored. */
void signal_force(int signo, int si_code, uintptr_t addr);
/* True if a system call should return -EINTR now. */
bool signal_is_pending(void);
bool signal_is_fatal_pending(void);
/* On the way to user mode; the user_work of struct trap_ops. */
void signal_deliver(struct trap_frame *frame, long syscall_nr);

/* The current task's mask; SIGKILL and SIGSTOP stay out of it. */
void signal_set_blocked(uint64_t blocked);
/* For pselect, ppoll, sigsuspend: until the call is over; kept where a handler
 * runs, undone otherwise. */
void signal_set_blocked_temporarily(uint64_t blocked);
/* After such a call without a signal: the old mask at once. */
void signal_restore_blocked(void);
/* Does the current task block or ignore signo?  (For ttys.) */
bool signal_is_blocked_or_ignored(int signo);

/*
 * Take the first pending signal of set from the current task, or its process.
 * Its number with *info filled, or 0.
 */
int signal_dequeue(uint64_t set, siginfo_t *info);
/*
 * Sleep until a signal of set, blocked or not, is pending and take it, for at
 * most timeout_ns (< 0: for ever).  Its number, -EAGAIN (time is up) or -EINTR.
 */
int signal_wait(uint64_t set, siginfo_t *info, int64_t timeout_ns);
/* All that is pending for the current task and its process. */
uint64_t signal_pending_set(void);
/* sigaction(2), checked; old and new may be NULL. */
void signal_set_action(int signo, const struct sigaction *new_action,
		       struct sigaction *old_action);

/* rt_sigreturn(2): put back what signal_frame_push() saved.  The new a0. */
long signal_frame_pop(struct trap_frame *frame);
