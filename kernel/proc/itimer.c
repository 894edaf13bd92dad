// SPDX-License-Identifier: MIT
/*
 * The three timers of each process, setitimer(2), and RLIMIT_CPU.
 *
 * ITIMER_REAL is a timer that runs in interrupts.  The other two count CPU time
 * and are moved on by the tick, so their grain is the tick's.  signal_lock
 * guards all values.
 */
#include <proc/itimer.h>

#include <linux/time.h>

#include <core/time.h>
#include <proc/task.h>

#include "proc_internal.h"

uint64_t itimer_forward(uint64_t expires_ns, uint64_t interval_ns, uint64_t now,
			uint64_t *skipped)
{
	*skipped = now > expires_ns ? (now - expires_ns) / interval_ns : 0;
	return expires_ns + (*skipped + 1) * interval_ns;
}

static void restart_locked(struct process *process, uint64_t earliest_ns)
{
	struct timer *timer = &process->itimer_real;
	uint64_t interval = process->itimer_real_interval_ns;
	uint64_t skipped;

	if (interval && !timer_is_pending(timer))
		timer_start(timer, itimer_forward(timer->expires_ns, interval,
						  earliest_ns, &skipped));
}

void itimer_taken_locked(struct process *process)
{
	restart_locked(process, time_now_ns());
}

/*
 * An interval goes on when the signal is taken, so that the shortest of them
 * cannot keep the hart in interrupts.  A signal that nobody will take, being
 * ignored, comes no more often than ITIMER_GRAIN_NS.
 */
static void itimer_fire(struct timer *timer)
{
	struct process *process =
		container_of(timer, struct process, itimer_real);
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);

	(void)signal_send_locked(process, NULL, SIGALRM, NULL);
	if (!(process->pending.set & SIG_BIT(SIGALRM)))
		restart_locked(process, time_now_ns() + ITIMER_GRAIN_NS);
	spin_unlock_irqrestore(&process->signal_lock, flags);
}

void itimer_init(struct process *process)
{
	timer_init(&process->itimer_real, itimer_fire);
}

void itimer_stop(struct process *process)
{
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);

	process->itimer_real_interval_ns = 0;
	spin_unlock_irqrestore(&process->signal_lock, flags);
	(void)timer_stop(&process->itimer_real);
}

/* --- ITIMER_REAL ------------------------------------------------------------ */

/* As Linux does, nothing is left while the signal of an interval waits. */
static void real_get(struct process *process, struct itimer *value)
{
	uint64_t now = time_now_ns();
	uint64_t expires = process->itimer_real.expires_ns;

	value->interval_ns = process->itimer_real_interval_ns;
	value->left_ns = 0;
	if (timer_is_pending(&process->itimer_real))
		value->left_ns = expires > now ? expires - now : 1;
}

static void real_set(struct process *process, const struct itimer *value,
		     struct itimer *old)
{
	unsigned long flags;

	real_get(process, old);
	itimer_stop(process);
	if (!value->left_ns)
		return;
	flags = spin_lock_irqsave(&process->signal_lock);
	process->itimer_real_interval_ns = value->interval_ns;
	timer_start(&process->itimer_real, time_now_ns() + value->left_ns);
	spin_unlock_irqrestore(&process->signal_lock, flags);
}

/* --- CPU time ---------------------------------------------------------------- */

static struct itimer *cpu_itimer(struct process *process, int which)
{
	return which == ITIMER_PROF ? &process->itimer_prof
				    : &process->itimer_virtual;
}

void itimer_get(struct process *process, int which, struct itimer *value)
{
	unsigned long flags;

	if (which == ITIMER_REAL) {
		real_get(process, value);
		return;
	}
	flags = spin_lock_irqsave(&process->signal_lock);
	*value = *cpu_itimer(process, which);
	spin_unlock_irqrestore(&process->signal_lock, flags);
}

void itimer_set(struct process *process, int which, const struct itimer *value,
		struct itimer *old)
{
	unsigned long flags;

	if (which == ITIMER_REAL) {
		real_set(process, value, old);
		return;
	}
	flags = spin_lock_irqsave(&process->signal_lock);
	*old = *cpu_itimer(process, which);
	*cpu_itimer(process, which) = *value;
	spin_unlock_irqrestore(&process->signal_lock, flags);
}

static void count_down_locked(struct process *process, struct itimer *timer,
			      uint64_t ran_ns, int signo)
{
	if (!timer->left_ns)
		return;
	if (ran_ns < timer->left_ns) {
		timer->left_ns -= ran_ns;
		return;
	}
	timer->left_ns = timer->interval_ns;
	(void)signal_send_locked(process, NULL, signo, NULL);
}

/* SIGXCPU each second from the soft limit on, SIGKILL at the hard one. */
static void check_cpu_limit_locked(struct process *process, uint64_t ran_ns)
{
	const struct limit *limit = &process->limits.of[RLIMIT_CPU];
	uint64_t seconds;

	if (limit->soft == RLIM_INFINITY && limit->hard == RLIM_INFINITY)
		return;
	process->limited_cpu_ns += ran_ns;
	seconds = process->limited_cpu_ns / NSEC_PER_SEC;
	if (seconds >= limit->hard)
		(void)signal_send_locked(process, NULL, SIGKILL, NULL);
	else if (seconds >= limit->soft &&
		 process->limited_cpu_ns % NSEC_PER_SEC < ran_ns)
		(void)signal_send_locked(process, NULL, SIGXCPU, NULL);
}

void itimer_tick(struct thread *thread, uint64_t ran_ns, bool user)
{
	struct process *process = task_of_thread(thread)->process;
	unsigned long flags = spin_lock_irqsave(&process->signal_lock);

	count_down_locked(process, &process->itimer_prof, ran_ns, SIGPROF);
	if (user)
		count_down_locked(process, &process->itimer_virtual, ran_ns,
				  SIGVTALRM);
	check_cpu_limit_locked(process, ran_ns);
	spin_unlock_irqrestore(&process->signal_lock, flags);
}
