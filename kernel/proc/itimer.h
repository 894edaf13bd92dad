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

/* How often a signal that is ignored is sent again, at most. */
#define ITIMER_GRAIN_NS 10000000

/*
 * When a timer that expired at expires_ns is next due after now; *skipped is how
 * many times it was due in between.
 */
uint64_t itimer_forward(uint64_t expires_ns, uint64_t interval_ns, uint64_t now,
			uint64_t *skipped);

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
