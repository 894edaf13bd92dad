/* SPDX-License-Identifier: MIT */
/*
 * The end of the firmware's own road.
 */
#pragma once

#include <lib/types.h>

#include "hart.h"

/*
 * M-mode trapped, or got an interrupt that nobody asked for: print cause,
 * registers and a backtrace, and reset with failure.
 * Context: any; uses no lock.
 */
void panic_trap(const struct trap_frame *frame) __noreturn;

/* The boot can't go on for that reason: say so and reset with failure. */
void panic_boot(const char *fmt, ...) __printf(1, 2) __noreturn;

/* What must hold does not: say where and reset with failure. */
void panic_assert(const char *what, const char *file, int line) __noreturn;

#define ASSERT(condition)                                                      \
	do {                                                                   \
		if (unlikely(!(condition)))                                    \
			panic_assert(#condition, __FILE__, __LINE__);          \
	} while (0)
