// SPDX-License-Identifier: MIT
/* Delays on purpose; built into debug kernels only. */
#include <core/inject.h>

#include <core/panic.h>
#include <core/time.h>
#include <lib/atomic.h>

/* Long enough for a thread that waits for this one to run and act. */
#define DELAY_US 2000

static atomic_t switched_on; /* bit per enum inject_point */

void inject_switch(enum inject_point point, bool on)
{
	ASSERT(point < INJECT_POINTS);
	if (on)
		atomic_fetch_or(&switched_on, 1 << point);
	else
		atomic_fetch_and(&switched_on, ~(1 << point));
}

void inject_delay(enum inject_point point)
{
	if (unlikely(atomic_load(&switched_on) & 1 << point))
		sleep_us(DELAY_US);
}
