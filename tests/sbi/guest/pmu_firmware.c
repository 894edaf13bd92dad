// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 11: firmware events of PMU, counted for real.
 */
#include <lib/csr.h>

#include "guest.h"
#include "hart.h"
#include "pmu.h"
#include "trap.h"

static bool count_start(uint64_t code, uint64_t *counter)
{
	struct sbi_ret ret =
		pmu_configure(PMU_EVENT_FIRMWARE | code,
			      PMU_CONFIG_CLEAR_VALUE | PMU_CONFIG_AUTO_START);

	*counter = ret.value;
	return expect_error("config_matching", ret, SBI_SUCCESS);
}

static void count_expect(uint64_t counter, uint64_t value)
{
	expect_value("fw_read", pmu(PMU_FW_READ, counter, 0, 0, 0, 0), value);
	expect_error("stop", pmu_release(counter), SBI_SUCCESS);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_set_timer)
{
	uint64_t counter;
	int i;

	if (!count_start(PMU_FW_SET_TIMER, &counter))
		return;
	for (i = 0; i < 3; i++)
		sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1ul, 0, 0);
	count_expect(counter, 3);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_firmware_counter_stops)
{
	uint64_t counter;

	if (!count_start(PMU_FW_SET_TIMER, &counter))
		return;
	sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1ul, 0, 0);
	pmu(PMU_STOP, counter, 1, 0, 0, 0);
	sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1ul, 0, 0);
	expect_value("fw_read", pmu(PMU_FW_READ, counter, 0, 0, 0, 0), 1);
	pmu(PMU_START, counter, 1, PMU_START_SET_VALUE, 1000, 0);
	sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1ul, 0, 0);
	count_expect(counter, 1001);
}

static void illegal(void *arg)
{
	(void)arg;
	__asm__ volatile(".4byte 0xffffffff");
}

/* Counted only where firmware sees them: where it delegates, 0 is right. */
/* Where rdtime is the firmware's work, it traps to be seen. */
EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_emulated_rdtime)
{
	uint64_t counter;
	struct sbi_ret ret;
	int i;

	if (!count_start(PMU_FW_ILLEGAL, &counter))
		return;
	for (i = 0; i < 5; i++)
		csr_read(CSR_TIME);
	ret = pmu(PMU_FW_READ, counter, 0, 0, 0, 0);
	pmu_release(counter);
	if (ret.error == SBI_SUCCESS && ret.value == 0)
		return skip("rdtime is the hardware's");
	expect_value("fw_read", ret, 5);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_illegal_instructions)
{
	struct sbi_ret ret;
	uint64_t counter;
	struct trap trap;

	if (!count_start(PMU_FW_ILLEGAL, &counter))
		return;
	trap_catch(illegal, NULL, &trap);
	ret = pmu(PMU_FW_READ, counter, 0, 0, 0, 0);
	expect_error("fw_read", ret, SBI_SUCCESS);
	expect_true("at most one was counted", ret.value <= 1);
	pmu_release(counter);
}

static volatile unsigned int ready;
static volatile unsigned int release;

/* A hart that takes what comes until it is released. */
static void take_all(void *arg)
{
	(void)arg;
	interrupts_enable(SIE_SSIE);
	__atomic_add_fetch(&ready, 1, __ATOMIC_RELEASE);
	wait_for(&release, 1);
	interrupts_disable(SIE_SSIE);
}

static bool start_target(void (*entry)(void *arg), void *arg)
{
	ready = 0;
	release = 0;
	return hart_start(&harts[1], entry, arg) &&
	       expect_true("the hart started", wait_for(&ready, 1));
}

static void stop_target(void)
{
	__atomic_store_n(&release, 1, __ATOMIC_RELEASE);
	hart_wait_stopped(&harts[1]);
}

/* Make the first hart send; code is the event of it. */
static void check_sent(uint64_t code, long extension, long function)
{
	uint64_t counter;
	int i;

	if (hart_count < 2)
		return skip("one hart");
	if (!start_target(take_all, NULL))
		return;
	if (count_start(code, &counter)) {
		for (i = 0; i < 5; i++)
			sbi_call5(extension, function, 1, harts[1].id, 0x1000,
				  0x1000, 1);
		count_expect(counter, 5);
	}
	stop_target();
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_ipis_sent)
{
	check_sent(PMU_FW_IPI_SENT, SBI_EXT_IPI, SBI_IPI_SEND_IPI);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_fence_i_sent)
{
	check_sent(PMU_FW_FENCE_I_SENT, SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_sfence_vma_sent)
{
	check_sent(PMU_FW_SFENCE_SENT, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_sfence_vma_asid_sent)
{
	check_sent(PMU_FW_SFENCE_ASID_SENT, SBI_EXT_RFENCE,
		   SBI_RFENCE_SFENCE_VMA_ASID);
}

/* The other hart counts what it receives. */
static struct {
	uint64_t code;
	uint64_t counted;
	long error;
} receiver;

static void receive(void *arg)
{
	struct sbi_ret counter;
	struct sbi_ret ret;

	(void)arg;
	counter = pmu_configure(PMU_EVENT_FIRMWARE | receiver.code,
				PMU_CONFIG_CLEAR_VALUE | PMU_CONFIG_AUTO_START);
	take_all(NULL);
	ret = pmu(PMU_FW_READ, counter.value, 0, 0, 0, 0);
	receiver.counted = ret.value;
	receiver.error = counter.error ? counter.error : ret.error;
	pmu_release(counter.value);
}

static void check_received(uint64_t code, long extension, long function)
{
	int i;

	if (hart_count < 2)
		return skip("one hart");
	receiver.code = code;
	receiver.counted = 0;
	receiver.error = 0;
	if (!start_target(receive, NULL))
		return;
	for (i = 1; i <= 5; i++) {
		unsigned int before = harts[1].software_interrupts;

		sbi_call5(extension, function, 1, harts[1].id, 0x1000, 0x1000,
			  1);
		/* One at a time: IPIs that pend together are one. */
		if (extension == SBI_EXT_IPI)
			wait_for(&harts[1].software_interrupts, before + 1);
	}
	stop_target();
	expect_error("counter of the other hart",
		     (struct sbi_ret){ .error = receiver.error }, SBI_SUCCESS);
	expect("received", 5, receiver.counted);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_ipis_received)
{
	check_received(PMU_FW_IPI_RECEIVED, SBI_EXT_IPI, SBI_IPI_SEND_IPI);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_fence_i_received)
{
	check_received(PMU_FW_FENCE_I_RECEIVED, SBI_EXT_RFENCE,
		       SBI_RFENCE_FENCE_I);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_sfence_vma_received)
{
	check_received(PMU_FW_SFENCE_RECEIVED, SBI_EXT_RFENCE,
		       SBI_RFENCE_SFENCE_VMA);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_counts_sfence_vma_asid_received)
{
	check_received(PMU_FW_SFENCE_ASID_RECEIVED, SBI_EXT_RFENCE,
		       SBI_RFENCE_SFENCE_VMA_ASID);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_fw_read_of_wrong_counter_is_invalid)
{
	uint64_t count = pmu(PMU_NUM_COUNTERS, 0, 0, 0, 0, 0).value;

	expect_error("hardware counter", pmu(PMU_FW_READ, 0, 0, 0, 0, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("absent counter", pmu(PMU_FW_READ, count, 0, 0, 0, 0),
		     SBI_ERR_INVALID_PARAM);
	expect_error("high bits of a hardware counter",
		     pmu(PMU_FW_READ_HI, 0, 0, 0, 0, 0), SBI_ERR_INVALID_PARAM);
	expect_error("high bits of an absent counter",
		     pmu(PMU_FW_READ_HI, count, 0, 0, 0, 0),
		     SBI_ERR_INVALID_PARAM);
}

EXTENSION_CASE(SBI_EXT_PMU, pmu_fw_read_hi_is_0)
{
	uint64_t counter;

	if (!count_start(PMU_FW_SET_TIMER, &counter))
		return;
	pmu(PMU_STOP, counter, 1, 0, 0, 0);
	pmu(PMU_START, counter, 1, PMU_START_SET_VALUE, BIT(40), 0);
	expect_value("fw_read_hi", pmu(PMU_FW_READ_HI, counter, 0, 0, 0, 0), 0);
	count_expect(counter, BIT(40));
}
