// SPDX-License-Identifier: MIT
/* The alarm of a process; see setitimer(2). */
#pragma once

#include <lib/types.h>

struct process;

struct itimer {
	uint64_t left_ns;     /* 0: not running */
	uint64_t interval_ns; /* 0: once */
};

/* ITIMER_REAL of the current process.  Thread context. */
void itimer_get(struct process *process, struct itimer *value);
void itimer_set(struct process *process, const struct itimer *value,
		struct itimer *old);
