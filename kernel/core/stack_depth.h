// SPDX-License-Identifier: MIT
/*
 * How deep kernel stacks get, in debug builds: unused stack is painted, and
 * where the paint is gone somebody was.
 */
#pragma once

#include <lib/types.h>

struct thread;

#if KEEL_DEBUG
/* Paint the stack of a thread that has not run. */
void stack_depth_begin(struct thread *thread);
/*
 * Panics if the thread used more than half of its stack.  Release builds have
 * no more, and smaller frames.  Any context.
 */
void stack_depth_check(const struct thread *thread);
/* The thread is gone, its stack not yet: remember the deepest. */
void stack_depth_end(const struct thread *thread);
/* In a panic: this thread's stack, and the deepest of those that ended. */
void stack_depth_print(void);
#else
static inline void stack_depth_begin(struct thread *thread)
{
	(void)thread;
}
static inline void stack_depth_check(const struct thread *thread)
{
	(void)thread;
}
static inline void stack_depth_end(const struct thread *thread)
{
	(void)thread;
}
static inline void stack_depth_print(void)
{
}
#endif
