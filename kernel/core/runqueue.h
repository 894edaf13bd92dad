// SPDX-License-Identifier: MIT
/*
 * A hart's run queue: the threads that are ready to run on it.
 *
 * core/thread.c takes the lock and switches; the members of the scheduling
 * class (proc/sched.c) are filled and read by that alone.  The lock of the
 * queue of thread->hart guards a thread's scheduling members, too.
 */
#pragma once

#include <core/lock.h>
#include <core/thread.h>
#include <core/time.h>

RB_HEAD(fair_tree, thread);
TAILQ_HEAD(rt_list, thread);

/* [l] lock, [h] only this hart, interrupts off */
struct run_queue {
	/* irqsave; rank LOCK_RUNQUEUE; with two, lower hart first */
	spinlock_t lock;
	struct thread *prev; /* [l] whom the switch in progress leaves */
	bool prev_leaves;    /* [l] for a hart where it may run */
	/* [l] ready and not running; read without, as a hint */
	unsigned nr_queued;
	struct timer tick; /* [h] */
	bool ticking;      /* [h] */

	/* Of the scheduling class. */
	struct fair_tree fair;    /* [l] by vruntime_ns */
	struct thread *leftmost;  /* [l] first of fair, or NULL */
	uint64_t min_vruntime_ns; /* [l] never goes backwards */
	struct rt_list rt;        /* [l] by falling rt_priority */
};

/*
 * Lock the run queue that thread belongs to, whichever hart that is, and
 * return it.  Context: any; interrupts are off until thread_rq_unlock().
 */
struct run_queue *thread_rq_lock(struct thread *thread, unsigned long *flags);
void thread_rq_unlock(struct run_queue *rq, unsigned long flags);

/* Bit per hart index that has nothing to run; a hint. */
uint64_t idle_harts_mask(void);
