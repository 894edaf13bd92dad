// SPDX-License-Identifier: MIT
/* The kernel map, as its two users in arch/ share it. */
#pragma once

#include <arch/layout.h>
#include <core/lock.h>

/* Stacks have the upper half of the kernel map. */
#define KMAP_STACKS_BASE (KMAP_BASE + KMAP_SIZE / 2)
#define KMAP_STACKS_END  (KMAP_BASE + KMAP_SIZE)

extern spinlock_t kmap_lock; /* irqsave */

/* Hang the map's table into the root.  Before any address space is made. */
void kmap_init(void);
