// SPDX-License-Identifier: MIT
/*
 * Stands for kernel/core/lock.h on the host, where threads take turns only
 * where they may sleep: a spinlock that is taken twice, released without being
 * held, or held in sleep, ends the program.
 */
#pragma once

#include <stdlib.h>

#include <lib/types.h>

enum lock_rank {
	LOCK_FILE_POS,
	LOCK_INODE,
	LOCK_INODE_CHILD,
	LOCK_FS_TREE,
	LOCK_FS_GROUP,
	LOCK_BUFFER,
	LOCK_SLEEP_LEAF,
	LOCK_MAPPING,
	LOCK_BLOCK,
	LOCK_WAITQ,
	LOCK_BUFFER_CACHE,
	LOCK_LEAF
};

typedef struct spinlock {
	bool held;
} spinlock_t;

extern int host_spinlocks; /* that are held */

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
	if (lock->held)
		abort();
	lock->held = true;
	host_spinlocks++;
}

static inline void spin_unlock(spinlock_t *lock)
{
	if (!lock->held)
		abort();
	lock->held = false;
	host_spinlocks--;
}

static inline bool spin_is_held(const spinlock_t *lock)
{
	return lock->held;
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
