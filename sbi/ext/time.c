// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 6: timer extension.
 */
#include "extensions.h"

#include <pmu_events.h>
#include <timer.h>

static struct sbi_ret time_call(const uint64_t *arg, uint64_t function)
{
	if (function != SBI_TIME_SET_TIMER)
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	pmu_count(PMU_FW_SET_TIMER);
	timer_set(arg[0]);
	return sbi_value(0);
}

const struct sbi_extension time_extension = {
	.probe = timer_is_present,
	.call = time_call,
};
