// SPDX-License-Identifier: MIT
/*
 * Wait queues: threads that sleep until a condition holds.
 *
 * The waker makes the condition true first and wakes after; the waiter enqueues
 * itself first and tests after.  The queue's lock is the barrier between them,
 * so no wake-up is lost.
 */
#pragma once

#include <sys/queue.h>

#include <core/lock.h>
#include <core/thread.h>

struct waiter;

struct waitq {
	spinlock_t lock;                     /* irqsave; rank LOCK_WAITQ */
	TAILQ_HEAD(waitq_head, waiter) list; /* [lock] */
};

/*
 * One place in one queue, usually on the waiter's stack.  wake is called with
 * the queue locked and interrupts off; NULL means "wake the thread".  It
 * returns true when the wake-up counts (for waitq_wake_one()).
 */
struct waiter {
	TAILQ_ENTRY(waiter) link;                          /* [queue's lock] */
	struct thread *thread;                             /* [I] */
	bool (*wake)(struct waiter *waiter, unsigned key); /* [I] or NULL */
	bool exclusive; /* [I] woken one at a time */
	bool queued;    /* [queue's lock] */
};

#define WAITQ_INIT(q)                                                          \
	{                                                                      \
		.lock = SPINLOCK_INIT(LOCK_WAITQ),                             \
		.list = TAILQ_HEAD_INITIALIZER((q).list)                       \
	}

void waitq_init(struct waitq *wq);

/* Wake every non-exclusive waiter and one exclusive one (or all of them).
 * Cheap when nobody waits.  Context: any. */
void waitq_wake_one(struct waitq *wq);
void waitq_wake_all(struct waitq *wq);
/* The same and tell poll-style waiters which events (POLLIN ...) came. */
void waitq_wake_poll(struct waitq *wq, unsigned events);

/* For waiters with a wake function of their own (poll, select, epoll). */
void waitq_add(struct waitq *wq, struct waiter *waiter);
void waitq_remove(struct waitq *wq, struct waiter *waiter);

/* Building blocks of the macros below. */
void waitq_prepare(struct waitq *wq, struct waiter *waiter,
		   enum thread_state state);
void waitq_finish(struct waitq *wq, struct waiter *waiter);

/*
 * Sleep until cond holds.  cond is evaluated without locks, possibly often.
 * timeout_ns < 0 is for ever.
 *
 * Result: 0 cond holds, -EINTR a signal is pending (state THREAD_INTERRUPTIBLE;
 * only a fatal one with THREAD_KILLABLE), -ETIMEDOUT.
 * Context: thread, no spinlock held.
 */
#define waitq_wait_state(wq, cond, state, timeout_ns)                          \
	({                                                                     \
		struct waiter waiter_ = { .thread = current_thread() };        \
		int64_t left_ = (timeout_ns);                                  \
		int ret_ = 0;                                                  \
		if (!(cond)) {                                                 \
			for (;;) {                                             \
				waitq_prepare((wq), &waiter_, (state));        \
				if (cond)                                      \
					break;                                 \
				ret_ = thread_sleep(&left_);                   \
				if (ret_)                                      \
					break;                                 \
			}                                                      \
			waitq_finish((wq), &waiter_);                          \
			if (ret_ && (cond))                                    \
				ret_ = 0;                                      \
		}                                                              \
		ret_;                                                          \
	})

#define waitq_wait(wq, cond)                                                   \
	((void)waitq_wait_state(wq, cond, THREAD_UNINTERRUPTIBLE, -1))
#define waitq_wait_interruptible(wq, cond)                                     \
	waitq_wait_state(wq, cond, THREAD_INTERRUPTIBLE, -1)
#define waitq_wait_killable(wq, cond)                                          \
	waitq_wait_state(wq, cond, THREAD_KILLABLE, -1)
#define waitq_wait_timeout(wq, cond, timeout_ns)                               \
	waitq_wait_state(wq, cond, THREAD_INTERRUPTIBLE, timeout_ns)
