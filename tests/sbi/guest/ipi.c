// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 7: IPI, with the hart masks of chapter 3.
 */
#include <lib/csr.h>

#include "guest.h"
#include "hart.h"
#include "trap.h"

static struct sbi_ret send_ipi(uint64_t mask, uint64_t base)
{
	return sbi_call(SBI_EXT_IPI, SBI_IPI_SEND_IPI, mask, base, 0);
}

static volatile unsigned int ready;

/* Wait with interrupts on until one IPI came. */
static void take_ipi(void *arg)
{
	struct hart *hart = this_hart();

	(void)arg;
	interrupts_enable(SIE_SSIE);
	__atomic_add_fetch(&ready, 1, __ATOMIC_RELEASE);
	wait_for(&hart->software_interrupts, 1);
	interrupts_disable(SIE_SSIE);
}

static bool start_takers(void)
{
	unsigned int i;

	ready = 0;
	for (i = 1; i < hart_count; i++) {
		harts[i].software_interrupts = 0;
		if (!hart_start(&harts[i], take_ipi, NULL))
			return false;
	}
	return expect_true("all harts started",
			   wait_for(&ready, hart_count - 1));
}

static void expect_taken(void)
{
	unsigned int i;

	for (i = 1; i < hart_count; i++) {
		if (!wait_for(&harts[i].done, 1))
			fail("hart %lu: expected an IPI, got none",
			     harts[i].id);
		if (!hart_wait_stopped(&harts[i]))
			return;
		expect("IPIs taken", 1, harts[i].software_interrupts);
	}
}

EXTENSION_CASE(SBI_EXT_IPI, ipi_to_self)
{
	struct hart *hart = this_hart();
	unsigned int before = hart->software_interrupts;

	interrupts_enable(SIE_SSIE);
	expect_error("send_ipi", send_ipi(1, hart->id), SBI_SUCCESS);
	expect_true("the interrupt comes",
		    wait_for(&hart->software_interrupts, before + 1));
	interrupts_disable(SIE_SSIE);
	expect("interrupts", before + 1, hart->software_interrupts);
}

EXTENSION_CASE(SBI_EXT_IPI, ipi_is_pending_until_cleared)
{
	uint64_t end = time_now() + 30000 * time_ms();

	send_ipi(1, this_hart()->id);
	while (!(csr_read(CSR_SIP) & MIP_SSIP) && time_now() < end)
		;
	expect("sip.SSIP", MIP_SSIP, csr_read(CSR_SIP) & MIP_SSIP);
	csr_clear(CSR_SIP, MIP_SSIP);
	expect("sip.SSIP cleared", 0, csr_read(CSR_SIP) & MIP_SSIP);
}

EXTENSION_CASE(SBI_EXT_IPI, ipi_to_each_by_base)
{
	unsigned int i;

	if (hart_count < 2)
		return skip("one hart");
	if (!start_takers())
		return;
	for (i = 1; i < hart_count; i++)
		expect_error("send_ipi", send_ipi(1, harts[i].id), SBI_SUCCESS);
	expect_taken();
}

EXTENSION_CASE(SBI_EXT_IPI, ipi_to_all_others_by_mask)
{
	uint64_t mask = 0;
	unsigned int i;

	if (hart_count < 2)
		return skip("one hart");
	if (!start_takers())
		return;
	for (i = 1; i < hart_count; i++)
		mask |= BIT(harts[i].id);
	expect_error("send_ipi", send_ipi(mask, 0), SBI_SUCCESS);
	expect_taken();
}

/* The mask means nothing then. */
EXTENSION_CASE(SBI_EXT_IPI, ipi_to_all_by_base_minus_1)
{
	struct hart *hart = this_hart();
	unsigned int before = hart->software_interrupts;

	if (!start_takers())
		return;
	interrupts_enable(SIE_SSIE);
	expect_error("send_ipi", send_ipi(0, SBI_HART_MASK_ALL), SBI_SUCCESS);
	expect_true("the sender takes it too",
		    wait_for(&hart->software_interrupts, before + 1));
	interrupts_disable(SIE_SSIE);
	expect_taken();
}

EXTENSION_CASE(SBI_EXT_IPI, ipi_to_none_is_success)
{
	expect_error("mask 0, base 0", send_ipi(0, 0), SBI_SUCCESS);
	expect_error("mask 0, base of no hart", send_ipi(0, hart_absent_id()),
		     SBI_SUCCESS);
}

EXTENSION_CASE(SBI_EXT_IPI, ipi_to_absent_hart_is_invalid)
{
	uint64_t absent = hart_absent_id();

	expect_error("base beyond", send_ipi(1, absent), SBI_ERR_INVALID_PARAM);
	expect_error("mask beyond", send_ipi(BIT(63), absent),
		     SBI_ERR_INVALID_PARAM);
	expect_error("base 4096", send_ipi(1, 4096), SBI_ERR_INVALID_PARAM);
	expect_error("base -2", send_ipi(1, -2ul), SBI_ERR_INVALID_PARAM);
}

/* One bad hart in a mask of good ones. */
EXTENSION_CASE(SBI_EXT_IPI, ipi_to_some_absent_hart_is_invalid)
{
	uint64_t absent = hart_absent_id();

	if (absent - this_hart()->id > 63)
		return skip("no mask reaches that far");
	expect_error(
		"self and absent",
		send_ipi(1 | BIT(absent - this_hart()->id), this_hart()->id),
		SBI_ERR_INVALID_PARAM);
	csr_clear(CSR_SIP, MIP_SSIP);
}

/* The base need not be a hart as long as bit 0 is clear: chapter 3. */
EXTENSION_CASE(SBI_EXT_IPI, ipi_base_may_be_no_hart)
{
	struct hart *hart = this_hart();
	unsigned int before = hart->software_interrupts;

	if (!hart->id)
		return skip("there is no id below this hart's");
	interrupts_enable(SIE_SSIE);
	expect_error("send_ipi", send_ipi(BIT(hart->id), 0), SBI_SUCCESS);
	expect_true("the interrupt comes",
		    wait_for(&hart->software_interrupts, before + 1));
	interrupts_disable(SIE_SSIE);
}

static volatile unsigned int storm_over;

static void storm_target(void *arg)
{
	(void)arg;
	interrupts_enable(SIE_SSIE);
	__atomic_add_fetch(&ready, 1, __ATOMIC_RELEASE);
	wait_for(&storm_over, 1);
	interrupts_disable(SIE_SSIE);
}

/* Each IPI is seen before the next is sent: none may get lost. */
EXTENSION_CASE(SBI_EXT_IPI, ipi_none_is_lost_of_many)
{
	struct hart *target = &harts[1];
	unsigned int i;

	if (hart_count < 2)
		return skip("one hart");
	ready = 0;
	storm_over = 0;
	target->software_interrupts = 0;
	if (!hart_start(target, storm_target, NULL) ||
	    !expect_true("the hart started", wait_for(&ready, 1)))
		return;
	for (i = 1; i <= 500; i++) {
		send_ipi(1, target->id);
		if (!wait_for(&target->software_interrupts, i)) {
			fail("expected %u IPIs, got %u", i,
			     target->software_interrupts);
			break;
		}
	}
	storm_over = 1;
	hart_wait_stopped(target);
}
