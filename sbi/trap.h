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
 * What an external interrupt of M-mode calls; nobody enables one before.
 * Context: boot hart.
 */
void trap_set_external_handler(void (*handle)(void));

/* Serve an external interrupt of M-mode that is pending. */
void trap_external(void);

/*
 * Account this hart's time in M-mode from its next trap on: call account(ticks)
 * at the end of each trap, with the ticks of the time CSR that it took.  NULL:
 * no more.  false: the hart has no time CSR.
 */
bool trap_account_time(void (*account)(uint64_t ticks));

/* Do not account what this trap has taken so far: it was a sleep. */
void trap_forget_time(void);

/* Called by trap.S at a trap's end if the hart's exit_work says so. */
void trap_exit_work(void);

/*
 * Let the mode that should have had the trap (HS, or VS if HS delegates it)
 * take it: its handler runs when we leave M-mode, with the instruction at mepc
 * as the one that trapped.  On harts of version 1.9.1 the instruction may be
 * tried again instead: see priv19_resolve_fault().
 * Context: in a trap from a lower mode.
 */
void trap_redirect(struct trap_info *info);

/* In trap.S: leave for mepc in the mode that mstatus says. */
void enter_lower(uint64_t a0, uint64_t a1) __noreturn;
