// SPDX-License-Identifier: MIT
/*
 * Hart masks; see hart_mask.h.
 */
#include "hart_mask.h"

#include <lib/sbi.h>

/* Stopped and stopping harts have no S-mode that could want anything. */
static bool runs_supervisor(struct hart *hart)
{
	int state = atomic_load(&hart->state);

	return state == SBI_HSM_STARTED || state == SBI_HSM_SUSPENDED ||
	       state == SBI_HSM_START_PENDING;
}

long harts_for_mask(uint64_t mask, uint64_t base,
		    void (*act)(struct hart *hart, const void *data),
		    const void *data)
{
	struct hart *hart;
	uint64_t left;

	if (base == SBI_HART_MASK_ALL) {
		hart_for_each (hart) {
			if (runs_supervisor(hart))
				act(hart, data);
		}
		return SBI_SUCCESS;
	}

	for (left = mask; left; left &= left - 1) {
		uint64_t id = base + __builtin_ctzl(left);

		if (id < base || !hart_find(id))
			return SBI_ERR_INVALID_PARAM;
	}
	for (left = mask; left; left &= left - 1) {
		hart = hart_find(base + __builtin_ctzl(left));
		if (runs_supervisor(hart))
			act(hart, data);
	}
	return SBI_SUCCESS;
}
