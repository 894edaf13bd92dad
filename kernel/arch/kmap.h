// SPDX-License-Identifier: MIT
/*
 * The kernel map: virtual addresses for devices and for stacks with guards.
 */
#pragma once

#include <lib/types.h>

/* Map device registers (need not be page-aligned).  NULL: no memory or address
 * space.  Context: thread; may sleep. */
void __iomem *kmap_io(paddr_t pa, size_t size);
void kunmap_io(void __iomem *addr, size_t size);

/*
 * A kernel stack of KERNEL_STACK_SIZE with an unmapped page below; returns its
 * lowest address, 0: no memory.  Freed stacks stay mapped in a per-hart cache,
 * so that most forks and exits touch no page table.
 */
uintptr_t kstack_alloc(void);
void kstack_free(uintptr_t stack);
/* Give cached stacks back; returns pages freed.  For reclaim. */
size_t kstack_shrink(void);
/* Pages that stacks occupy, for /proc/meminfo. */
uint64_t kstack_count(void);
/* True if addr lies in the guard page of some stack: the trap code's overflow message. */
bool kstack_is_guard(uintptr_t addr);
