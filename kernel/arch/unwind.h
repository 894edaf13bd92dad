// SPDX-License-Identifier: MIT
/*
 * Walking up the kernel stack without frame pointers.
 */
#pragma once

#include <lib/types.h>

struct trap_frame;

struct unwind {
	uintptr_t pc;
	uintptr_t sp;
	uintptr_t ra; /* register, if it may still hold the return address */
};

/* Start at the caller, or where a trap came from. */
void unwind_from_here(struct unwind *unwind);
void unwind_from_frame(struct unwind *unwind, const struct trap_frame *frame);

/*
 * One call up.  start is the address where the function around unwind->pc
 * begins.  False at the end of the chain, or where it makes no sense.
 */
bool unwind_next(struct unwind *unwind, uintptr_t start);
