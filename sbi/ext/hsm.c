// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 9: hart state management.
 */
#include "extensions.h"

#include <hart.h>
#include <hsm.h>
#include <memory.h>

static struct sbi_ret hart_start(uint64_t id, uint64_t addr, uint64_t arg)
{
	struct hart *hart = hart_find(id);

	if (!hart)
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (!IS_ALIGNED(addr, 2) || !memory_is_shareable(addr, 2))
		return sbi_error(SBI_ERR_INVALID_ADDRESS);

	switch (hsm_start(hart, addr, arg)) {
	case SBI_HSM_STOPPED:
		return sbi_value(0);
	case SBI_HSM_STOP_PENDING:
		return sbi_error(SBI_ERR_FAILED); /* not yet; try again */
	default:
		return sbi_error(SBI_ERR_ALREADY_AVAILABLE);
	}
}

static struct sbi_ret hart_status(uint64_t id)
{
	struct hart *hart = hart_find(id);
	int state;

	if (!hart)
		return sbi_error(SBI_ERR_INVALID_PARAM);
	state = atomic_load(&hart->state);
	return sbi_value(state == HSM_CLAIMED ? SBI_HSM_START_PENDING : state);
}

static struct sbi_ret hart_suspend(uint32_t type, uint64_t addr, uint64_t arg)
{
	switch (type) {
	case SBI_HSM_SUSPEND_RETENTIVE:
		hsm_suspend();
		return sbi_value(0);
	case SBI_HSM_SUSPEND_NON_RETENTIVE:
		if (!IS_ALIGNED(addr, 2) || !memory_is_shareable(addr, 2))
			return sbi_error(SBI_ERR_INVALID_ADDRESS);
		hsm_suspend();
		hsm_resume(addr, arg);
	default:
		/* Reserved, or of a platform and not implemented. */
		return sbi_error(SBI_ERR_INVALID_PARAM);
	}
}

static struct sbi_ret hsm_call(const uint64_t *arg, uint64_t function)
{
	switch (function) {
	case SBI_HSM_HART_START:
		return hart_start(arg[0], arg[1], arg[2]);
	case SBI_HSM_HART_STOP:
		hsm_stop();
	case SBI_HSM_HART_STATUS:
		return hart_status(arg[0]);
	case SBI_HSM_HART_SUSPEND:
		return hart_suspend(arg[0], arg[1], arg[2]);
	default:
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	}
}

const struct sbi_extension hsm_extension = {
	.call = hsm_call,
};
