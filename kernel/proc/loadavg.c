// SPDX-License-Identifier: MIT
/*
 * Load averages: exponentially damped means of the number of threads that run
 * or are ready to run, sampled every five seconds by a timer on the boot hart.
 *
 * Only that timer writes; readers take whole words and may see two of the three
 * from one sample and the third from the next.
 */
#include <proc/loadavg.h>

#include <arch/hart.h>
#include <core/runqueue.h>
#include <core/time.h>

#define SAMPLE_NS (5 * NSEC_PER_SEC)
#define ONE       (1u << LOAD_SHIFT)

static struct timer sample_timer;
static uint32_t averages[3]; /* [timer] fixed point */

/* exp(-5 s / 1, 5 and 15 min): what is left of the old mean at each sample. */
static const uint32_t decay[3] = { 1884, 2014, 2037 };

static uint32_t count_active(void)
{
	struct hart *hart;
	uint32_t active = 0;

	for_each_hart (hart) {
		active += hart->rq->nr_queued;
		active += hart->running != hart->idle;
	}
	return active;
}

static void sample(struct timer *timer)
{
	uint64_t active = (uint64_t)count_active() << LOAD_SHIFT;
	int i;

	for (i = 0; i < 3; i++)
		averages[i] = (averages[i] * (uint64_t)decay[i] +
			       active * (ONE - decay[i])) >>
			      LOAD_SHIFT;
	timer_start(timer, time_now_ns() + SAMPLE_NS);
}

void loadavg_get(uint32_t loads[3])
{
	int i;

	for (i = 0; i < 3; i++)
		loads[i] = averages[i];
}

void loadavg_init(void)
{
	timer_init(&sample_timer, sample);
	timer_start(&sample_timer, time_now_ns() + SAMPLE_NS);
}
