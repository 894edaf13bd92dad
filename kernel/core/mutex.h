// SPDX-License-Identifier: MIT
/*
 * Locks whose waiters sleep: a mutex, and a reader-writer semaphore.
 * Both hand over in order of arrival.  Ranks as in core/lock.h.
 */
#pragma once

#include <core/waitq.h>

struct rwsem_waiter;
struct thread;

struct mutex {
	atomic64_t owner; /* struct thread *, bit 0: somebody waits */
	struct waitq waiters;
	uint16_t rank; /* [I] */
};

#define MUTEX_INIT(name, lock_rank)                                            \
	{                                                                      \
		.waiters = WAITQ_INIT((name).waiters), .rank = (lock_rank)     \
	}

void mutex_init(struct mutex *mutex, enum lock_rank rank);
/* Context: thread, interrupts on; may sleep. */
void mutex_lock(struct mutex *mutex);
/* 0, or -EINTR when a signal came first. */
__must_check int mutex_lock_interruptible(struct mutex *mutex);
bool mutex_trylock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);
bool mutex_is_held(const struct mutex *mutex); /* by this thread */

struct rwsem {
	spinlock_t lock; /* guards the rest; rank LOCK_WAITQ */
	int holders;     /* [lock] -1: a writer, n > 0: n readers */
	TAILQ_HEAD(, rwsem_waiter) waiters; /* [lock] */
	uint16_t rank;                      /* [I] */
};

void rwsem_init(struct rwsem *sem, enum lock_rank rank);
/* Context: thread, interrupts on; may sleep. */
void rwsem_read_lock(struct rwsem *sem);
bool rwsem_read_trylock(struct rwsem *sem);
void rwsem_read_unlock(struct rwsem *sem);
void rwsem_write_lock(struct rwsem *sem);
void rwsem_write_unlock(struct rwsem *sem);
bool rwsem_is_held(const struct rwsem *sem); /* by anyone, either way */
bool rwsem_is_write_held(const struct rwsem *sem);
