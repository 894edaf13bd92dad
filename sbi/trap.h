/* SPDX-License-Identifier: MIT */
/*
 * Traps that reach M-mode.
 */
#pragma once

#include <lib/types.h>

#include "hart.h"

/* A trap as S-mode will see it. */
struct trap_info {
	uint64_t cause;
	uint64_t tval;
	uint64_t tval2; /* guest page faults: htval */
	uint64_t tinst; /* htinst */
};

/* Called by trap.S for interrupts of M-mode. */
void trap_interrupt(uint64_t cause);

/* Called by trap.S for exceptions of lower modes other than SBI calls. */
void trap_exception(struct trap_frame *frame, uint64_t cause);

/*
 * Let the mode that should have had the trap (HS, or VS if HS delegates it)
 * take it: its handler runs when we leave M-mode, with the instruction at mepc
 * as the one that trapped.  Context: in a trap from a lower mode.
 */
void trap_redirect(const struct trap_info *info);

/* In trap.S: leave for mepc in the mode that mstatus says. */
void enter_lower(uint64_t a0, uint64_t a1) __noreturn;
