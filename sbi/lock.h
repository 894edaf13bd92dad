/* SPDX-License-Identifier: MIT */
/*
 * A lock to spin on.  Firmware is never interrupted, so that a holder always
 * goes on; nobody holds two at a time.
 */
#pragma once

#include <lib/atomic.h>
#include <lib/barrier.h>

struct spinlock {
	atomic_t held; /* [a] */
};

static inline bool spin_trylock(struct spinlock *lock)
{
	return !__atomic_exchange_n(&lock->held.v, 1, __ATOMIC_ACQUIRE);
}

static inline void spin_lock(struct spinlock *lock)
{
	while (!spin_trylock(lock)) {
		while (atomic_load(&lock->held))
			cpu_relax();
	}
}

static inline void spin_unlock(struct spinlock *lock)
{
	atomic_store_release(&lock->held, 0);
}
