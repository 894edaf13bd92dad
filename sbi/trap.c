// SPDX-License-Identifier: MIT
/*
 * Interrupts of M-mode and the exceptions that it emulates or passes on.
 */
#include "trap.h"

#include <lib/csr.h>

#include "emulate.h"
#include "ipi.h"
#include "panic.h"
#include "timer.h"

void trap_interrupt(uint64_t cause)
{
	switch (cause & ~CAUSE_INTERRUPT) {
	case IRQ_M_SOFT:
		ipi_handle_events();
		break;
	case IRQ_M_TIMER:
		timer_interrupt();
		break;
	default:
		panic_trap(&this_hart.frame);
	}
}

void trap_exception(struct trap_frame *frame, uint64_t cause)
{
	struct trap_info info = {
		.cause = cause,
		.tval = csr_read(CSR_MTVAL),
	};
	bool done = false;

	if (hart_has(HART_HAS_H)) {
		info.tval2 = csr_read(CSR_MTVAL2);
		info.tinst = csr_read(CSR_MTINST);
	}

	/* Each either does the work, or makes info the trap to pass on. */
	switch (cause) {
	case CAUSE_ILLEGAL:
		done = emulate_csr_read(frame, &info);
		break;
	case CAUSE_LOAD_MISALIGNED:
		done = emulate_misaligned_load(frame, &info);
		break;
	case CAUSE_STORE_MISALIGNED:
		done = emulate_misaligned_store(frame, &info);
		break;
	}
	if (!done)
		trap_redirect(&info);
}
