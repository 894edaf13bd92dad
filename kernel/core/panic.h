// SPDX-License-Identifier: MIT
/*
 * The end of the line: panic() and the assertions that lead to it.
 *
 * ASSERT() states what the code relies on; it is checked in debug builds only.
 * BUG_ON() guards what would destroy data and is always checked.  Neither is
 * for input: what a user, a disk or a device can cause is an error return.
 */
#pragma once

#include <lib/types.h>

/*
 * Print what was expected and found, registers and a symbolic backtrace, stop
 * the other harts, then do what the panic= option says (halt, reboot or
 * poweroff with a non-zero status).
 *
 * Context: any, also with locks held and interrupts off.  Does not return.
 */
__noreturn __printf(1, 2) void panic(const char *fmt, ...);

/* The same for an exception in the kernel: registers and chain of the frame. */
struct trap_frame;
__noreturn __printf(2, 3) void panic_frame(const struct trap_frame *frame,
					   const char *fmt, ...);

/* Print the calling chain of the current thread, one function a line. */
void backtrace_print(void);

#define BUG_ON(cond)                                                           \
	do {                                                                   \
		if (unlikely(cond))                                            \
			panic("%s:%d: BUG: %s", __FILE__, __LINE__, #cond);    \
	} while (0)

#if KEEL_DEBUG
#define ASSERT(cond)                                                           \
	do {                                                                   \
		if (unlikely(!(cond)))                                         \
			panic("%s:%d: expected %s", __FILE__, __LINE__,        \
			      #cond);                                          \
	} while (0)
#else
#define ASSERT(cond) ((void)sizeof(cond))
#endif
