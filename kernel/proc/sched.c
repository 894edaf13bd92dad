// SPDX-License-Identifier: MIT
/*
 * The scheduling class: SCHED_FIFO and SCHED_RR by priority, and below them a
 * fair share for everyone else.
 *
 * Fair threads stand in a tree ordered by virtual run time: time on the hart,
 * divided by the weight of the nice value.  The leftmost runs.  Who sleeps does
 * not save up time without bound: on waking a thread is placed at most half a
 * latency period before the others, which lets it pre-empt those that compute
 * and yet not starve them.  Everything is guarded by the run queue's lock.
 */
#include <proc/sched.h>

#include <linux/sched.h>

#include <arch/hart.h>
#include <core/panic.h>
#include <core/runqueue.h>
#include <core/thread.h>
#include <proc/itimer.h>
#include <proc/task.h>

#include "proc_internal.h"

#define LATENCY_NS     (12 * NSEC_PER_MSEC) /* everybody runs once within */
#define GRANULARITY_NS (2 * NSEC_PER_MSEC)  /* but nobody shorter than this */
#define WAKE_BONUS_NS  (LATENCY_NS / 2)
#define WEIGHT_NICE_0  1024u

/* Each step is a factor of about 1.25, so one step means 10 % of the hart. */
static const uint32_t nice_weights[40] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
	9548,  7620,  6100,  4904,  3906,  3121,  2501,  1991,  1586,  1277,
	1024,  820,   655,   526,   423,   335,   272,   215,   172,   137,
	110,   87,    70,    56,    45,    36,    29,    23,    18,    15,
};

static int thread_compare(const struct thread *a, const struct thread *b)
{
	int64_t diff = (int64_t)(a->vruntime_ns - b->vruntime_ns);

	if (diff)
		return diff < 0 ? -1 : 1;
	return a < b ? -1 : a > b;
}

RB_GENERATE_STATIC(fair_tree, thread, run_link, thread_compare)

static bool thread_is_rt(const struct thread *thread)
{
	return thread->policy == SCHED_FIFO || thread->policy == SCHED_RR;
}

static uint32_t thread_weight(const struct thread *thread)
{
	return nice_weights[thread->nice + 20];
}

static bool may_run_on(const struct thread *thread, const struct hart *hart)
{
	return thread->affinity >> hart->index & 1;
}

/* --- The queues ------------------------------------------------------ */

static void rt_insert(struct run_queue *rq, struct thread *thread, bool front)
{
	struct thread *other;

	TAILQ_FOREACH (other, &rq->rt, run_entry) {
		if (other->rt_priority < thread->rt_priority ||
		    (front && other->rt_priority == thread->rt_priority))
			break;
	}
	if (other)
		TAILQ_INSERT_BEFORE(other, thread, run_entry);
	else
		TAILQ_INSERT_TAIL(&rq->rt, thread, run_entry);
}

/* Behind the clock by no more than the bonus, however long it slept. */
static void place_woken(const struct run_queue *rq, struct thread *thread)
{
	uint64_t earliest = rq->min_vruntime_ns - WAKE_BONUS_NS;

	if ((int64_t)(thread->vruntime_ns - earliest) < 0)
		thread->vruntime_ns = earliest;
}

static void sched_enqueue(struct hart *hart, struct thread *thread, bool wakeup)
{
	struct run_queue *rq = hart->rq;

	ASSERT(!thread->queued);
	thread->queued = true;
	rq->nr_queued++;
	if (thread_is_rt(thread)) {
		rt_insert(rq, thread, false);
		return;
	}
	if (wakeup)
		place_woken(rq, thread);
	RB_INSERT(fair_tree, &rq->fair, thread);
	if (!rq->leftmost || thread_compare(thread, rq->leftmost) < 0)
		rq->leftmost = thread;
}

static void sched_dequeue(struct hart *hart, struct thread *thread)
{
	struct run_queue *rq = hart->rq;

	ASSERT(thread->queued);
	thread->queued = false;
	rq->nr_queued--;
	if (thread_is_rt(thread)) {
		TAILQ_REMOVE(&rq->rt, thread, run_entry);
		return;
	}
	if (rq->leftmost == thread)
		rq->leftmost = RB_NEXT(fair_tree, &rq->fair, thread);
	RB_REMOVE(fair_tree, &rq->fair, thread);
}

static struct thread *sched_pick_next(struct hart *hart)
{
	struct run_queue *rq = hart->rq;
	struct thread *thread = TAILQ_FIRST(&rq->rt);

	if (!thread)
		thread = rq->leftmost;
	if (thread)
		sched_dequeue(hart, thread);
	return thread;
}

/* --- Time ------------------------------------------------------------ */

/* The queue's clock is the least virtual time among those who want to run. */
static void advance_clock(struct run_queue *rq, const struct thread *running)
{
	uint64_t least = running->vruntime_ns;

	if (rq->leftmost && (int64_t)(rq->leftmost->vruntime_ns - least) < 0)
		least = rq->leftmost->vruntime_ns;
	if ((int64_t)(least - rq->min_vruntime_ns) > 0)
		rq->min_vruntime_ns = least;
}

static void sched_charge(struct hart *hart, struct thread *thread,
			 uint64_t ran_ns)
{
	uint32_t weight = thread_weight(thread);

	if (thread_is_rt(thread)) {
		/* the used part of an RR slice */
		thread->vruntime_ns += ran_ns;
		return;
	}
	if (likely(weight == WEIGHT_NICE_0))
		thread->vruntime_ns += ran_ns;
	else
		thread->vruntime_ns += ran_ns * WEIGHT_NICE_0 / weight;
	advance_clock(hart->rq, thread);
}

/* SCHED_RR: the slice is up and somebody of the same priority waits. */
static bool rt_tick(struct run_queue *rq, struct thread *thread)
{
	struct thread *first = TAILQ_FIRST(&rq->rt);

	if (thread->policy != SCHED_RR ||
	    thread->vruntime_ns < SCHED_RR_SLICE_NS)
		return false;
	thread->vruntime_ns = 0;
	return first && first->rt_priority == thread->rt_priority;
}

static bool sched_tick(struct hart *hart, struct thread *thread)
{
	struct run_queue *rq = hart->rq;
	uint64_t ahead;

	if (thread_is_rt(thread))
		return rt_tick(rq, thread);
	if (!TAILQ_EMPTY(&rq->rt))
		return true;
	if (!rq->leftmost)
		return false;
	ahead = thread->vruntime_ns - rq->leftmost->vruntime_ns;
	return (int64_t)ahead > (int64_t)GRANULARITY_NS;
}

static bool sched_should_preempt(struct hart *hart, struct thread *running,
				 struct thread *woken)
{
	(void)hart;
	if (thread_is_rt(woken))
		return !thread_is_rt(running) ||
		       woken->rt_priority > running->rt_priority;
	if (thread_is_rt(running))
		return false;
	return (int64_t)(running->vruntime_ns - woken->vruntime_ns) >
	       (int64_t)GRANULARITY_NS;
}

/* Fair threads go behind whoever is first; others behind their equals. */
static void sched_yield_thread(struct hart *hart, struct thread *thread)
{
	struct run_queue *rq = hart->rq;

	if (thread_is_rt(thread) || !rq->leftmost)
		return;
	if ((int64_t)(rq->leftmost->vruntime_ns - thread->vruntime_ns) >= 0)
		thread->vruntime_ns = rq->leftmost->vruntime_ns + 1;
}

/* --- Harts ----------------------------------------------------------- */

/*
 * Where it ran last, if nobody runs there; else any idle hart; else there
 * again, unless it may not.
 */
static struct hart *sched_select_hart(struct thread *thread)
{
	uint64_t allowed = thread->affinity & harts_online();
	uint64_t idle = idle_harts_mask() & allowed;
	uint64_t last = 1ull << thread->hart->index;

	if (likely((allowed & last) && (!idle || (idle & last))))
		return thread->hart;
	if (idle)
		return hart_by_index((unsigned)__builtin_ctzll(idle));
	if (allowed)
		return hart_by_index((unsigned)__builtin_ctzll(allowed));
	return thread->hart;
}

/* The one that would wait longest, among those that may come over. */
static struct thread *sched_steal(struct hart *hart, struct hart *thief)
{
	struct run_queue *rq = hart->rq;
	struct thread *thread;

	TAILQ_FOREACH (thread, &rq->rt, run_entry) {
		if (may_run_on(thread, thief))
			goto found;
	}
	RB_FOREACH (thread, fair_tree, &rq->fair) {
		if (may_run_on(thread, thief))
			goto found;
	}
	return NULL;

found:
	sched_dequeue(hart, thread);
	return thread;
}

/* Virtual times count from each queue's own clock. */
static void sched_migrate(struct thread *thread, struct hart *from,
			  struct hart *to)
{
	if (!thread_is_rt(thread))
		thread->vruntime_ns +=
			to->rq->min_vruntime_ns - from->rq->min_vruntime_ns;
}

static const struct sched_class keel_sched_class = {
	.enqueue = sched_enqueue,
	.dequeue = sched_dequeue,
	.pick_next = sched_pick_next,
	.charge = sched_charge,
	.tick = sched_tick,
	.should_preempt = sched_should_preempt,
	.yield = sched_yield_thread,
	.select_hart = sched_select_hart,
	.steal = sched_steal,
	.migrate = sched_migrate,
	.account = itimer_tick,
	.on_dead = task_dead,
};

void sched_init(void)
{
	sched_class_register(&keel_sched_class);
}

/* --- What users ask for ---------------------------------------------- */

void sched_inherit(struct thread *child, const struct thread *parent)
{
	child->nice = parent->nice;
	child->policy = parent->policy;
	child->rt_priority = parent->rt_priority;
	child->affinity = parent->affinity;
	child->vruntime_ns = thread_is_rt(parent) ? 0 : parent->vruntime_ns;
}

/* Take it out of the queue, change it, put it back. */
static void sched_change(struct thread *thread,
			 void (*change)(struct thread *thread, const void *arg),
			 const void *arg)
{
	unsigned long flags;
	struct run_queue *rq = thread_rq_lock(thread, &flags);
	bool queued = thread->queued;

	if (queued)
		sched_dequeue(thread->hart, thread);
	change(thread, arg);
	if (queued)
		sched_enqueue(thread->hart, thread, false);
	atomic_fetch_or(&thread->hart->running->flags, THREAD_NEED_RESCHED);
	thread_rq_unlock(rq, flags);
	thread_kick(thread);
}

static void change_nice(struct thread *thread, const void *arg)
{
	thread->nice = *(const int8_t *)arg;
}

void sched_set_nice(struct thread *thread, int nice)
{
	int8_t value = (int8_t)nice;

	sched_change(thread, change_nice, &value);
}

struct policy_change {
	uint8_t policy, rt_priority;
};

static void change_policy(struct thread *thread, const void *arg)
{
	const struct policy_change *new_policy = arg;
	bool was_rt = thread_is_rt(thread);

	thread->policy = new_policy->policy;
	thread->rt_priority = new_policy->rt_priority;
	if (was_rt != thread_is_rt(thread))
		thread->vruntime_ns =
			was_rt ? thread->hart->rq->min_vruntime_ns : 0;
}

void sched_set_policy(struct thread *thread, unsigned policy,
		      unsigned rt_priority)
{
	struct policy_change new_policy = {
		.policy = (uint8_t)policy,
		.rt_priority = (uint8_t)rt_priority,
	};

	sched_change(thread, change_policy, &new_policy);
}
