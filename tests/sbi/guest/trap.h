/* SPDX-License-Identifier: MIT */
/*
 * Traps in the guest: exceptions are caught where a case expects them, and
 * fail it elsewhere; interrupts are counted in struct hart.
 */
#pragma once

#include "hart.h"

/* Registers x1 to x31 in order, then pc: trap.S. */
struct trap_frame {
	uint64_t x[32];
	uint64_t epc;
};

/* Take traps on this hart from now on. */
void trap_init_hart(struct hart *hart);

/*
 * Call fn(arg).  Returns false where it came back, true where an exception
 * ended it, which *trap then tells.
 */
bool trap_catch(void (*fn)(void *arg), void *arg, struct trap *trap);

/* trap_catch(), with fn in U-mode; ends with an exception in any case. */
void trap_catch_user(void (*fn)(void *arg), void *arg, struct trap *trap);

/* Case code: fails unless fn(arg) ends with this cause and stval. */
bool expect_trap(const char *what, void (*fn)(void *arg), void *arg,
		 uint64_t cause, uint64_t value);

/* Case code: fails if fn(arg) ends with an exception. */
bool expect_no_trap(const char *what, void (*fn)(void *arg), void *arg);

/* Turn interrupts of sie's bits on, and back off. */
void interrupts_enable(uint64_t sie);
void interrupts_disable(uint64_t sie);
