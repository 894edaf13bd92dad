// SPDX-License-Identifier: MIT
/*
 * Work queues: one queue, one kernel thread that empties it in order.
 *
 * queue_lock guards the list, each work's `queued` and which one is running.
 * A work may be queued again from its own function.
 */
#include <core/work.h>

#include <core/lock.h>
#include <core/panic.h>
#include <core/thread.h>
#include <core/waitq.h>

static spinlock_t queue_lock = SPINLOCK_INIT(LOCK_LEAF);
static STAILQ_HEAD(, work) queue = STAILQ_HEAD_INITIALIZER(queue);
static struct work *running; /* [queue_lock] */
static struct waitq work_waiters = WAITQ_INIT(work_waiters);
static struct waitq flush_waiters = WAITQ_INIT(flush_waiters);

void work_init(struct work *work, work_fn *fn)
{
	*work = (struct work){ .fn = fn };
}

bool work_queue(struct work *work)
{
	unsigned long flags = spin_lock_irqsave(&queue_lock);
	bool is_new = !work->queued;

	if (is_new) {
		work->queued = true;
		STAILQ_INSERT_TAIL(&queue, work, link);
	}
	spin_unlock_irqrestore(&queue_lock, flags);
	if (is_new)
		waitq_wake_one(&work_waiters);
	return is_new;
}

static struct work *work_take(void)
{
	unsigned long flags = spin_lock_irqsave(&queue_lock);
	struct work *work = STAILQ_FIRST(&queue);

	if (work) {
		STAILQ_REMOVE_HEAD(&queue, link);
		work->queued = false;
	}
	running = work;
	spin_unlock_irqrestore(&queue_lock, flags);
	return work;
}

static bool work_is_pending(const struct work *work)
{
	unsigned long flags = spin_lock_irqsave(&queue_lock);
	bool pending = work->queued || running == work;

	spin_unlock_irqrestore(&queue_lock, flags);
	return pending;
}

void work_flush(struct work *work)
{
	waitq_wait(&flush_waiters, !work_is_pending(work));
}

static void worker(void *arg)
{
	struct work *work;

	(void)arg;
	for (;;) {
		waitq_wait(&work_waiters, !STAILQ_EMPTY(&queue));
		while ((work = work_take()) != NULL) {
			/* It may free itself: look at it no more. */
			work->fn(work);
			thread_resched_point();
		}
		waitq_wake_all(&flush_waiters);
	}
}

static void delayed_work_fire(struct timer *timer)
{
	work_queue(&container_of(timer, struct delayed_work, timer)->work);
}

void delayed_work_init(struct delayed_work *work, work_fn *fn)
{
	work_init(&work->work, fn);
	timer_init(&work->timer, delayed_work_fire);
}

void delayed_work_queue(struct delayed_work *work, uint64_t delay_ns)
{
	timer_start(&work->timer, time_now_ns() + delay_ns);
}

void work_queue_init(void)
{
	struct thread *thread = thread_create(worker, NULL, "worker");

	if (!thread)
		panic("no memory for the worker thread");
	thread_wake(thread);
}
