// SPDX-License-Identifier: MIT
/*
 * Traps and their returns, with the interrupt-enable stack of 1.9.1:
 * k210.md section 2.2.  Delegation is section 2.4.
 */
#include "hart.h"

#include "machine.h"
#include "mmu.h"
#include "report.h"
#include "trace.h"

#define INTERRUPT   (1ull << 63)
/* Causes that store a badaddr; an illegal instruction leaves the old one. */
#define HAS_BADADDR 0xfbu
#define LOST_TRAPS  1000 /* more than chance, less than a person waits for */

static bool interrupts_enabled(const struct hart *hart, enum priv priv)
{
	if (priv == PRIV_M)
		return hart->mstatus & MSTATUS_MIE;
	return priv == PRIV_S && hart->mstatus & MSTATUS_SIE;
}

/* xPIE := the enable of the mode that was interrupted, not xIE. */
static void enter_supervisor(struct hart *hart, uint64_t cause)
{
	bool enabled = interrupts_enabled(hart, hart->priv);

	hart->mstatus &= ~(MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_SIE);
	hart->mstatus |= (enabled ? MSTATUS_SPIE : 0) |
			 (hart->priv == PRIV_S ? MSTATUS_SPP : 0);
	hart->scause = cause;
	hart->sepc = hart->pc;
	hart->priv = PRIV_S;
	hart->pc = hart->stvec;
}

static void enter_machine(struct hart *hart, uint64_t cause)
{
	bool enabled = interrupts_enabled(hart, hart->priv);

	hart->mstatus &= ~(MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_MIE);
	hart->mstatus |= (enabled ? MSTATUS_MPIE : 0) |
			 (uint64_t)hart->priv << MSTATUS_MPP_SHIFT;
	hart->mcause = cause;
	hart->mepc = hart->pc;
	hart->priv = PRIV_M;
	hart->pc = hart->mtvec;
}

/*
 * A handler that traps at its first instruction is there again at once, for
 * ever; nothing retires that --limit could count.
 */
static void check_handler(struct hart *hart, enum cause cause, enum priv priv,
			  uint64_t from)
{
	if (hart->pc != from || hart->priv != priv) {
		hart->lost = 0;
		return;
	}
	if (++hart->lost < LOST_TRAPS)
		return;
	report_misuse(hart, from,
		      "trap %d at the first instruction of the trap handler, "
		      "for ever",
		      (int)cause);
	machine_stop(hart->machine, STATUS_MISUSE);
}

/* A trap into S-mode if delegated and not from M, else into M-mode. */
static bool enter(struct hart *hart, uint64_t cause, uint64_t delegated)
{
	bool to_supervisor =
		hart->priv != PRIV_M && (delegated >> (cause & 31) & 1);
	uint64_t from = hart->pc;

	hart->reservation = NO_RESERVATION;
	if (to_supervisor)
		enter_supervisor(hart, cause);
	else
		enter_machine(hart, cause);
	hart_end_block(hart);
	mmu_mode_changed(hart);
	if (trace_is_on(&hart->machine->trace))
		trace_trap(hart, cause, from);
	return to_supervisor;
}

bool hart_raise(struct hart *hart, enum cause cause, uint64_t value)
{
	enum priv priv = hart->priv;
	uint64_t from = hart->pc;
	bool to_supervisor = enter(hart, cause, hart->medeleg);

	/* hart_run() counts it as if it had retired. */
	hart->instret--;
	if (HAS_BADADDR >> cause & 1 ||
	    (cause == CAUSE_ILLEGAL && hart->machine->illegal_badaddr)) {
		value = (uint64_t)((int64_t)(value << 24) >> 24);
		if (to_supervisor)
			hart->sbadaddr = value;
		else
			hart->mbadaddr = value;
	}
	check_handler(hart, cause, priv, from);
	return false;
}

bool hart_raise_illegal(struct hart *hart)
{
	return hart_raise(hart, CAUSE_ILLEGAL, hart->pc);
}

bool hart_has_wakeup(const struct hart *hart)
{
	return ((hart->mip_software | hart->mip_lines) & hart->mie) != 0;
}

bool hart_take_interrupt(struct hart *hart)
{
	uint64_t pending = (hart->mip_software | hart->mip_lines) & hart->mie;
	uint64_t takeable = 0;

	if (hart->priv != PRIV_M || hart->mstatus & MSTATUS_MIE)
		takeable |= pending & ~hart->mideleg;
	if (hart->priv == PRIV_U ||
	    (hart->priv == PRIV_S && hart->mstatus & MSTATUS_SIE))
		takeable |= pending & hart->mideleg;
	if (!takeable)
		return false;

	/* The lowest number first, unlike 1.10's order. */
	enter(hart, INTERRUPT | (unsigned int)__builtin_ctzll(takeable),
	      hart->mideleg);
	return true;
}

void hart_mret(struct hart *hart)
{
	enum priv previous =
		(enum priv)((hart->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT);
	uint64_t ie = previous == PRIV_M   ? MSTATUS_MIE
		      : previous == PRIV_S ? MSTATUS_SIE
					   : 0;

	if (hart->mstatus & MSTATUS_MPIE)
		hart->mstatus |= ie;
	else
		hart->mstatus &= ~ie;
	hart->mstatus |= MSTATUS_MPIE;
	hart->mstatus &= ~MSTATUS_MPP;
	hart->priv = previous;
	hart->pc = hart->mepc;
	hart_end_block(hart);
	mmu_mode_changed(hart);
}

void hart_sret(struct hart *hart)
{
	bool to_supervisor = hart->mstatus & MSTATUS_SPP;
	uint64_t ie = to_supervisor ? MSTATUS_SIE : 0;

	if (hart->mstatus & MSTATUS_SPIE)
		hart->mstatus |= ie;
	else
		hart->mstatus &= ~ie;
	hart->mstatus |= MSTATUS_SPIE;
	hart->mstatus &= ~MSTATUS_SPP;
	hart->priv = to_supervisor ? PRIV_S : PRIV_U;
	hart->pc = hart->sepc;
	hart_end_block(hart);
	mmu_mode_changed(hart);
}
