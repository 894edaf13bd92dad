// SPDX-License-Identifier: MIT
/*
 * The alarm of each process: ITIMER_REAL of setitimer(2), alarm(2).
 *
 * The timer runs in interrupts; signal_lock guards the interval.
 */
#include <proc/itimer.h>

#include <core/time.h>
#include <proc/task.h>

#include "proc_internal.h"

static void itimer_fire(struct timer *timer)
{
	struct process *process =
		container_of(timer, struct process, itimer_real);
	uint64_t interval = __atomic_load_n(&process->itimer_real_interval_ns,
					    __ATOMIC_RELAXED);

	(void)signal_send_process(process, SIGALRM, NULL);
	if (interval)
		timer_start(timer, timer->expires_ns + interval);
}

void itimer_init(struct process *process)
{
	timer_init(&process->itimer_real, itimer_fire);
}

void itimer_stop(struct process *process)
{
	__atomic_store_n(&process->itimer_real_interval_ns, 0,
			 __ATOMIC_RELAXED);
	(void)timer_stop(&process->itimer_real);
}

void itimer_get(struct process *process, struct itimer *value)
{
	uint64_t now = time_now_ns();
	uint64_t expires = process->itimer_real.expires_ns;

	value->interval_ns = process->itimer_real_interval_ns;
	value->left_ns = 0;
	if (timer_is_pending(&process->itimer_real))
		value->left_ns = expires > now ? expires - now : 1;
}

void itimer_set(struct process *process, const struct itimer *value,
		struct itimer *old)
{
	itimer_get(process, old);
	itimer_stop(process);
	if (!value->left_ns)
		return;
	__atomic_store_n(&process->itimer_real_interval_ns, value->interval_ns,
			 __ATOMIC_RELAXED);
	timer_start(&process->itimer_real, time_now_ns() + value->left_ns);
}
