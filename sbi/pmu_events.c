// SPDX-License-Identifier: MIT
/*
 * The counters behind pmu_events.h.
 */
#include "pmu_events.h"

_Thread_local uint64_t pmu_fw_events[NR_PMU_FW_EVENTS];
