// SPDX-License-Identifier: MIT
/* The three timers of each process; see setitimer(2). */
#pragma once

#include <lib/types.h>

struct process;
struct thread;

struct itimer {
	uint64_t left_ns;     /* 0: not running */
	uint64_t interval_ns; /* 0: once */
};

/* which: ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF.  Thread context. */
void itimer_get(struct process *process, int which, struct itimer *value);
void itimer_set(struct process *process, int which, const struct itimer *value,
		struct itimer *old);

/*
 * The scheduler's tick hit a user's thread, which ran for ran_ns since the last
 * look: count down ITIMER_PROF and ITIMER_VIRTUAL (in user mode), and
 * check RLIMIT_CPU.  Interrupts off, no lock held.
 */
void itimer_tick(struct thread *thread, uint64_t ran_ns, bool user);
