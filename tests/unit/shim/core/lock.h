// SPDX-License-Identifier: MIT
/* Stands for kernel/core/lock.h on the host: there is one thread, so no locks. */
#pragma once

#include <lib/types.h>

enum lock_rank {
	LOCK_MAPPING,
	LOCK_LRU,
	LOCK_SLAB,
	LOCK_PAGES,
	LOCK_WAITQ,
	LOCK_LEAF
};

typedef struct spinlock {
	bool held;
} spinlock_t;

#define SPINLOCK_INIT(rank)                                                    \
	{                                                                      \
		.held = false                                                  \
	}

static inline void spin_init(spinlock_t *lock, enum lock_rank rank)
{
	(void)rank;
	lock->held = false;
}

static inline void spin_lock(spinlock_t *lock)
{
	lock->held = true;
}

static inline void spin_unlock(spinlock_t *lock)
{
	lock->held = false;
}

static inline unsigned long spin_lock_irqsave(spinlock_t *lock)
{
	spin_lock(lock);
	return 0;
}

static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	(void)flags;
	spin_unlock(lock);
}
