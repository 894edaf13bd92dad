// SPDX-License-Identifier: MIT
/*
 * Interrupts of M-mode and the exceptions that it emulates or passes on.
 */
#include "trap.h"

#include <lib/csr.h>

#include "cpu.h"
#include "emulate.h"
#include "ipi.h"
#include "panic.h"
#include "priv19.h"
#include "timer.h"

static _Thread_local void (*account_time)(uint64_t ticks); /* [o] */

bool trap_account_time(void (*account)(uint64_t ticks))
{
	if (!hart_has(HART_HAS_TIME))
		return false;
	account_time = account;
	this_hart.exit_work = 0; /* trap_entry_timed sets it */
	csr_write(CSR_MTVEC, account ? trap_entry_timed : trap_entry);
	return true;
}

void trap_forget_time(void)
{
	if (this_hart.exit_work)
		this_hart.entry_time = csr_read(CSR_TIME);
}

void trap_exit_work(void)
{
	this_hart.exit_work = 0;
	account_time(csr_read(CSR_TIME) - this_hart.entry_time);
}

static void (*handle_external)(void); /* [I] after boot */

void trap_set_external_handler(void (*handle)(void))
{
	handle_external = handle;
}

void trap_external(void)
{
	if (!handle_external)
		panic_trap(&this_hart.frame);
	handle_external();
}

void trap_interrupt(uint64_t cause)
{
	switch (cause & ~CAUSE_INTERRUPT) {
	case IRQ_M_SOFT:
		ipi_handle_events();
		break;
	case IRQ_M_TIMER:
		timer_interrupt();
		break;
	case IRQ_M_EXT:
		trap_external();
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
	uint64_t pum = 0;
	bool done = false;

	if (hart_has(HART_IS_PRIV19))
		pum = priv19_begin_exception(&info);
	if (hart_has(HART_HAS_H)) {
		info.tval2 = csr_read(CSR_MTVAL2);
		info.tinst = csr_read(CSR_MTINST);
	}

	/* Each either does the work, or makes info the trap to pass on. */
	switch (cause) {
	case CAUSE_ILLEGAL:
		done = emulate_illegal(frame, &info);
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
	if (pum)
		csr_set(CSR_MSTATUS, pum);
}
