// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 6: TIME, and the time CSR.
 */
#include <lib/csr.h>

#include "guest.h"
#include "hart.h"
#include "trap.h"

#define NEVER (-1ul)

static struct sbi_ret set_timer(uint64_t when)
{
	return sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, when, 0, 0);
}

static bool timer_is_pending(void)
{
	return csr_read(CSR_SIP) & MIP_STIP;
}

static bool wait_timer_pending(void)
{
	uint64_t end = time_now() + 30000 * time_ms();

	while (!timer_is_pending())
		if (time_now() > end)
			return false;
	return true;
}

static void read_time(void *arg)
{
	*(uint64_t *)arg = csr_read(CSR_TIME);
}

CASE(time_csr_goes_on)
{
	uint64_t first = 0;
	uint64_t second = 0;

	if (!expect_no_trap("rdtime", read_time, &first) ||
	    !expect_no_trap("rdtime", read_time, &second))
		return;
	expect_true("time does not go back", second >= first);
	while (time_now() == first)
		;
}

EXTENSION_CASE(SBI_EXT_TIME, time_interrupts_when_it_comes)
{
	struct hart *hart = this_hart();
	unsigned int before = hart->timer_interrupts;
	uint64_t when = time_now() + time_ms();

	expect_error("set_timer", set_timer(when), SBI_SUCCESS);
	interrupts_enable(SIE_STIE);
	expect_true("the interrupt comes",
		    wait_for(&hart->timer_interrupts, before + 1));
	interrupts_disable(SIE_STIE);
	expect_true("it comes not too early", time_now() >= when);
	set_timer(NEVER);
}

EXTENSION_CASE(SBI_EXT_TIME, time_past_is_pending_at_once)
{
	expect_error("set_timer", set_timer(0), SBI_SUCCESS);
	expect_true("STIP comes", wait_timer_pending());
	set_timer(NEVER);
}

EXTENSION_CASE(SBI_EXT_TIME, time_never_clears_pending)
{
	set_timer(0);
	expect_true("STIP comes", wait_timer_pending());
	expect_error("set_timer", set_timer(NEVER), SBI_SUCCESS);
	expect_true("STIP is clear", !timer_is_pending());
}

/* Also while the interrupt is masked. */
EXTENSION_CASE(SBI_EXT_TIME, time_future_clears_pending)
{
	csr_clear(CSR_SIE, SIE_STIE);
	set_timer(0);
	expect_true("STIP comes", wait_timer_pending());
	set_timer(time_now() + 100000 * time_ms());
	expect_true("STIP is clear", !timer_is_pending());
	set_timer(NEVER);
}

EXTENSION_CASE(SBI_EXT_TIME, time_later_timer_replaces_earlier)
{
	uint64_t start = time_now();

	set_timer(start + time_ms());
	set_timer(start + 100000 * time_ms());
	while (time_now() < start + 3 * time_ms())
		;
	expect_true("STIP stays clear", !timer_is_pending());
	set_timer(NEVER);
}

static void take_timer(void *arg)
{
	struct hart *hart = this_hart();

	(void)arg;
	set_timer(time_now() + time_ms());
	interrupts_enable(SIE_STIE);
	wait_for(&hart->timer_interrupts, 1);
	interrupts_disable(SIE_STIE);
	set_timer(NEVER);
}

EXTENSION_CASE(SBI_EXT_TIME, time_is_own_on_each_hart)
{
	unsigned int i;

	if (hart_count < 2)
		return skip("one hart");
	set_timer(NEVER);
	for (i = 1; i < hart_count; i++) {
		harts[i].timer_interrupts = 0;
		if (!hart_run(&harts[i], take_timer, NULL))
			return;
		expect("timer interrupts", 1, harts[i].timer_interrupts);
	}
	expect_true("STIP of the first hart is clear", !timer_is_pending());
}
