// SPDX-License-Identifier: MIT
/*
 * Reader-writer semaphores.
 *
 * A short spinlock guards a count and a queue.  Readers do not overtake a
 * waiting writer; the one who leaves hands the semaphore to the first in the
 * queue, and to all readers behind it up to the next writer.
 */
#include <core/mutex.h>

#include <core/panic.h>

#include "lock_order.h"

/* On the stack of whoever waits.  [I] immutable, [l] sem->lock */
struct rwsem_waiter {
	TAILQ_ENTRY(rwsem_waiter) link; /* [l] */
	struct thread *thread;          /* [I] */
	bool writer;                    /* [I] */
	bool granted;                   /* [l for setting] holds it now */
};

void rwsem_init(struct rwsem *sem, enum lock_rank rank)
{
	spin_init(&sem->lock, LOCK_WAITQ);
	sem->holders = 0;
	TAILQ_INIT(&sem->waiters);
	sem->rank = (uint16_t)rank;
}

/* Nobody who waits may be overtaken. */
static bool rwsem_try_locked(struct rwsem *sem, bool writer)
{
	ASSERT(spin_is_held(&sem->lock));
	if (!TAILQ_EMPTY(&sem->waiters))
		return false;
	if (writer ? sem->holders != 0 : sem->holders < 0)
		return false;
	sem->holders = writer ? -1 : sem->holders + 1;
	return true;
}

/* Let in who may come in, from the head of the queue. */
static void rwsem_grant_locked(struct rwsem *sem)
{
	struct rwsem_waiter *waiter;

	ASSERT(spin_is_held(&sem->lock));
	while ((waiter = TAILQ_FIRST(&sem->waiters))) {
		if (waiter->writer ? sem->holders != 0 : sem->holders < 0)
			break;
		sem->holders = waiter->writer ? -1 : sem->holders + 1;
		TAILQ_REMOVE(&sem->waiters, waiter, link);
		__atomic_store_n(&waiter->granted, true, __ATOMIC_RELEASE);
		/* It waits for sem->lock before it leaves its stack frame. */
		thread_wake(waiter->thread);
	}
}

/* Queue behind the others and sleep; called with sem->lock held, drops it. */
static void rwsem_wait(struct rwsem *sem, bool writer)
{
	struct rwsem_waiter waiter = {
		.thread = current_thread(),
		.writer = writer,
	};
	int64_t forever = -1;

	TAILQ_INSERT_TAIL(&sem->waiters, &waiter, link);
	spin_unlock(&sem->lock);
	for (;;) {
		thread_set_state(THREAD_UNINTERRUPTIBLE);
		if (__atomic_load_n(&waiter.granted, __ATOMIC_ACQUIRE))
			break;
		(void)thread_sleep(&forever);
	}
	thread_set_state(THREAD_RUNNABLE);
	/* Whoever granted it is done with waiter, once it has left the lock. */
	spin_lock(&sem->lock);
	spin_unlock(&sem->lock);
}

static void rwsem_lock(struct rwsem *sem, bool writer)
{
	lock_order_acquire(sem->rank);
	spin_lock(&sem->lock);
	if (likely(rwsem_try_locked(sem, writer)))
		spin_unlock(&sem->lock);
	else
		rwsem_wait(sem, writer);
}

void rwsem_read_lock(struct rwsem *sem)
{
	rwsem_lock(sem, false);
}

void rwsem_write_lock(struct rwsem *sem)
{
	rwsem_lock(sem, true);
}

bool rwsem_read_trylock(struct rwsem *sem)
{
	bool taken;

	spin_lock(&sem->lock);
	taken = rwsem_try_locked(sem, false);
	spin_unlock(&sem->lock);
	if (taken)
		lock_order_acquire_try(sem->rank);
	return taken;
}

void rwsem_read_unlock(struct rwsem *sem)
{
	lock_order_release(sem->rank);
	spin_lock(&sem->lock);
	ASSERT(sem->holders > 0);
	if (--sem->holders == 0)
		rwsem_grant_locked(sem);
	spin_unlock(&sem->lock);
}

void rwsem_write_unlock(struct rwsem *sem)
{
	lock_order_release(sem->rank);
	spin_lock(&sem->lock);
	ASSERT(sem->holders == -1);
	sem->holders = 0;
	rwsem_grant_locked(sem);
	spin_unlock(&sem->lock);
}

bool rwsem_is_held(const struct rwsem *sem)
{
	return __atomic_load_n(&sem->holders, __ATOMIC_RELAXED) != 0;
}

bool rwsem_is_write_held(const struct rwsem *sem)
{
	return __atomic_load_n(&sem->holders, __ATOMIC_RELAXED) < 0;
}
