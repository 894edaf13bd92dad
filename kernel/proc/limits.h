// SPDX-License-Identifier: MIT
/* Resource limits; see getrlimit(2). */
#pragma once

#include <asm/resource.h>

#include <lib/types.h>

struct limits {
	struct limit {
		uint64_t soft, hard; /* RLIM_INFINITY: none */
	} of[RLIM_NLIMITS];
};

/* What the first process starts with. */
void limits_init(struct limits *limits);
/* The soft limit RLIMIT_* of the current process; for kernel threads: none. */
uint64_t rlimit_get(unsigned resource);
