// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 9: HSM.
 */
#include <lib/csr.h>

#include "guest.h"
#include "hart.h"
#include "machine.h"
#include "paging.h"
#include "trap.h"

void hart_enter(void);
void hart_resume(void);

static struct sbi_ret hsm(long function, uint64_t arg0, uint64_t arg1,
			  uint64_t arg2)
{
	return sbi_call(SBI_EXT_HSM, function, arg0, arg1, arg2);
}

static struct sbi_ret status_of(const struct hart *hart)
{
	return hsm(SBI_HSM_HART_STATUS, hart->id, 0, 0);
}

/* entry.S kept what the firmware passed to the first instruction. */
CASE(entry_state_of_booting_hart)
{
	const struct hart *hart = this_hart();

	expect("a0", hart->id, hart->entry_hart_id);
	expect("satp", paging_satp_off(), hart->entry_satp);
	expect("sstatus.SIE", 0, hart->entry_status & SSTATUS_SIE);
}

CASE(entry_tree_is_aligned_memory)
{
	uint64_t tree = (uint64_t)machine_tree();

	expect("address modulo 8", 0, tree % 8);
	expect_true("the firmware is reserved in it", machine_firmware() != 0);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_boot_hart_is_started)
{
	expect_value("status", status_of(this_hart()), SBI_HSM_STARTED);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_other_harts_are_stopped)
{
	unsigned int i;

	for (i = 1; i < hart_count; i++)
		expect_value("status", status_of(&harts[i]), SBI_HSM_STOPPED);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_status_of_absent_hart_is_invalid)
{
	expect_error("id beyond",
		     hsm(SBI_HSM_HART_STATUS, hart_absent_id(), 0, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("id -1", hsm(SBI_HSM_HART_STATUS, -1ul, 0, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("id 2^32", hsm(SBI_HSM_HART_STATUS, BIT(32), 0, 0),
		     SBI_ERR_INVALID_PARAM);
}

static void note_start(void *arg)
{
	*(uint64_t *)arg = status_of(this_hart()).value;
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_start_runs_hart_and_stop_stops_it)
{
	unsigned int i;

	if (hart_count < 2)
		return skip("one hart");
	for (i = 1; i < hart_count; i++) {
		uint64_t status = -1ul;

		if (!hart_run(&harts[i], note_start, &status))
			return;
		expect("its own status", SBI_HSM_STARTED, status);
	}
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_start_enters_as_specified)
{
	unsigned int i;
	uint64_t status;

	if (hart_count < 2)
		return skip("one hart");
	for (i = 1; i < hart_count; i++) {
		const struct hart *hart = &harts[i];

		if (!hart_run(&harts[i], note_start, &status))
			return;
		expect("a0", hart->id, hart->entry_hart_id);
		expect("satp", paging_satp_off(), hart->entry_satp);
		expect("sstatus.SIE", 0, hart->entry_status & SSTATUS_SIE);
	}
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_start_again_and_again)
{
	uint64_t status;
	unsigned int i;

	if (hart_count < 2)
		return skip("one hart");
	for (i = 0; i < 50; i++)
		if (!hart_run(&harts[1], note_start, &status))
			return;
}

static volatile unsigned int staying;
static volatile unsigned int release;

static void stay(void *arg)
{
	(void)arg;
	__atomic_store_n(&staying, 1, __ATOMIC_RELEASE);
	wait_for(&release, 1);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_start_of_started_hart_is_already_available)
{
	if (hart_count < 2)
		return skip("one hart");
	staying = 0;
	release = 0;
	if (!hart_start(&harts[1], stay, NULL))
		return;
	wait_for(&staying, 1);
	expect_error("hart_start",
		     hsm(SBI_HSM_HART_START, harts[1].id, (uint64_t)hart_enter,
			 (uint64_t)&harts[1]),
		     SBI_ERR_ALREADY_AVAILABLE);
	release = 1;
	hart_wait_stopped(&harts[1]);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_start_of_self_is_already_available)
{
	expect_error("hart_start",
		     hsm(SBI_HSM_HART_START, this_hart()->id,
			 (uint64_t)hart_enter, 0),
		     SBI_ERR_ALREADY_AVAILABLE);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_start_of_absent_hart_is_invalid)
{
	expect_error("id beyond",
		     hsm(SBI_HSM_HART_START, hart_absent_id(),
			 (uint64_t)hart_enter, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("id -1",
		     hsm(SBI_HSM_HART_START, -1ul, (uint64_t)hart_enter, 0),
		     SBI_ERR_INVALID_PARAM);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_start_at_bad_address_is_invalid)
{
	if (hart_count < 2)
		return skip("one hart");
	expect_error(
		"in the firmware",
		hsm(SBI_HSM_HART_START, harts[1].id, machine_firmware(), 0),
		SBI_ERR_INVALID_ADDRESS);
	expect_error(
		"beyond all memory",
		hsm(SBI_HSM_HART_START, harts[1].id, ADDRESS_OF_NOTHING, 0),
		SBI_ERR_INVALID_ADDRESS);
	hart_wait_stopped(&harts[1]);
}

/* An interrupt that pends for the hart, and does not have to be enabled. */
static void wake_soon(void)
{
	sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, time_now() + time_ms(), 0,
		 0);
	csr_set(CSR_SIE, SIE_STIE);
}

static void wake_done(void)
{
	csr_clear(CSR_SIE, SIE_STIE);
	sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1ul, 0, 0);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_retentive_suspend_returns)
{
	wake_soon();
	expect_error("hart_suspend",
		     hsm(SBI_HSM_HART_SUSPEND, SBI_HSM_SUSPEND_RETENTIVE, 0, 0),
		     SBI_SUCCESS);
	wake_done();
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_retentive_suspend_keeps_csrs)
{
	uint64_t tvec = csr_read(CSR_STVEC);

	csr_set(CSR_SSTATUS, SSTATUS_SUM);
	csr_write(CSR_SEPC, 0x1234);
	wake_soon();
	hsm(SBI_HSM_HART_SUSPEND, SBI_HSM_SUSPEND_RETENTIVE, 0, 0);
	wake_done();
	expect("stvec", tvec, csr_read(CSR_STVEC));
	expect("sepc", 0x1234, csr_read(CSR_SEPC));
	expect("sstatus.SUM", SSTATUS_SUM, csr_read(CSR_SSTATUS) & SSTATUS_SUM);
	csr_clear(CSR_SSTATUS, SSTATUS_SUM);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_non_retentive_suspend_resumes_at_address)
{
	struct hart *hart = this_hart();
	jmp_buf resumed;

	hart->recovery = &resumed;
	hart->entry_satp = -1ul;
	hart->entry_hart_id = -1ul;
	if (!setjmp(resumed)) {
		struct sbi_ret ret;

		wake_soon();
		ret = hsm(SBI_HSM_HART_SUSPEND, SBI_HSM_SUSPEND_NON_RETENTIVE,
			  (uint64_t)hart_resume, (uint64_t)hart);
		fail("hart_suspend: expected it to resume, got %ld", ret.error);
	}
	hart->recovery = NULL;
	wake_done();
	expect("a0", hart->id, hart->entry_hart_id);
	expect("satp", paging_satp_off(), hart->entry_satp);
	expect("sstatus.SIE", 0, hart->entry_status & SSTATUS_SIE);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_suspend_of_reserved_type_is_invalid)
{
	static const uint64_t types[] = { 1,          0x0fffffff, 0x10000000,
					  0x7fffffff, 0x80000001, 0x8fffffff,
					  0x90000000, 0xffffffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct sbi_ret ret = hsm(SBI_HSM_HART_SUSPEND, types[i],
					 (uint64_t)hart_resume, 0);

		if (ret.error != SBI_ERR_INVALID_PARAM)
			fail("type %#lx: expected INVALID_PARAM, got %ld",
			     types[i], ret.error);
	}
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_suspend_to_bad_address_is_invalid)
{
	expect_error("in the firmware",
		     hsm(SBI_HSM_HART_SUSPEND, SBI_HSM_SUSPEND_NON_RETENTIVE,
			 machine_firmware(), 0),
		     SBI_ERR_INVALID_ADDRESS);
	expect_error("beyond all memory",
		     hsm(SBI_HSM_HART_SUSPEND, SBI_HSM_SUSPEND_NON_RETENTIVE,
			 ADDRESS_OF_NOTHING, 0),
		     SBI_ERR_INVALID_ADDRESS);
}

static void suspend_until_ipi(void *arg)
{
	(void)arg;
	csr_set(CSR_SIE, SIE_SSIE);
	hsm(SBI_HSM_HART_SUSPEND, SBI_HSM_SUSPEND_RETENTIVE, 0, 0);
	csr_clear(CSR_SIP, MIP_SSIP);
}

EXTENSION_CASE(SBI_EXT_HSM, hsm_suspended_hart_wakes_by_ipi)
{
	uint64_t end = time_now() + 30000 * time_ms();
	uint64_t status;

	if (hart_count < 2)
		return skip("one hart");
	if (!hart_start(&harts[1], suspend_until_ipi, NULL))
		return;
	do {
		status = status_of(&harts[1]).value;
	} while (status != SBI_HSM_SUSPENDED && time_now() < end);
	expect("status", SBI_HSM_SUSPENDED, status);
	sbi_call(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, harts[1].id, 0);
	hart_wait_stopped(&harts[1]);
}

/* A stopped hart keeps no IPI for its next life as an enabled interrupt. */
EXTENSION_CASE(SBI_EXT_HSM, hsm_start_with_interrupts_disabled)
{
	uint64_t status;

	if (hart_count < 2)
		return skip("one hart");
	harts[1].software_interrupts = 0;
	sbi_call(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, harts[1].id, 0);
	if (!hart_run(&harts[1], note_start, &status))
		return;
	expect("interrupts", 0, harts[1].software_interrupts);
}
