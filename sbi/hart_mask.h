/* SPDX-License-Identifier: MIT */
/*
 * Hart masks as S-mode passes them (SBI 3.0, section 3.1).
 */
#pragma once

#include <lib/types.h>

#include "hart.h"

/*
 * Call act(hart, data) for each hart that mask, counted from base, names and
 * that runs S-mode.  Nothing is called unless all are there.
 * Returns 0, or SBI_ERR_INVALID_PARAM for a hart that does not exist.
 */
long harts_for_mask(uint64_t mask, uint64_t base,
		    void (*act)(struct hart *hart, const void *data),
		    const void *data);

/* Is that mask just the running hart?  The fast path of callers. */
static inline bool mask_is_self(uint64_t mask, uint64_t base)
{
	uint64_t nth = this_hart.id - base;

	return nth < 64 && mask == BIT(nth) && base != -1ul;
}
