// SPDX-License-Identifier: MIT
/*
 * Timers: a tree by expiry for each hart, and the hart's clock event for the
 * first of them.
 *
 * A timer is queued on the hart that started it.  Its function runs there in
 * the timer interrupt with the queue unlocked; queue->running tells
 * timer_stop() on another hart to wait.  timer->hart names the queue and
 * changes only under that queue's lock, so whoever locks a queue looks again.
 */
#include <core/time.h>

#include <arch/hart.h>
#include <arch/sbi.h>
#include <core/alloc.h>
#include <core/lock.h>
#include <core/panic.h>
#include <core/thread.h>
#include <lib/barrier.h>
#include <lib/errno.h>

#include "time_internal.h"

RB_HEAD(timer_tree, timer);

struct timer_queue {
	spinlock_t lock;        /* irqsave */
	struct timer_tree tree; /* [lock] by expires_ns */
	struct timer *first;    /* [lock] of the tree, or NULL */
	struct timer *running;  /* [lock to write] whose function is called */
	uint64_t programmed_ns; /* [lock] what the clock event is set to */
};

static struct timer_queue boot_queue = {
	.lock = SPINLOCK_INIT(LOCK_TIMER),
	.programmed_ns = UINT64_MAX,
};

static int timer_compare(const struct timer *a, const struct timer *b)
{
	if (a->expires_ns != b->expires_ns)
		return a->expires_ns < b->expires_ns ? -1 : 1;
	/* Any order will do for equals, but it must be one. */
	return a < b ? -1 : a > b;
}

RB_GENERATE_STATIC(timer_tree, timer, link, timer_compare)

void timer_init(struct timer *timer, timer_fn *fn)
{
	*timer = (struct timer){ .fn = fn };
}

/* Set the clock event for the first timer.  The queue is this hart's. */
static void queue_program_locked(struct timer_queue *queue)
{
	uint64_t first = queue->first ? queue->first->expires_ns : UINT64_MAX;

	if (first == queue->programmed_ns)
		return;
	queue->programmed_ns = first;
	sbi_set_timer(first == UINT64_MAX ? first : time_ns_to_counter(first));
}

static void queue_remove_locked(struct timer_queue *queue, struct timer *timer)
{
	if (queue->first == timer)
		queue->first = RB_NEXT(timer_tree, &queue->tree, timer);
	RB_REMOVE(timer_tree, &queue->tree, timer);
	timer->hart = NULL;
}

/* The queue that holds the timer, locked, or NULL; interrupts are off. */
static struct timer_queue *timer_lock_queue(struct timer *timer)
{
	for (;;) {
		struct hart *hart =
			__atomic_load_n(&timer->hart, __ATOMIC_RELAXED);
		struct timer_queue *queue;

		if (!hart)
			return NULL;
		queue = hart->timers;
		spin_lock(&queue->lock);
		if (likely(timer->hart == hart))
			return queue;
		spin_unlock(&queue->lock);
	}
}

static bool timer_dequeue(struct timer *timer)
{
	struct timer_queue *queue = timer_lock_queue(timer);

	if (!queue)
		return false;
	queue_remove_locked(queue, timer);
	spin_unlock(&queue->lock);
	return true;
}

void timer_start(struct timer *timer, uint64_t expires_ns)
{
	unsigned long flags = irq_save();
	struct hart *hart = this_hart();
	struct timer_queue *queue = hart->timers;

	timer_dequeue(timer);
	spin_lock(&queue->lock);
	timer->expires_ns = expires_ns;
	timer->hart = hart;
	RB_INSERT(timer_tree, &queue->tree, timer);
	if (!queue->first || timer_compare(timer, queue->first) < 0) {
		queue->first = timer;
		/* In the interrupt it is done once, at the end. */
		if (!queue->running)
			queue_program_locked(queue);
	}
	spin_unlock(&queue->lock);
	irq_restore(flags);
}

/* Is its function being called right now on another hart? */
static bool timer_runs_elsewhere(const struct timer *timer)
{
	struct hart *hart;

	for_each_hart (hart) {
		if (hart != this_hart() &&
		    __atomic_load_n(&hart->timers->running, __ATOMIC_ACQUIRE) ==
			    timer)
			return true;
	}
	return false;
}

bool timer_stop(struct timer *timer)
{
	bool was_pending = false;
	unsigned long flags;

	for (;;) {
		bool runs;

		flags = irq_save();
		was_pending |= timer_dequeue(timer);
		/* Pairs with the lock under which running is set. */
		smp_mb();
		runs = timer_runs_elsewhere(timer);
		irq_restore(flags);
		/* The function may have started it again: look once more. */
		if (!runs && !timer_is_pending(timer))
			return was_pending;
		cpu_relax();
	}
}

bool timer_is_pending(const struct timer *timer)
{
	return __atomic_load_n(&timer->hart, __ATOMIC_RELAXED) != NULL;
}

/* The first timer that is due, taken out and marked as running, or NULL. */
static struct timer *queue_take_due(struct timer_queue *queue, uint64_t now)
{
	struct timer *timer;

	spin_lock(&queue->lock);
	timer = queue->first;
	if (timer && timer->expires_ns <= now) {
		/* Marked first: a stopper sees it pending or running. */
		__atomic_store_n(&queue->running, timer, __ATOMIC_RELAXED);
		smp_wmb();
		queue_remove_locked(queue, timer);
	} else {
		timer = NULL;
		queue->programmed_ns = 0;
		queue_program_locked(queue);
		__atomic_store_n(&queue->running, NULL, __ATOMIC_RELEASE);
	}
	spin_unlock(&queue->lock);
	return timer;
}

void timer_interrupt(void)
{
	struct timer_queue *queue = this_hart()->timers;
	uint64_t now = time_now_ns();
	struct timer *timer;

	while ((timer = queue_take_due(queue, now)) != NULL) {
		timer->fn(timer);
		/* timer may be gone; nobody waits for it longer than that. */
		__atomic_store_n(&queue->running, NULL, __ATOMIC_RELEASE);
	}
}

void time_init_hart(void)
{
	struct hart *hart = this_hart();

	if (hart->index == 0) {
		hart->timers = &boot_queue;
	} else {
		hart->timers = kzalloc(sizeof(*hart->timers));
		if (!hart->timers)
			panic("no memory for the timers of hart %u",
			      hart->index);
		spin_init(&hart->timers->lock, LOCK_TIMER);
	}
	hart->timers->programmed_ns = UINT64_MAX;
	sbi_set_timer(UINT64_MAX);
}

void sleep_us(uint64_t us)
{
	int64_t left_ns = (int64_t)(us * NSEC_PER_USEC);

	thread_set_state(THREAD_UNINTERRUPTIBLE);
	while (thread_sleep(&left_ns) != -ETIMEDOUT)
		thread_set_state(THREAD_UNINTERRUPTIBLE);
}
