// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 8: RFENCE extension.
 */
#include "extensions.h"

#include <fence.h>
#include <hart_mask.h>
#include <lib/csr.h>
#include <pmu_events.h>

/* By function number. */
static const struct {
	enum fence_type type;
	enum pmu_event sent;
	bool needs_h;
} fences[] = {
	[SBI_RFENCE_FENCE_I] = { FENCE_I, PMU_FW_FENCE_I_SENT, false },
	[SBI_RFENCE_SFENCE_VMA] = { FENCE_VMA, PMU_FW_SFENCE_VMA_SENT, false },
	[SBI_RFENCE_SFENCE_VMA_ASID] = { FENCE_VMA_ASID,
					 PMU_FW_SFENCE_VMA_ASID_SENT, false },
	[SBI_RFENCE_HFENCE_GVMA_VMID] = { FENCE_GVMA_VMID,
					  PMU_FW_HFENCE_GVMA_VMID_SENT, true },
	[SBI_RFENCE_HFENCE_GVMA] = { FENCE_GVMA, PMU_FW_HFENCE_GVMA_SENT,
				     true },
	[SBI_RFENCE_HFENCE_VVMA_ASID] = { FENCE_VVMA_ASID,
					  PMU_FW_HFENCE_VVMA_ASID_SENT, true },
	[SBI_RFENCE_HFENCE_VVMA] = { FENCE_VVMA, PMU_FW_HFENCE_VVMA_SENT,
				     true },
};

static void begin_on(struct hart *hart, const void *data)
{
	if (hart != &this_hart)
		fence_begin(hart, data);
}

static void fence_on_self(struct hart *hart, const void *data)
{
	if (hart == &this_hart)
		fence_local(data);
}

static struct sbi_ret rfence_call(const uint64_t *arg, uint64_t function)
{
	struct fence_request request = { .start = arg[2], .size = arg[3] };
	long error;

	if (function >= ARRAY_SIZE(fences) ||
	    (fences[function].needs_h && !hart_has(HART_HAS_H)))
		return sbi_error(SBI_ERR_NOT_SUPPORTED);

	request.type = fences[function].type;
	request.id = arg[4];
	if (function >= SBI_RFENCE_HFENCE_VVMA_ASID)
		request.hgatp = csr_read(CSR_HGATP);
	if (request.type != FENCE_I && request.size != -1ul && request.size &&
	    request.start > -request.size)
		return sbi_error(SBI_ERR_INVALID_ADDRESS);

	pmu_count(fences[function].sent);
	if (mask_is_self(arg[0], arg[1])) {
		fence_local(&request);
		return sbi_value(0);
	}

	/* Others first, so that all fence at the same time. */
	error = harts_for_mask(arg[0], arg[1], begin_on, &request);
	if (error)
		return sbi_error(error);
	harts_for_mask(arg[0], arg[1], fence_on_self, &request);
	fence_wait();
	return sbi_value(0);
}

const struct sbi_extension rfence_extension = {
	.call = rfence_call,
};
