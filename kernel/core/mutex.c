// SPDX-License-Identifier: MIT
/*
 * Mutexes: one atomic instruction when nobody contends, else a queue.
 *
 * Bit 0 of owner says that the queue may hold waiters.  While it is set, owner
 * changes only under waiters.lock, and the mutex passes straight from the
 * holder to the first in the queue: it is never free in between, so nobody
 * starves.
 */
#include <core/mutex.h>

#include <lib/errno.h>

#include <core/panic.h>

#include "lock_order.h"

#define MUTEX_WAITERS 1ll

static int64_t mutex_self(void)
{
	return (int64_t)(uintptr_t)current_thread();
}

static int64_t mutex_holder(const struct mutex *mutex)
{
	return atomic64_load(&mutex->owner) & ~MUTEX_WAITERS;
}

void mutex_init(struct mutex *mutex, enum lock_rank rank)
{
	*mutex = (struct mutex){ .rank = (uint16_t)rank };
	waitq_init(&mutex->waiters);
}

/* Take it if it is free, else mark it contended.  The queue is locked. */
static bool mutex_take_or_mark(struct mutex *mutex)
{
	int64_t old = atomic64_fetch_or(&mutex->owner, MUTEX_WAITERS);
	bool empty = TAILQ_EMPTY(&mutex->waiters.list);

	if (old & ~MUTEX_WAITERS)
		return false;
	atomic64_store(&mutex->owner,
		       mutex_self() | (empty ? 0 : MUTEX_WAITERS));
	return true;
}

/*
 * Leave the queue; false: the mutex was handed over.  Having held the lock the
 * caller also knows that the former holder is done with it and with mutex.
 */
static bool mutex_leave_queue(struct mutex *mutex, struct waiter *waiter)
{
	struct waitq *wq = &mutex->waiters;
	unsigned long flags = spin_lock_irqsave(&wq->lock);
	bool waiting = waiter->queued;

	if (waiting) {
		TAILQ_REMOVE(&wq->list, waiter, link);
		waiter->queued = false;
		if (TAILQ_EMPTY(&wq->list))
			atomic64_fetch_and(&mutex->owner, ~MUTEX_WAITERS);
	}
	spin_unlock_irqrestore(&wq->lock, flags);
	return waiting;
}

static int mutex_lock_slow(struct mutex *mutex, enum thread_state state)
{
	struct waitq *wq = &mutex->waiters;
	struct waiter waiter = { .thread = current_thread() };
	unsigned long flags = spin_lock_irqsave(&wq->lock);
	int64_t forever = -1;
	int ret = 0;

	if (mutex_take_or_mark(mutex)) {
		spin_unlock_irqrestore(&wq->lock, flags);
		return 0;
	}
	waiter.queued = true;
	TAILQ_INSERT_TAIL(&wq->list, &waiter, link);
	spin_unlock_irqrestore(&wq->lock, flags);

	for (;;) {
		thread_set_state(state);
		if (!__atomic_load_n(&waiter.queued, __ATOMIC_ACQUIRE))
			break;
		ret = thread_sleep(&forever);
		if (ret)
			break;
	}
	thread_set_state(THREAD_RUNNABLE);
	return mutex_leave_queue(mutex, &waiter) ? ret : 0;
}

static int mutex_lock_state(struct mutex *mutex, enum thread_state state)
{
	int64_t expected = 0;
	int ret;

	ASSERT(!mutex_is_held(mutex));
	lock_order_acquire(mutex->rank);
	if (likely(atomic64_cmpxchg(&mutex->owner, &expected, mutex_self())))
		return 0;
	ret = mutex_lock_slow(mutex, state);
	if (ret)
		lock_order_release(mutex->rank);
	return ret;
}

void mutex_lock(struct mutex *mutex)
{
	(void)mutex_lock_state(mutex, THREAD_UNINTERRUPTIBLE);
}

int mutex_lock_interruptible(struct mutex *mutex)
{
	return mutex_lock_state(mutex, THREAD_INTERRUPTIBLE);
}

bool mutex_trylock(struct mutex *mutex)
{
	int64_t expected = 0;

	if (!atomic64_cmpxchg(&mutex->owner, &expected, mutex_self()))
		return false;
	lock_order_acquire_try(mutex->rank);
	return true;
}

static void mutex_unlock_slow(struct mutex *mutex)
{
	struct waitq *wq = &mutex->waiters;
	unsigned long flags = spin_lock_irqsave(&wq->lock);
	struct waiter *first = TAILQ_FIRST(&wq->list);
	int64_t next;

	if (!first) {
		atomic64_store_release(&mutex->owner, 0);
		spin_unlock_irqrestore(&wq->lock, flags);
		return;
	}
	TAILQ_REMOVE(&wq->list, first, link);
	next = (int64_t)(uintptr_t)first->thread;
	if (!TAILQ_EMPTY(&wq->list))
		next |= MUTEX_WAITERS;
	atomic64_store_release(&mutex->owner, next);
	__atomic_store_n(&first->queued, false, __ATOMIC_RELEASE);
	/* It may run already, but waits for wq->lock before it goes on. */
	thread_wake(first->thread);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void mutex_unlock(struct mutex *mutex)
{
	int64_t expected = mutex_self();

	ASSERT(mutex_is_held(mutex));
	lock_order_release(mutex->rank);
	if (unlikely(!atomic64_cmpxchg(&mutex->owner, &expected, 0)))
		mutex_unlock_slow(mutex);
}

bool mutex_is_held(const struct mutex *mutex)
{
	return mutex_holder(mutex) == mutex_self();
}
