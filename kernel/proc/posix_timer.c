// SPDX-License-Identifier: MIT
/*
 * POSIX timers: timer_create(2) and its kin.
 *
 * process->timers_lock is held over every call; the list of timers and what
 * the interrupt changes are guarded by signal_lock, too.  A timer whose last
 * signal still waits counts overruns instead of sending another.
 */
#include <proc/posix_timer.h>

#include <limits.h>

#include <linux/time.h>

#include <core/alloc.h>
#include <core/time.h>
#include <lib/errno.h>
#include <proc/task.h>

#include "proc_internal.h"

/* [I] immutable, [t] timers_lock, [s] signal_lock */
struct posix_timer {
	LIST_ENTRY(posix_timer) link; /* [t and s] */
	int id;                       /* [I] */
	int clock;                    /* [I] */
	int signo;                    /* [I] 0: SIGEV_NONE */
	sigval_t value;               /* [I] */
	struct process *process;      /* [I] whose list it is on */
	struct task *target;          /* [I] one reference; NULL: the process */
	struct timer timer;
	uint64_t interval_ns; /* [s] 0: once */
	bool signalled;       /* [s] its signal has not been taken yet */
	int overrun;          /* [s] expirations since it was sent */
	int last_overrun;     /* [s] of the signal taken last */
};

static void timer_send_locked(struct posix_timer *timer)
{
	struct sigpending *pending = timer->target ? &timer->target->pending
						   : &timer->process->pending;
	siginfo_t info = { .si_errno = 0 };

	if (timer->signo < SIGRTMIN && pending->set & SIG_BIT(timer->signo)) {
		timer->overrun++;
		return;
	}
	info.si_code = SI_TIMER;
	info._sifields._timer._tid = timer->id;
	info._sifields._timer._sigval = timer->value;
	(void)signal_send_locked(timer->process, timer->target, timer->signo,
				 &info);
	/* Ignored ones are gone already. */
	timer->signalled = pending->set & SIG_BIT(timer->signo);
}

/* Go on after earliest_ns; what was due before are overruns. */
static void timer_restart_locked(struct posix_timer *timer,
				 uint64_t earliest_ns)
{
	uint64_t next, skipped;

	if (!timer->interval_ns || timer_is_pending(&timer->timer))
		return;
	next = itimer_forward(timer->timer.expires_ns, timer->interval_ns,
			      earliest_ns, &skipped);
	timer->overrun = (int)MIN(timer->overrun + skipped, (uint64_t)INT_MAX);
	timer_start(&timer->timer, next);
}

static void posix_timer_fire(struct timer *fired)
{
	struct posix_timer *timer =
		container_of(fired, struct posix_timer, timer);
	spinlock_t *lock = &timer->process->signal_lock;
	unsigned long flags = spin_lock_irqsave(lock);

	if (timer->signo)
		timer_send_locked(timer);
	/* Nobody will take that one. */
	if (timer->signo && !timer->signalled)
		timer_restart_locked(timer, time_now_ns() + ITIMER_GRAIN_NS);
	spin_unlock_irqrestore(lock, flags);
}

void posix_timer_taken_locked(struct process *process, siginfo_t *info)
{
	struct posix_timer *timer;

	LIST_FOREACH (timer, &process->timers, link) {
		if (timer->id != info->_sifields._timer._tid)
			continue;
		timer_restart_locked(timer, time_now_ns());
		info->_sifields._timer._overrun = timer->overrun;
		timer->last_overrun = timer->overrun;
		timer->overrun = 0;
		timer->signalled = false;
		return;
	}
}

/* --- Making and removing ------------------------------------------------- */

static bool clock_is_known(int clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC ||
	       clock == CLOCK_BOOTTIME;
}

/* The thread that SIGEV_THREAD_ID names: one of ours. */
static struct task *find_target(int tid)
{
	struct task *task = task_find(tid);

	if (task && task->process != current->process) {
		task_put(task);
		task = NULL;
	}
	return task;
}

static int timer_set_event(struct posix_timer *timer,
			   const struct sigevent *event)
{
	int notify = event->sigev_notify;

	timer->value = event->sigev_value;
	if (notify == SIGEV_NONE)
		return 0;
	if ((notify & ~SIGEV_THREAD_ID) != SIGEV_SIGNAL)
		return -EINVAL;
	if (event->sigev_signo < 1 || event->sigev_signo > NSIG)
		return -EINVAL;
	timer->signo = event->sigev_signo;
	if (notify & SIGEV_THREAD_ID) {
		timer->target = find_target(event->_sigev_un._tid);
		if (!timer->target)
			return -EINVAL;
	}
	return 0;
}

static void timer_link(struct process *process, struct posix_timer *timer)
{
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);

	timer->id = process->next_timer_id++;
	process->nr_timers++;
	LIST_INSERT_HEAD(&process->timers, timer, link);
	spin_unlock_irqrestore(&process->signal_lock, flags);
}

int posix_timer_create(int clock, const struct sigevent *event)
{
	struct process *process = current->process;
	struct posix_timer *timer;
	int ret;

	if (!clock_is_known(clock))
		return -EINVAL;
	timer = kzalloc(sizeof(*timer));
	if (!timer)
		return -ENOMEM;
	timer->clock = clock;
	timer->process = process;
	timer_init(&timer->timer, posix_timer_fire);
	ret = timer_set_event(timer, event);
	if (ret)
		goto err_free;

	mutex_lock(&process->timers_lock);
	if (process->nr_timers >= rlimit_get(RLIMIT_SIGPENDING)) {
		mutex_unlock(&process->timers_lock);
		ret = -EAGAIN;
		goto err_free;
	}
	timer_link(process, timer);
	ret = timer->id;
	mutex_unlock(&process->timers_lock);
	return ret;

err_free:
	if (timer->target)
		task_put(timer->target);
	kfree(timer);
	return ret;
}

static struct posix_timer *timer_find(struct process *process, int id)
{
	struct posix_timer *timer;

	ASSERT(mutex_is_held(&process->timers_lock));
	LIST_FOREACH (timer, &process->timers, link) {
		if (timer->id == id)
			return timer;
	}
	return NULL;
}

/* Stop for good. */
static void timer_halt(struct posix_timer *timer)
{
	spinlock_t *lock = &timer->process->signal_lock;
	unsigned long flags = spin_lock_irqsave(lock);

	timer->interval_ns = 0;
	spin_unlock_irqrestore(lock, flags);
	(void)timer_stop(&timer->timer);
}

static void timer_destroy(struct process *process, struct posix_timer *timer)
{
	unsigned long flags;

	timer_halt(timer);
	flags = spin_lock_irqsave(&process->signal_lock);
	LIST_REMOVE(timer, link);
	process->nr_timers--;
	spin_unlock_irqrestore(&process->signal_lock, flags);
	if (timer->target)
		task_put(timer->target);
	kfree(timer);
}

int posix_timer_delete(int id)
{
	struct process *process = current->process;
	struct posix_timer *timer;

	mutex_lock(&process->timers_lock);
	timer = timer_find(process, id);
	if (timer)
		timer_destroy(process, timer);
	mutex_unlock(&process->timers_lock);
	return timer ? 0 : -EINVAL;
}

void posix_timers_delete_all(struct process *process)
{
	struct posix_timer *timer;

	if (LIST_EMPTY(&process->timers))
		return;
	mutex_lock(&process->timers_lock);
	while ((timer = LIST_FIRST(&process->timers)))
		timer_destroy(process, timer);
	mutex_unlock(&process->timers_lock);
}

/* --- Using ------------------------------------------------------------------ */

/* A timer that repeats goes on counting while its signal waits. */
static uint64_t time_left(const struct posix_timer *timer, uint64_t now)
{
	uint64_t expires = timer->timer.expires_ns;
	uint64_t skipped;

	if (timer->interval_ns && expires <= now)
		expires = itimer_forward(expires, timer->interval_ns, now,
					 &skipped);
	else if (!timer_is_pending(&timer->timer))
		return 0;
	return expires > now ? expires - now : 1;
}

static void timer_read(struct posix_timer *timer, struct itimer *value)
{
	spinlock_t *lock = &timer->process->signal_lock;
	unsigned long flags = spin_lock_irqsave(lock);

	value->interval_ns = timer->interval_ns;
	value->left_ns = time_left(timer, time_now_ns());
	spin_unlock_irqrestore(lock, flags);
}

int posix_timer_get(int id, struct itimer *value)
{
	struct process *process = current->process;
	struct posix_timer *timer;

	mutex_lock(&process->timers_lock);
	timer = timer_find(process, id);
	if (timer)
		timer_read(timer, value);
	mutex_unlock(&process->timers_lock);
	return timer ? 0 : -EINVAL;
}

/* When, on the clock that never jumps. */
static uint64_t expiry_ns(const struct posix_timer *timer, bool absolute,
			  uint64_t ns)
{
	uint64_t now = time_now_ns();
	uint64_t wall;

	if (!absolute)
		return ns < INT64_MAX - now ? now + ns : INT64_MAX;
	if (timer->clock != CLOCK_REALTIME)
		return ns;
	wall = time_wall_ns();
	return ns > wall ? now + (ns - wall) : now;
}

int posix_timer_set(int id, bool absolute, const struct itimer *value,
		    struct itimer *old)
{
	struct process *process = current->process;
	struct posix_timer *timer;
	unsigned long flags;

	mutex_lock(&process->timers_lock);
	timer = timer_find(process, id);
	if (timer) {
		timer_read(timer, old);
		timer_halt(timer);
		flags = spin_lock_irqsave(&process->signal_lock);
		timer->overrun = 0;
		timer->signalled = false;
		timer->interval_ns = value->left_ns ? value->interval_ns : 0;
		spin_unlock_irqrestore(&process->signal_lock, flags);
		if (value->left_ns)
			timer_start(&timer->timer,
				    expiry_ns(timer, absolute, value->left_ns));
	}
	mutex_unlock(&process->timers_lock);
	return timer ? 0 : -EINVAL;
}

int posix_timer_overrun(int id)
{
	struct process *process = current->process;
	struct posix_timer *timer;
	int ret = -EINVAL;

	mutex_lock(&process->timers_lock);
	timer = timer_find(process, id);
	if (timer)
		ret = timer->last_overrun;
	mutex_unlock(&process->timers_lock);
	return ret;
}
