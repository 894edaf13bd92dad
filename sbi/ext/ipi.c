// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 7: IPI extension.
 */
#include "extensions.h"

#include <hart_mask.h>
#include <ipi.h>
#include <lib/csr.h>
#include <pmu_events.h>

static void send_soft(struct hart *hart, const void *data)
{
	(void)data;
	pmu_count(PMU_FW_IPI_SENT);
	if (hart == &this_hart)
		csr_set(CSR_MIP, MIP_SSIP);
	else
		ipi_send(hart, HART_EVENT_SOFT);
}

static struct sbi_ret ipi_call(const uint64_t *arg, uint64_t function)
{
	if (function != SBI_IPI_SEND_IPI)
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	if (mask_is_self(arg[0], arg[1])) {
		send_soft(&this_hart, NULL);
		return sbi_value(0);
	}
	return sbi_error(harts_for_mask(arg[0], arg[1], send_soft, NULL));
}

const struct sbi_extension ipi_extension = {
	.call = ipi_call,
};
