// SPDX-License-Identifier: MIT
/*
 * Time keeping.
 *
 * The `time` counter of the hart (the same on all) is scaled by a 32.32 fixed
 * point factor: exact for rates that divide 10^9, else wrong by less than one
 * part in 10^8.  The wall clock is an offset to the time since boot.
 */
#include <core/time.h>

#include <arch/memory.h>
#include <core/init.h>
#include <core/time_data.h>
#include <lib/atomic.h>
#include <lib/csr.h>
#include <lib/fdt.h>

#include "time_internal.h"

/*
 * The vDSO shows it to processes from a page of its own; until that exists it
 * is here.  Changed once, while one hart runs.
 */
static struct time_data boot_data;
static struct time_data *data = &boot_data;

static uint64_t counter_hz; /* [I] after time_init() */

uint64_t time_counter(void)
{
	return csr_read(CSR_TIME);
}

uint64_t time_counter_hz(void)
{
	return counter_hz;
}

uint64_t time_counter_to_ns(uint64_t ticks)
{
	return (uint64_t)((unsigned __int128)ticks * data->ns_per_tick >> 32);
}

uint64_t time_now_ns(void)
{
	/* Before time_init() the factor is 0, and so is the time. */
	return time_counter_to_ns(time_counter() - data->counter_start);
}

uint64_t time_ns_to_counter(uint64_t ns)
{
	uint64_t seconds = ns / NSEC_PER_SEC;
	uint64_t rest = ns % NSEC_PER_SEC;

	if (seconds > (UINT64_MAX - data->counter_start) / counter_hz - 1)
		return UINT64_MAX;
	/* Rounded up: a timer must not come early. */
	return data->counter_start + seconds * counter_hz +
	       (rest * counter_hz + NSEC_PER_SEC - 1) / NSEC_PER_SEC;
}

uint64_t time_wall_ns(void)
{
	return time_now_ns() +
	       __atomic_load_n(&data->wall_offset_ns, __ATOMIC_RELAXED);
}

void time_set_wall_ns(uint64_t ns)
{
	__atomic_store_n(&data->wall_offset_ns, ns - time_now_ns(),
			 __ATOMIC_RELAXED);
}

__init void time_init(void)
{
	const void *fdt = boot_fdt();
	int cpus = fdt_path_offset(fdt, "/cpus");
	uint32_t hz = 0;

	if (cpus < 0 || dt_get_u32(fdt, cpus, "timebase-frequency", &hz) ||
	    hz < 1000)
		boot_fail("the device tree has no /cpus/timebase-frequency");
	data->counter_start = time_counter();
	counter_hz = hz;
	data->ns_per_tick = (NSEC_PER_SEC << 32) / hz;
}

__init void time_data_move(struct time_data *to)
{
	*to = *data;
	data = to;
}

void delay_us(uint32_t us)
{
	uint64_t start = time_now_ns();

	while (time_now_ns() - start < us * NSEC_PER_USEC)
		;
}
