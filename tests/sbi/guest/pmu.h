/* SPDX-License-Identifier: MIT */
/*
 * SBI 3.0, chapter 11: numbers of PMU, and calls that several cases make.
 */
#pragma once

#include "sbi_call.h"

enum pmu_function {
	PMU_NUM_COUNTERS,
	PMU_GET_INFO,
	PMU_CONFIG_MATCHING,
	PMU_START,
	PMU_STOP,
	PMU_FW_READ,
	PMU_FW_READ_HI,
	PMU_SET_SHMEM,
	PMU_EVENT_INFO,
};

#define PMU_CONFIG_SKIP_MATCH  0x1
#define PMU_CONFIG_CLEAR_VALUE 0x2
#define PMU_CONFIG_AUTO_START  0x4
#define PMU_CONFIG_RESERVED    0x100
#define PMU_START_SET_VALUE    0x1
#define PMU_START_SNAPSHOT     0x2
#define PMU_START_RESERVED     0x4
#define PMU_STOP_RESET         0x1
#define PMU_STOP_SNAPSHOT      0x2
#define PMU_STOP_RESERVED      0x4

#define PMU_EVENT_CYCLES       0x00001
#define PMU_EVENT_INSTRUCTIONS 0x00002
#define PMU_EVENT_FIRMWARE     0xf0000 /* or with a code below */

#define PMU_FW_ILLEGAL              4
#define PMU_FW_SET_TIMER            5
#define PMU_FW_IPI_SENT             6
#define PMU_FW_IPI_RECEIVED         7
#define PMU_FW_FENCE_I_SENT         8
#define PMU_FW_FENCE_I_RECEIVED     9
#define PMU_FW_SFENCE_SENT          10
#define PMU_FW_SFENCE_RECEIVED      11
#define PMU_FW_SFENCE_ASID_SENT     12
#define PMU_FW_SFENCE_ASID_RECEIVED 13

#define PMU_INFO_FIRMWARE BIT(63)
#define PMU_INFO_CSR      0xfff

static inline struct sbi_ret pmu(enum pmu_function function, uint64_t arg0,
				 uint64_t arg1, uint64_t arg2, uint64_t arg3,
				 uint64_t arg4)
{
	return sbi_call5(SBI_EXT_PMU, function, arg0, arg1, arg2, arg3, arg4);
}

/* All counters that fit one mask: counter_idx_mask from base 0. */
static inline uint64_t pmu_all_counters(void)
{
	uint64_t count = pmu(PMU_NUM_COUNTERS, 0, 0, 0, 0, 0).value;

	return count >= 64 ? -1ul : BIT(count) - 1;
}

/* Configure any counter for the event; flags of config_matching. */
static inline struct sbi_ret pmu_configure(uint64_t event, uint64_t flags)
{
	uint64_t mask = pmu_all_counters();
	struct sbi_ret ret = { .error = SBI_ERR_NOT_SUPPORTED };
	uint64_t counter;

	/* Not every index has to be a counter: leave out those that are not. */
	for (counter = 0; counter < 64; counter++)
		if (mask & BIT(counter) &&
		    pmu(PMU_GET_INFO, counter, 0, 0, 0, 0).error)
			mask &= ~BIT(counter);
	if (mask)
		ret = pmu(PMU_CONFIG_MATCHING, 0, mask, flags, event, 0);
	return ret;
}

/* Stop the counter and forget its event. */
static inline struct sbi_ret pmu_release(uint64_t counter)
{
	return pmu(PMU_STOP, counter, 1, PMU_STOP_RESET, 0, 0);
}
