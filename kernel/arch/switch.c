// SPDX-License-Identifier: MIT
/*
 * Changing threads: what is more than exchanging registers (context_swap() in
 * entry.S).
 */
#include <arch/switch.h>

#include <arch/fp.h>
#include <arch/hart.h>
#include <arch/kmap_internal.h>
#include <arch/pgtable.h>
#include <arch/trap.h>

#include "switch_internal.h"

void context_init(struct thread *thread, void (*entry)(void *arg), void *arg)
{
	thread->context[CONTEXT_RA] = (uintptr_t)context_start;
	thread->context[CONTEXT_SP] = thread->kernel_sp;
	thread->context[CONTEXT_S0] = (uintptr_t)entry;
	thread->context[CONTEXT_S1] = (uintptr_t)arg;
	/* User threads start at the frame: leave room for it. */
	if (thread->is_user)
		thread->context[CONTEXT_SP] -= sizeof(struct trap_frame);
}

/* A stack may have been mapped since this hart last looked at the map. */
static void kstack_sync(struct hart *hart)
{
	int generation = atomic_load_acquire(&kstack_generation);

	if (unlikely(hart->kstack_generation != generation)) {
		hart->kstack_generation = generation;
		tlb_flush_local();
	}
}

void context_switch(struct thread *prev, struct thread *next)
{
	struct hart *hart = this_hart();

	if (prev->is_user)
		fp_switch_out(prev);
	if (next->is_user)
		fp_switch_in(next, hart);
	pgtable_activate(next);
	kstack_sync(hart);
	context_swap(prev, next);
}
