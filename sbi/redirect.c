// SPDX-License-Identifier: MIT
/*
 * Passing a trap on to S-mode as if M-mode had delegated it.
 *
 * Privileged architecture, sections 3.1.6, 8.6 and 18.6 ("traps into HS-mode",
 * "traps into VS-mode").
 */
#include <lib/csr.h>

#include "priv19.h"
#include "trap.h"

/*
 * Is it a virtual machine's, and does its hypervisor let it have the trap?
 * Guest page faults never are the guest's own.
 */
static bool is_for_vs(const struct trap_info *info, uint64_t mstatus)
{
	return mstatus & MSTATUS_MPV &&
	       csr_read(CSR_HEDELEG) & BIT(info->cause);
}

/*
 * mstatus or vsstatus after a trap: interrupts off, the state from before
 * stacked.  MPIE goes too: version 1.9.1's mret puts it into SIE.
 */
static uint64_t stacked_status(uint64_t status, bool from_s)
{
	uint64_t new = status & ~(SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_SIE |
				  MSTATUS_MPIE);

	if (from_s)
		new |= SSTATUS_SPP;
	if (status & SSTATUS_SIE)
		new |= SSTATUS_SPIE;
	return new;
}

static void redirect_to_vs(const struct trap_info *info, bool from_s)
{
	csr_write(CSR_VSEPC, csr_read(CSR_MEPC));
	csr_write(CSR_VSCAUSE, info->cause);
	csr_write(CSR_VSTVAL, info->tval);
	csr_write(CSR_VSSTATUS, stacked_status(csr_read(CSR_VSSTATUS), from_s));
	csr_write(CSR_MEPC, csr_read(CSR_VSTVEC) & ~3ul);
	/* MPV stays set. */
	csr_set(CSR_MSTATUS, MSTATUS_MPP_S);
}

/* What HS-mode learns about a trap that came out of a guest, or did not. */
static void set_hypervisor_status(const struct trap_info *info,
				  uint64_t mstatus, bool from_s)
{
	uint64_t hstatus = csr_read(CSR_HSTATUS);

	hstatus &= ~(HSTATUS_SPV | HSTATUS_GVA);
	if (mstatus & MSTATUS_MPV) {
		hstatus &= ~HSTATUS_SPVP;
		hstatus |= HSTATUS_SPV | (from_s ? HSTATUS_SPVP : 0);
	}
	if (mstatus & MSTATUS_GVA)
		hstatus |= HSTATUS_GVA;
	csr_write(CSR_HSTATUS, hstatus);
	csr_write(CSR_HTVAL, info->tval2);
	csr_write(CSR_HTINST, info->tinst);
}

void trap_redirect(struct trap_info *info)
{
	uint64_t mstatus = csr_read(CSR_MSTATUS);
	bool from_s = mstatus & MSTATUS_MPP_S;

	if (hart_has(HART_IS_PRIV19) && priv19_resolve_fault(info))
		return;
	if (hart_has(HART_HAS_H)) {
		if (is_for_vs(info, mstatus)) {
			redirect_to_vs(info, from_s);
			return;
		}
		set_hypervisor_status(info, mstatus, from_s);
	}
	csr_write(CSR_SEPC, csr_read(CSR_MEPC));
	csr_write(CSR_SCAUSE, info->cause);
	csr_write(CSR_STVAL, info->tval);
	csr_write(CSR_MEPC, csr_read(CSR_STVEC) & ~3ul);
	mstatus = stacked_status(mstatus, from_s) | MSTATUS_MPP_S;
	csr_write(CSR_MSTATUS, mstatus & ~MSTATUS_MPV);
}
