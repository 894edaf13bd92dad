// SPDX-License-Identifier: MIT
/*
 * Reset devices; see reset.h.
 */
#include "reset.h"

#include <lib/csr.h>

#include "ipi.h"

/* [I] after boot */
static struct {
	void (*act)(uint64_t data, bool failed);
	uint64_t data;
} actions[NR_RESET_TYPES];

int reset_register(enum reset_type type, void (*act)(uint64_t data, bool failed),
		   uint64_t data)
{
	if (actions[type].act)
		return -1;
	actions[type].act = act;
	actions[type].data = data;
	return 0;
}

bool reset_is_supported(enum reset_type type)
{
	return actions[type].act;
}

void reset_system(enum reset_type type, bool failed)
{
	struct hart *hart;

	if (!actions[type].act)
		return;
	hart_for_each (hart) {
		if (hart != &this_hart)
			ipi_send(hart, HART_EVENT_HALT);
	}
	actions[type].act(actions[type].data, failed);
}

void reset_wait(void)
{
	for (;;) {
		csr_write(CSR_MIE, 0);
		wfi();
	}
}

void reset_fail(void)
{
	reset_system(RESET_SHUTDOWN, true);
	reset_wait();
}
