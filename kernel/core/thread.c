// SPDX-License-Identifier: MIT
/*
 * Threads: sleeping, waking, and switching from one to the next.
 *
 * Every hart has a run queue.  Its lock is held from the moment that
 * schedule() looks at the state of the thread that leaves until the next
 * thread runs on its own stack; so whoever holds the lock of thread->hart's
 * queue and does not find the thread in hart->running knows that it is off its
 * stack and may run anywhere.  That is the whole protocol between a thread that
 * falls asleep and those that wake it:
 *
 *   sleeper: state = asleep; full barrier; test the condition; schedule()
 *   waker:   make the condition true; lock the queue; state = runnable
 *
 * A thread that is woken before it has switched away simply finds itself
 * runnable.  Which thread runs is for the scheduling class (proc/sched.c).
 */
#include <core/thread.h>

#include <lib/barrier.h>
#include <lib/errno.h>

#include <arch/hart.h>
#include <arch/kmap.h>
#include <arch/layout.h>
#include <arch/switch.h>
#include <arch/trap.h>
#include <core/alloc.h>
#include <core/panic.h>
#include <core/runqueue.h>
#include <core/stack_depth.h>

#define TICK_NS (4 * NSEC_PER_MSEC)

#define ASLEEP                                                                 \
	(1u << THREAD_INTERRUPTIBLE | 1u << THREAD_KILLABLE |                  \
	 1u << THREAD_UNINTERRUPTIBLE)

static const struct sched_class *sched_class; /* [I] after boot */
static atomic64_t idle_harts;                 /* bit per hart index */

void sched_class_register(const struct sched_class *ops)
{
	sched_class = ops;
}

uint64_t idle_harts_mask(void)
{
	return atomic64_load(&idle_harts);
}

/* --- Run queues ------------------------------------------------------ */

struct run_queue *thread_rq_lock(struct thread *thread, unsigned long *flags)
{
	for (;;) {
		struct hart *hart =
			__atomic_load_n(&thread->hart, __ATOMIC_RELAXED);
		struct run_queue *rq = hart->rq;

		*flags = spin_lock_irqsave(&rq->lock);
		if (likely(thread->hart == hart))
			return rq;
		spin_unlock_irqrestore(&rq->lock, *flags);
	}
}

void thread_rq_unlock(struct run_queue *rq, unsigned long flags)
{
	spin_unlock_irqrestore(&rq->lock, flags);
}

/*
 * Note that the hart, whose queue is locked, is to call schedule() soon.  The
 * hart to be told by hart_kick() when the lock is free, as the first thing it
 * does is to take that lock; NULL: this one, or it was told already.
 */
static struct hart *hart_resched(struct hart *hart)
{
	int old = atomic_fetch_or(&hart->running->flags, THREAD_NEED_RESCHED);

	return hart != this_hart() && !(old & THREAD_NEED_RESCHED) ? hart
								   : NULL;
}

/*
 * Nobody else tells a hart whose thread is marked, so this follows with
 * interrupts off all the while: no other thread may come in between.
 */
static void hart_kick(struct hart *hart)
{
	ASSERT(!irqs_are_on());
	if (hart)
		hart_send_ipi(hart, IPI_RESCHED);
}

static void rq_unlock_and_kick(struct run_queue *rq, struct hart *kick,
			       unsigned long flags)
{
	spin_unlock(&rq->lock);
	hart_kick(kick);
	irq_restore(flags);
}

/*
 * Put a thread that was asleep into the queue of its hart, which is locked.
 * Whom to kick, as hart_resched() says.
 */
static struct hart *enqueue_woken(struct hart *hart, struct thread *thread)
{
	ASSERT(spin_is_held(&hart->rq->lock));
	sched_class->enqueue(hart, thread, true);
	if (hart->running == hart->idle ||
	    sched_class->should_preempt(hart, hart->running, thread))
		return hart_resched(hart);
	return NULL;
}

/*
 * Queue a thread that is runnable, in no queue and off its stack where it
 * should run.  rq is the locked queue of its hart; returns the one that is
 * locked instead, which may be another, and in *kick whom to tell after that
 * is unlocked.
 */
static struct run_queue *place_thread(struct thread *thread,
				      struct run_queue *rq, struct hart **kick)
{
	struct hart *hart = thread->hart;
	struct hart *target = sched_class->select_hart(thread);

	if (target != hart) {
		/* Nobody else queues it: it is runnable already. */
		sched_class->migrate(thread, hart, target);
		__atomic_store_n(&thread->hart, target, __ATOMIC_RELAXED);
		spin_unlock(&rq->lock);
		rq = target->rq;
		spin_lock(&rq->lock);
	}
	*kick = enqueue_woken(target, thread);
	return rq;
}

/*
 * Make a thread that is in one of the states runnable; its queue is locked.
 * An exchange: a thread that runs changes its own state without the lock, and
 * that it has died meanwhile must not be undone.
 */
static bool become_runnable(struct thread *thread, unsigned states)
{
	int state = __atomic_load_n(&thread->state, __ATOMIC_RELAXED);

	while (1u << state & states) {
		if (__atomic_compare_exchange_n(
			    &thread->state, &state, THREAD_RUNNABLE, false,
			    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return true;
	}
	return false;
}

bool thread_wake_state(struct thread *thread, unsigned states)
{
	struct hart *kick = NULL;
	struct run_queue *rq;
	unsigned long flags;

	/* Pairs with the barrier in thread_set_state(). */
	smp_mb();
	if (!(1u << __atomic_load_n(&thread->state, __ATOMIC_RELAXED) & states))
		return false;

	rq = thread_rq_lock(thread, &flags);
	if (!become_runnable(thread, states)) {
		thread_rq_unlock(rq, flags);
		return false;
	}
	if (thread->hart->running != thread)
		rq = place_thread(thread, rq, &kick);
	rq_unlock_and_kick(rq, kick, flags);
	return true;
}

bool thread_wake(struct thread *thread)
{
	return thread_wake_state(thread, ASLEEP);
}

void thread_kick(struct thread *thread)
{
	struct hart *hart = __atomic_load_n(&thread->hart, __ATOMIC_RELAXED);

	/* If it is not running, it looks at its flags when it comes back. */
	if (thread != current_thread() &&
	    __atomic_load_n(&hart->running, __ATOMIC_RELAXED) == thread)
		hart_send_ipi(hart, IPI_RESCHED);
}

/* --- The switch ------------------------------------------------------ */

static uint64_t charge_running(struct hart *hart, struct thread *thread,
			       uint64_t now)
{
	uint64_t ran = now - thread->run_start_ns;

	thread->run_start_ns = now;
	thread->runtime_ns += ran;
	if (thread != hart->idle)
		sched_class->charge(hart, thread, ran);
	return ran;
}

/* Look for work at the other harts.  Trying locks only keeps the order. */
static struct thread *steal_thread(struct hart *thief)
{
	struct thread *thread = NULL;
	struct hart *victim;

	for_each_hart (victim) {
		struct run_queue *rq = victim->rq;

		if (victim == thief || !rq ||
		    !__atomic_load_n(&rq->nr_queued, __ATOMIC_RELAXED))
			continue;
		if (!spin_trylock(&rq->lock))
			continue;
		thread = sched_class->steal(victim, thief);
		if (thread) {
			sched_class->migrate(thread, victim, thief);
			__atomic_store_n(&thread->hart, thief,
					 __ATOMIC_RELAXED);
		}
		spin_unlock(&rq->lock);
		if (thread)
			break;
	}
	return thread;
}

static struct thread *pick_thread(struct hart *hart)
{
	struct thread *thread = sched_class->pick_next(hart);

	if (!thread && hart_count() > 1)
		thread = steal_thread(hart);
	return thread ? thread : hart->idle;
}

/* The mask tells wakers where to put threads; it changes only around idling. */
static void update_idle_mask(struct hart *hart, struct thread *prev,
			     struct thread *next)
{
	if (next == hart->idle)
		atomic64_fetch_or(&idle_harts, 1ll << hart->index);
	else if (prev == hart->idle)
		atomic64_fetch_and(&idle_harts, ~(1ll << hart->index));
}

static void thread_reap(struct thread *thread)
{
	if (thread->is_user) {
		sched_class->on_dead(thread);
	} else {
		thread_release(thread);
		kfree(thread);
	}
}

static bool may_run_on(const struct thread *thread, const struct hart *hart)
{
	return thread->affinity >> hart->index & 1;
}

/* The other half of a switch, on the new stack; interrupts are off. */
static void finish_switch(void)
{
	struct hart *hart = this_hart();
	struct run_queue *rq = hart->rq;
	struct thread *prev = rq->prev;
	bool dead = prev->state == THREAD_DEAD;
	struct hart *kick = NULL;

	/* It was not queued here as it may not run here any more. */
	if (unlikely(rq->prev_leaves)) {
		rq->prev_leaves = false;
		rq = place_thread(prev, rq, &kick);
	}
	/* From here on prev may run elsewhere, and be gone. */
	spin_unlock(&rq->lock);
	hart_kick(kick);
	rq = hart->rq;
	if (unlikely(dead))
		thread_reap(prev);
	if (!rq->ticking && hart->running != hart->idle) {
		rq->ticking = true;
		timer_start(&rq->tick, time_now_ns() + TICK_NS);
	}
}

void thread_first_run(void)
{
	finish_switch();
	irq_enable();
}

/* Its old hart's queue was locked until it was off: so this must be false. */
static bool runs_elsewhere(const struct thread *thread, const struct hart *self)
{
	const struct hart *hart;

	for_each_hart (hart) {
		if (hart != self &&
		    __atomic_load_n(&hart->running, __ATOMIC_RELAXED) == thread)
			return true;
	}
	return false;
}

static void switch_to(struct hart *hart, struct thread *prev,
		      struct thread *next, uint64_t now)
{
	struct run_queue *rq = hart->rq;

	ASSERT(next == hart->idle || next->hart == hart);
	ASSERT(!runs_elsewhere(next, hart));
	update_idle_mask(hart, prev, next);
	next->run_start_ns = now;
	rq->prev = prev;
	hart->running = next;
	context_switch(prev, next);
	finish_switch();
}

void schedule(void)
{
	unsigned long flags = irq_save();
	struct thread *prev = current_thread();
	struct hart *hart = prev->hart;
	struct run_queue *rq = hart->rq;
	uint64_t now = time_now_ns();
	struct thread *next;

	ASSERT(hart->preempt_count == 0);
	ASSERT(hart->irq_depth == 0);
	stack_depth_check(prev);
	spin_lock(&rq->lock);
	atomic_fetch_and(&prev->flags, ~THREAD_NEED_RESCHED);
	(void)charge_running(hart, prev, now);
	if (prev->state != THREAD_RUNNABLE) {
		prev->nr_voluntary++;
	} else if (prev != hart->idle) {
		prev->nr_preempted++;
		if (likely(may_run_on(prev, hart)))
			sched_class->enqueue(hart, prev, false);
		else
			rq->prev_leaves = true;
	}

	next = pick_thread(hart);
	if (next != prev)
		switch_to(hart, prev, next, now);
	else
		spin_unlock(&rq->lock);
	irq_restore(flags);
}

void thread_yield(void)
{
	struct thread *self = current_thread();
	unsigned long flags;
	struct run_queue *rq = thread_rq_lock(self, &flags);

	sched_class->yield(self->hart, self);
	thread_rq_unlock(rq, flags);
	schedule();
}

void thread_set_affinity(struct thread *thread, uint64_t affinity)
{
	unsigned long flags;
	struct run_queue *rq = thread_rq_lock(thread, &flags);
	struct hart *hart = thread->hart;
	struct hart *kick = NULL;

	thread->affinity = affinity;
	if (!may_run_on(thread, hart)) {
		if (thread->queued) {
			sched_class->dequeue(hart, thread);
			rq = place_thread(thread, rq, &kick);
		} else if (hart->running == thread) {
			kick = hart_resched(hart);
		}
	}
	rq_unlock_and_kick(rq, kick, flags);
	thread_resched_point();
}

void thread_resched_point(void)
{
	if (atomic_load(&current_thread()->flags) & THREAD_NEED_RESCHED)
		schedule();
}

/* --- Sleeping -------------------------------------------------------- */

struct sleep_timer {
	struct timer timer;
	struct thread *thread; /* [I] */
};

static void sleep_timer_fire(struct timer *timer)
{
	thread_wake(container_of(timer, struct sleep_timer, timer)->thread);
}

void thread_set_state(enum thread_state state)
{
	__atomic_store_n(&current_thread()->state, state, __ATOMIC_RELAXED);
	/* Pairs with the barrier in thread_wake_state(). */
	smp_mb();
}

/* Has a signal come that ends a sleep in this state? */
static bool sleep_is_interrupted(struct thread *self, int state)
{
	int flags = atomic_load(&self->flags);

	if (state == THREAD_INTERRUPTIBLE)
		return flags & (THREAD_SIGNAL | THREAD_KILLED);
	return state == THREAD_KILLABLE && (flags & THREAD_KILLED);
}

static void sleep_limited(struct thread *self, int64_t *left_ns)
{
	struct sleep_timer sleep = { .thread = self };
	uint64_t start = time_now_ns();
	uint64_t slept;

	timer_init(&sleep.timer, sleep_timer_fire);
	timer_start(&sleep.timer, start + (uint64_t)*left_ns);
	schedule();
	timer_stop(&sleep.timer);
	slept = time_now_ns() - start;
	*left_ns = slept < (uint64_t)*left_ns ? *left_ns - (int64_t)slept : 0;
}

int thread_sleep(int64_t *left_ns)
{
	struct thread *self = current_thread();
	int state = __atomic_load_n(&self->state, __ATOMIC_RELAXED);

	ASSERT(self != self->hart->idle);
	if (state == THREAD_RUNNABLE)
		return 0;
	if (sleep_is_interrupted(self, state)) {
		thread_set_state(THREAD_RUNNABLE);
		return -EINTR;
	}
	if (*left_ns < 0)
		schedule();
	else if (*left_ns > 0)
		sleep_limited(self, left_ns);

	if (*left_ns == 0) {
		thread_set_state(THREAD_RUNNABLE);
		return -ETIMEDOUT;
	}
	return sleep_is_interrupted(self, state) ? -EINTR : 0;
}

/* --- Birth and death ------------------------------------------------- */

int thread_init(struct thread *thread, void (*entry)(void *arg), void *arg)
{
	unsigned long flags;

	thread->stack = kstack_alloc();
	if (!thread->stack)
		return -ENOMEM;

	thread->kernel_sp = thread->stack + KERNEL_STACK_SIZE;
	thread->state = THREAD_UNINTERRUPTIBLE;
	thread->affinity = UINT64_MAX;
	flags = irq_save();
	thread->hart = this_hart();
	irq_restore(flags);
	stack_depth_begin(thread);
	context_init(thread, entry, arg);
	return 0;
}

void thread_release(struct thread *thread)
{
	stack_depth_end(thread);
	kstack_free(thread->stack);
	thread->stack = 0;
}

/* What a kernel thread is to do, handed over on its own stack's behalf. */
struct kthread_start {
	void (*fn)(void *arg);
	void *arg;
};

static void kthread_entry(void *arg)
{
	struct kthread_start start = *(struct kthread_start *)arg;

	kfree(arg);
	start.fn(start.arg);
	thread_exit();
}

struct thread *thread_create(void (*fn)(void *arg), void *arg, const char *name)
{
	struct kthread_start *start = kzalloc(sizeof(*start));
	struct thread *thread = kzalloc(sizeof(*thread));

	if (!start || !thread)
		goto err_free;

	*start = (struct kthread_start){ .fn = fn, .arg = arg };
	thread->name = name;
	if (thread_init(thread, kthread_entry, start))
		goto err_free;
	return thread;

err_free:
	kfree(thread);
	kfree(start);
	return NULL;
}

void thread_exit(void)
{
	irq_disable();
	current_thread()->state = THREAD_DEAD;
	schedule();
	panic("a dead thread was scheduled");
}

/* --- Tick and idling ------------------------------------------------- */

/* An interrupt from user mode has left its cause in the outermost frame. */
static bool tick_hit_user(const struct thread *running)
{
	return running->is_user && (user_frame()->cause & CAUSE_INTERRUPT);
}

/* Queued threads wait here while others have nothing to do: let them steal. */
static void wake_idle_hart(struct run_queue *rq)
{
	uint64_t idle = idle_harts_mask();

	if (rq->nr_queued && idle)
		hart_send_ipi(hart_by_index((unsigned)__builtin_ctzll(idle)),
			      IPI_RESCHED);
}

static void tick(struct timer *timer)
{
	struct run_queue *rq = container_of(timer, struct run_queue, tick);
	struct hart *hart = this_hart();
	struct thread *running = hart->running;
	bool user = tick_hit_user(running);
	uint64_t now = time_now_ns();
	uint64_t ran;

	if (running == hart->idle) {
		rq->ticking = false;
		return;
	}
	spin_lock(&rq->lock);
	ran = charge_running(hart, running, now);
	if (user)
		running->user_ns += ran;
	if (sched_class->tick(hart, running))
		(void)hart_resched(hart); /* ourselves */
	spin_unlock(&rq->lock);
	if (running->is_user)
		sched_class->account(running, ran, user);
	wake_idle_hart(rq);
	timer_start(timer, now + TICK_NS);
}

void thread_init_hart(void)
{
	struct hart *hart = this_hart();
	struct run_queue *rq = kzalloc(sizeof(*rq));

	ASSERT(sched_class);
	if (!rq)
		panic("no memory for the run queue of hart %u", hart->index);
	spin_init(&rq->lock, LOCK_RUNQUEUE);
	RB_INIT(&rq->fair);
	TAILQ_INIT(&rq->rt);
	timer_init(&rq->tick, tick);
	/* Until they came up the others were idle, too. */
	hart->idle->run_start_ns = hart->index ? 0 : time_now_ns();
	/* Others see the queue only when it is whole. */
	__atomic_store_n(&hart->rq, rq, __ATOMIC_RELEASE);
}

/* Is there anything to steal?  Without locks: a miss is mended by a tick. */
static bool others_have_work(struct hart *self)
{
	struct hart *hart;

	for_each_hart (hart) {
		if (hart != self && hart->rq &&
		    __atomic_load_n(&hart->rq->nr_queued, __ATOMIC_RELAXED))
			return true;
	}
	return false;
}

void thread_idle_loop(void)
{
	struct thread *self = current_thread();
	struct hart *hart = self->hart;

	bool has_looked = hart_count() == 1;

	ASSERT(self == hart->idle);
	atomic64_fetch_or(&idle_harts, 1ll << hart->index);
	for (;;) {
		irq_disable();
		if ((atomic_load(&self->flags) & THREAD_NEED_RESCHED) ||
		    (!has_looked && others_have_work(hart))) {
			schedule();
			/* What is left may not run here: no spinning for it. */
			has_looked = true;
		} else {
			hart_idle();
			has_looked = hart_count() == 1;
		}
		/* What ended the wait is handled here. */
		irq_enable();
	}
}
