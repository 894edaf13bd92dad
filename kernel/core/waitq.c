// SPDX-License-Identifier: MIT
/*
 * Wait queues.
 *
 * wq->lock guards the list and each waiter's queued flag.  A waker wakes the
 * thread first and takes the waiter off the list after; once it has cleared
 * queued it touches neither again, so a woken thread that sees the flag clear
 * may let both go without taking the lock.
 */
#include <core/waitq.h>

#include <lib/barrier.h>

#include <core/panic.h>

void waitq_init(struct waitq *wq)
{
	spin_init(&wq->lock, LOCK_WAITQ);
	TAILQ_INIT(&wq->list);
}

/* Wake one waiter of a locked queue; true if it counts. */
static bool waiter_wake(struct waitq *wq, struct waiter *waiter, unsigned key)
{
	if (waiter->wake)
		return waiter->wake(waiter, key);

	thread_wake(waiter->thread);
	TAILQ_REMOVE(&wq->list, waiter, link);
	__atomic_store_n(&waiter->queued, false, __ATOMIC_RELEASE);
	return true;
}

static void waitq_wake(struct waitq *wq, unsigned nr_exclusive, unsigned key)
{
	struct waiter *waiter, *next;
	unsigned long flags;

	/*
	 * The condition before the look at the list; pairs with
	 * waitq_prepare().
	 */
	smp_mb();
	if (TAILQ_EMPTY(&wq->list))
		return;

	flags = spin_lock_irqsave(&wq->lock);
	for (waiter = TAILQ_FIRST(&wq->list); waiter; waiter = next) {
		bool exclusive = waiter->exclusive;

		next = TAILQ_NEXT(waiter, link);
		if (waiter_wake(wq, waiter, key) && exclusive &&
		    --nr_exclusive == 0)
			break;
	}
	spin_unlock_irqrestore(&wq->lock, flags);
}

void waitq_wake_one(struct waitq *wq)
{
	waitq_wake(wq, 1, ~0u);
}

void waitq_wake_all(struct waitq *wq)
{
	waitq_wake(wq, 0, ~0u);
}

void waitq_wake_poll(struct waitq *wq, unsigned events)
{
	waitq_wake(wq, 0, events);
}

/* Exclusive waiters stand behind the others, in order of arrival. */
static void waitq_insert(struct waitq *wq, struct waiter *waiter)
{
	waiter->queued = true;
	if (waiter->exclusive)
		TAILQ_INSERT_TAIL(&wq->list, waiter, link);
	else
		TAILQ_INSERT_HEAD(&wq->list, waiter, link);
}

void waitq_add(struct waitq *wq, struct waiter *waiter)
{
	unsigned long flags = spin_lock_irqsave(&wq->lock);

	ASSERT(!waiter->queued);
	waitq_insert(wq, waiter);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void waitq_remove(struct waitq *wq, struct waiter *waiter)
{
	unsigned long flags = spin_lock_irqsave(&wq->lock);

	if (waiter->queued) {
		TAILQ_REMOVE(&wq->list, waiter, link);
		waiter->queued = false;
	}
	spin_unlock_irqrestore(&wq->lock, flags);
}

void waitq_prepare(struct waitq *wq, struct waiter *waiter,
		   enum thread_state state)
{
	unsigned long flags = spin_lock_irqsave(&wq->lock);

	if (!waiter->queued)
		waitq_insert(wq, waiter);
	/* Holds the barrier between the queue and the caller's test. */
	thread_set_state(state);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void waitq_finish(struct waitq *wq, struct waiter *waiter)
{
	__atomic_store_n(&current_thread()->state, THREAD_RUNNABLE,
			 __ATOMIC_RELAXED);
	if (__atomic_load_n(&waiter->queued, __ATOMIC_ACQUIRE))
		waitq_remove(wq, waiter);
}
