// SPDX-License-Identifier: MIT
/*
 * The life of a hart; see hsm.h and docs/firmware.md.
 */
#include "hsm.h"

#include <lib/csr.h>
#include <lib/sbi.h>

#include "cpu.h"
#include "ecall.h"
#include "ipi.h"
#include "pmp.h"
#include "timer.h"
#include "trap.h"

#define SUPERVISOR_INTERRUPTS (MIP_SSIP | MIP_STIP | MIP_SEIP | MIP_LCOFIP)

/* Where to begin; the starter's until START_PENDING, then the hart's own. */
static _Thread_local uint64_t start_addr;
static _Thread_local uint64_t start_arg;

int hsm_start(struct hart *hart, uint64_t addr, uint64_t arg)
{
	int state = SBI_HSM_STOPPED;

	/* Nobody else can be starting it once this succeeds. */
	if (!atomic_cmpxchg(&hart->state, &state, HSM_CLAIMED))
		return state;
	*hart_var(hart, start_addr) = addr;
	*hart_var(hart, start_arg) = arg;
	/* Pairs with the acquire in wait_for_start(). */
	atomic_store_release(&hart->state, SBI_HSM_START_PENDING);
	if (hart != &this_hart)
		ipi_send(hart, HART_EVENT_WAKE);
	return SBI_HSM_STOPPED;
}

void hsm_stop(void)
{
	atomic_store(&this_hart.state, SBI_HSM_STOP_PENDING);
	hart_restart();
}

void hsm_suspend(void)
{
	atomic_store(&this_hart.state, SBI_HSM_SUSPENDED);
	while (!(csr_read(CSR_MIP) & csr_read(CSR_MIE) &
		 SUPERVISOR_INTERRUPTS) &&
	       !ipi_has_deferred()) {
		uint64_t ours;

		wfi();
		ours = csr_read(CSR_MIP) & csr_read(CSR_MIE);
		if (ours & MIP_MSIP)
			ipi_handle_events();
		if (ours & MIP_MTIP)
			timer_interrupt();
		if (ours & MIP_MEIP)
			trap_external();
	}
	atomic_store(&this_hart.state, SBI_HSM_STARTED);
	ipi_send_deferred();
	trap_forget_time();
}

void hsm_resume(uint64_t addr, uint64_t arg)
{
	uint64_t mstatus;

	cpu_reset_supervisor();
	mstatus = csr_read(CSR_MSTATUS);
	/* Floating-point and vector units are on and hold nothing. */
	mstatus &= ~(MSTATUS_MPP | MSTATUS_MPIE | MSTATUS_MPV | MSTATUS_SIE |
		     MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_SUM | MSTATUS_MXR |
		     MSTATUS_MPRV | MSTATUS_FS | MSTATUS_VS);
	mstatus |= MSTATUS_MPP_S | SSTATUS_FS_INITIAL | MSTATUS_VS_INITIAL;
	csr_write(CSR_MSTATUS, mstatus);
	csr_write(CSR_MEPC, addr);
	csr_set(CSR_MIE, MIP_MSIP);
	atomic_store(&this_hart.state, SBI_HSM_STARTED);
	fence_i(); /* next.c may have moved what we enter */
	enter_lower(this_hart.id, arg);
}

bool hsm_others_are_stopped(void)
{
	struct hart *hart;

	hart_for_each (hart) {
		if (hart != &this_hart &&
		    atomic_load(&hart->state) != SBI_HSM_STOPPED)
			return false;
	}
	return true;
}

static void wait_for_start(void)
{
	int state = SBI_HSM_STOP_PENDING;

	/* After a reset it reads STOPPED already, or even START_PENDING. */
	atomic_cmpxchg(&this_hart.state, &state, SBI_HSM_STOPPED);
	csr_write(CSR_MIE, MIP_MSIP);
	while (atomic_load_acquire(&this_hart.state) != SBI_HSM_START_PENDING) {
		wfi();
		if (csr_read(CSR_MIP) & MIP_MSIP)
			ipi_handle_events();
	}
}

void hart_main(void)
{
	cpu_init();
	pmp_init_hart();   /* needs the firmware's range, cpu features */
	timer_init_hart(); /* needs cpu features */
	ecall_init_hart(); /* needs cpu features */
	wait_for_start();
	hsm_resume(start_addr, start_arg);
}
