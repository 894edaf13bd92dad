// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 13: system suspend.  Suspend to RAM is a wait for an
 * interrupt with every other hart stopped: memory stays powered on all machines
 * that we know.
 */
#include "extensions.h"

#include <hsm.h>
#include <memory.h>

static struct sbi_ret susp_call(const uint64_t *arg, uint64_t function)
{
	uint32_t type = arg[0];
	uint64_t addr = arg[1];

	if (function != SBI_SUSP_SUSPEND)
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	/* Others are reserved, or of a platform and not implemented. */
	if (type != SBI_SUSP_TO_RAM)
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (!IS_ALIGNED(addr, 2) || !memory_is_shareable(addr, 2))
		return sbi_error(SBI_ERR_INVALID_ADDRESS);
	if (!hsm_others_are_stopped())
		return sbi_error(SBI_ERR_DENIED);

	hsm_suspend();
	hsm_resume(addr, arg[2]);
}

const struct sbi_extension susp_extension = {
	.call = susp_call,
};
