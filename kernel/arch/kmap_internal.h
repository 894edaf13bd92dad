// SPDX-License-Identifier: MIT
/* The kernel map, as its two users in arch/ share it. */
#pragma once

#include <arch/layout.h>
#include <core/lock.h>
#include <lib/atomic.h>

/* Stacks have the upper half of the kernel map. */
#define KMAP_STACKS_BASE (KMAP_BASE + KMAP_SIZE / 2)
#define KMAP_STACKS_END  (KMAP_BASE + KMAP_SIZE)

extern spinlock_t kmap_lock; /* irqsave */

/*
 * Changes with each new stack: a hart that has seen another value forgets what
 * it knows about the kernel map before it uses a stack that it did not.
 */
extern atomic_t kstack_generation;

/*
 * Did the hart fault at an address of the kernel map that is valid by now?
 * Then it has forgotten its old knowledge.  Interrupts off.
 */
bool kmap_fault_is_spurious(uintptr_t addr);

/* Hang the map's table into the root.  Before any address space is made. */
void kmap_init(void);
