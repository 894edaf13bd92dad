/* SPDX-License-Identifier: MIT */
/*
 * Hart states (SBI 3.0, chapter 9): who may change them, and how a hart
 * begins, waits and ends.  ext/hsm.c checks what S-mode asks and calls these.
 *
 *   STOPPED -> HSM_CLAIMED          any hart, by compare and exchange
 *   HSM_CLAIMED -> START_PENDING    the one that claimed it
 *   all others                      the hart itself
 */
#pragma once

#include <lib/types.h>

#include "hart.h"

/* START_PENDING to the outside: the place to start at is being written. */
#define HSM_CLAIMED 0x100

/*
 * Let a stopped hart enter S-mode at addr with a0 = its id and a1 = arg.
 * Returns the state that it was in: SBI_HSM_STOPPED means that it starts.
 */
int hsm_start(struct hart *hart, uint64_t addr, uint64_t arg);

/* Stop this hart until somebody starts it. */
void hsm_stop(void) __noreturn;

/*
 * Sleep until an interrupt that S-mode enabled is pending; the state says
 * SUSPENDED meanwhile.  Traps of M-mode are served.
 */
void hsm_suspend(void);

/* Enter S-mode at addr with nothing remembered. */
void hsm_resume(uint64_t addr, uint64_t arg) __noreturn;

/* Is every hart but this one stopped? */
bool hsm_others_are_stopped(void);

/* What each hart does when it comes from boot.S: get ready and wait. */
void hart_main(void) __noreturn;

/* In boot.S: what harts that have not been let go wait for. */
#define HARTS_WAIT  0
#define HARTS_GO_ON 1
#define HARTS_HALT  (-1) /* never: the machine goes down */
extern int32_t harts_released;

/* In boot.S: forget the stack and go to hart_main(). */
void hart_restart(void) __noreturn;
