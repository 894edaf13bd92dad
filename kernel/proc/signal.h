// SPDX-License-Identifier: MIT
/*
 * Signals: pending sets, handlers, delivery.  See signal(7).
 */
#pragma once

#include <asm/siginfo.h>
#include <asm/signal.h>

#include <sys/queue.h>

#include <lib/types.h>

#include <core/lock.h>
#include <core/refcount.h>

struct process;
struct task;
struct trap_frame;

/* Signals that wait; standard ones once, real-time ones in order. */
struct sigpending {
	uint64_t set;                   /* bit signo - 1 */
	TAILQ_HEAD(, sigqueue) queue;   /* with siginfo */
};

/* What to do about each; shared by CLONE_SIGHAND, guarded by its lock. */
struct sighand {
	refcount_t refs;
	spinlock_t lock; /* rank LOCK_SIGHAND */
	struct sigaction action[64];
};

/* Send; info NULL: from the kernel.  0, -EAGAIN (queue limit), -ESRCH.  Any context but NMI. */
int signal_send_task(struct task *task, int signo, const siginfo_t *info);
int signal_send_process(struct process *process, int signo, const siginfo_t *info);
/* kill(2) with its pid rules and permission checks. */
int signal_kill(int pid, int signo);
/* A fault of the current thread: cannot be blocked or ignored. */
void signal_force(int signo, int si_code, uintptr_t addr);
/* True if a system call should return -EINTR now. */
bool signal_is_pending(void);
bool signal_is_fatal_pending(void);
/* On the way to user mode; the user_work of struct trap_ops. */
void signal_deliver(struct trap_frame *frame, long syscall_nr);

/* System calls that are to be restarted return these; delivery turns them into
 * -EINTR or a restart (signal(7), "Interruption of system calls"). */
#define ERESTARTSYS           512 /* if the handler has SA_RESTART */
#define ERESTARTNOINTR        513 /* always */
#define ERESTARTNOHAND        514 /* only when no handler runs */
#define ERESTART_RESTARTBLOCK 516 /* through restart_syscall(2) */
