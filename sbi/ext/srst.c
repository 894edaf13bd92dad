// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 10: system reset.
 */
#include "extensions.h"

#include <reset.h>

static bool srst_probe(void)
{
	return reset_is_supported(RESET_SHUTDOWN) ||
	       reset_is_supported(RESET_COLD_REBOOT);
}

static struct sbi_ret srst_call(const uint64_t *arg, uint64_t function)
{
	static const enum reset_type resets[] = {
		[SBI_SRST_SHUTDOWN] = RESET_SHUTDOWN,
		[SBI_SRST_COLD_REBOOT] = RESET_COLD_REBOOT,
		[SBI_SRST_WARM_REBOOT] = RESET_WARM_REBOOT,
	};
	/* Both are 32 bits wide (section 3.2, table of parameter sizes). */
	uint32_t type = arg[0], reason = arg[1];

	if (function != SBI_SRST_RESET)
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	/* Others are reserved, or of a platform and not implemented. */
	if (type >= ARRAY_SIZE(resets) || reason > SBI_SRST_REASON_FAILURE)
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (!reset_is_supported(resets[type]))
		return sbi_error(SBI_ERR_NOT_SUPPORTED);

	reset_system(resets[type], reason != SBI_SRST_REASON_NONE);
	/* The device may take a moment. */
	reset_wait();
}

const struct sbi_extension srst_extension = {
	.probe = srst_probe,
	.call = srst_call,
};
