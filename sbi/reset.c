// SPDX-License-Identifier: MIT
/*
 * Reset devices; see reset.h.
 */
#include "reset.h"

#include <lib/csr.h>
#include <lib/sbi.h>

#include "console.h"
#include "hsm.h"
#include "ipi.h"

struct reset_action {
	void (*act)(uint64_t data, bool failed);
	uint64_t data;
	bool tells_failure;
};

static struct reset_action actions[NR_RESET_TYPES]; /* [I] after boot */

void reset_register(enum reset_type type,
		    void (*act)(uint64_t data, bool failed), uint64_t data,
		    bool tells_failure)
{
	struct reset_action *action = &actions[type];

	if (action->act && (action->tells_failure || !tells_failure))
		return;
	action->act = act;
	action->data = data;
	action->tells_failure = tells_failure;
}

bool reset_is_supported(enum reset_type type)
{
	return actions[type].act;
}

void reset_system(enum reset_type type, bool failed)
{
	int32_t waiting = HARTS_WAIT;
	struct hart *hart;

	if (!actions[type].act)
		return;
	__atomic_compare_exchange_n(&harts_released, &waiting, HARTS_HALT,
				    false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
	hart_for_each (hart) {
		if (hart != &this_hart)
			ipi_send(hart, HART_EVENT_HALT);
	}
	console_flush();
	actions[type].act(actions[type].data, failed);
}

/* Apart from what prints: a call would change these registers. */
static void __noreturn __noinline park(uint64_t type, uint64_t reason)
{
	register uint64_t a0 __asm__("a0") = type;
	register uint64_t a1 __asm__("a1") = reason;
	register uint64_t a7 __asm__("a7") = SBI_EXT_SRST;

	for (;;)
		__asm__ volatile("csrw mie, zero\n\twfi" ::"r"(a0), "r"(a1),
				 "r"(a7)
				 : "memory");
}

void reset_park(uint64_t type, bool failed)
{
	console_printf("sbi: stopped%s; this machine can't switch itself off\n",
		       failed ? " after a failure" : "");
	console_flush();
	park(type, failed ? SBI_SRST_REASON_FAILURE : SBI_SRST_REASON_NONE);
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
