// SPDX-License-Identifier: MIT
/* Scheduling policy: which thread runs next, and what users may ask of it. */
#pragma once

#include <lib/types.h>

struct task;
struct thread;

/* Register the scheduling class.  Needs nothing; before thread_init_hart(). */
void sched_init(void);

/* What fork hands on: nice value, policy and affinity. */
void sched_inherit(struct thread *child, const struct thread *parent);

/* Change a thread wherever it is.  Arguments are checked by the caller. */
void sched_set_nice(struct thread *thread, int nice);
void sched_set_policy(struct thread *thread, unsigned policy,
		      unsigned rt_priority);
/* Of SCHED_RR. */
#define SCHED_RR_SLICE_NS 100000000ull
