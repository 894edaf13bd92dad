/* SPDX-License-Identifier: MIT */
/*
 * Firmware events of the PMU extension (SBI 3.0, section 11.4): what firmware
 * does is counted here, whether or not anybody asks, since one addition to the
 * hart's own memory is cheaper than to find out.
 */
#pragma once

#include <lib/types.h>

enum pmu_event {
	PMU_FW_MISALIGNED_LOAD = 0,
	PMU_FW_MISALIGNED_STORE = 1,
	PMU_FW_ACCESS_LOAD = 2,
	PMU_FW_ACCESS_STORE = 3,
	PMU_FW_ILLEGAL_INSN = 4,
	PMU_FW_SET_TIMER = 5,
	PMU_FW_IPI_SENT = 6,
	PMU_FW_IPI_RECEIVED = 7,
	PMU_FW_FENCE_I_SENT = 8,
	PMU_FW_FENCE_I_RECEIVED = 9,
	PMU_FW_SFENCE_VMA_SENT = 10,
	PMU_FW_SFENCE_VMA_RECEIVED = 11,
	PMU_FW_SFENCE_VMA_ASID_SENT = 12,
	PMU_FW_SFENCE_VMA_ASID_RECEIVED = 13,
	PMU_FW_HFENCE_GVMA_SENT = 14,
	PMU_FW_HFENCE_GVMA_RECEIVED = 15,
	PMU_FW_HFENCE_GVMA_VMID_SENT = 16,
	PMU_FW_HFENCE_GVMA_VMID_RECEIVED = 17,
	PMU_FW_HFENCE_VVMA_SENT = 18,
	PMU_FW_HFENCE_VVMA_RECEIVED = 19,
	PMU_FW_HFENCE_VVMA_ASID_SENT = 20,
	PMU_FW_HFENCE_VVMA_ASID_RECEIVED = 21,
	NR_PMU_FW_EVENTS,
};

extern _Thread_local uint64_t pmu_fw_events[NR_PMU_FW_EVENTS]; /* [o] */

static inline void pmu_count(enum pmu_event event)
{
	pmu_fw_events[event]++;
}
