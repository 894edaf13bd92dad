// SPDX-License-Identifier: MIT
/* Between entry.S and trap.c. */
#pragma once

#include <arch/layout.h>
#include <arch/trap.h>

extern char trap_entry[], trap_entry_end[]; /* code that runs on a frame */
extern char emergency_stack[EMERGENCY_STACK_SIZE];

/* Called by entry.S.  Interrupts on: trap_user_exception(); else off. */
void trap_interrupt(struct trap_frame *frame);
void trap_user_exception(struct trap_frame *frame);
void trap_kernel_exception(struct trap_frame *frame);
void trap_user_work(struct trap_frame *frame); /* off again on return */

static inline bool
trap_frame_is_on_emergency_stack(const struct trap_frame *frame)
{
	return (uintptr_t)frame >= (uintptr_t)emergency_stack &&
	       (uintptr_t)frame <
		       (uintptr_t)emergency_stack + EMERGENCY_STACK_SIZE;
}
