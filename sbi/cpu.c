// SPDX-License-Identifier: MIT
/*
 * Control registers of the running hart.
 *
 * Privileged architecture 1.12; priv19.c has what 1.9.1 wants differently.
 * What a hart has is asked of the hart itself,
 * by trying; the tree is only believed to have Sstc when it says so, since a
 * model may let menvcfg.STCE be set on harts that should not have it.
 */
#include "cpu.h"

#include <lib/csr.h>

#include "hart.h"
#include "priv19.h"

#define MISA_BIT(letter) BIT((letter) - 'A')

#define DELEGATED_INTERRUPTS (MIP_SSIP | MIP_STIP | MIP_SEIP | MIP_LCOFIP)

#define DELEGATED_EXCEPTIONS                                                   \
	(BIT(CAUSE_FETCH_MISALIGNED) | BIT(CAUSE_FETCH_ACCESS) |               \
	 BIT(CAUSE_BREAKPOINT) | BIT(CAUSE_LOAD_ACCESS) |                      \
	 BIT(CAUSE_STORE_ACCESS) | BIT(CAUSE_USER_ECALL) |                     \
	 BIT(CAUSE_FETCH_PAGE_FAULT) | BIT(CAUSE_LOAD_PAGE_FAULT) |            \
	 BIT(CAUSE_STORE_PAGE_FAULT) | BIT(CAUSE_SOFTWARE_CHECK))

#define DELEGATED_BY_H                                                         \
	(BIT(CAUSE_VS_ECALL) | BIT(CAUSE_FETCH_GUEST_FAULT) |                  \
	 BIT(CAUSE_LOAD_GUEST_FAULT) | BIT(CAUSE_VIRTUAL_INSTRUCTION) |        \
	 BIT(CAUSE_STORE_GUEST_FAULT))

/* All that S-mode may use of menvcfg without asking. */
#define ENVCFG_WANTED                                                          \
	(ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE | MENVCFG_PBMTE |            \
	 MENVCFG_STCE)

static unsigned int find_features(void)
{
	uint64_t misa = csr_read(CSR_MISA);
	unsigned int features = 0;
	bool ok;

	if (misa & MISA_BIT('H'))
		features |= HART_HAS_H;
	if (misa & (MISA_BIT('F') | MISA_BIT('D')))
		features |= HART_HAS_FP;

	csr_try_read(CSR_MCOUNTEREN, &ok);
	if (!ok && priv19_is_this_hart())
		features |= HART_IS_PRIV19;
	csr_try_read(CSR_TIME, &ok);
	if (ok)
		features |= HART_HAS_TIME;
	csr_try_read(CSR_PMPCFG0, &ok);
	if (ok)
		features |= HART_HAS_PMP;
	csr_try_read(CSR_MCOUNTINHIBIT, &ok);
	if (ok && !(features & HART_IS_PRIV19))
		features |= HART_HAS_INHIBIT;
	csr_try_read(CSR_SCOUNTOVF, &ok);
	if (ok)
		features |= HART_HAS_SSCOFPMF;

	if (csr_try_write(CSR_MENVCFG, ENVCFG_WANTED)) {
		features |= HART_HAS_ENVCFG;
		csr_try_read(CSR_STIMECMP, &ok);
		if (ok && csr_read(CSR_MENVCFG) & MENVCFG_STCE)
			features |= HART_HAS_SSTC;
		else
			csr_clear(CSR_MENVCFG, MENVCFG_STCE); /* STIP is ours */
	}
	return features;
}

static void delegate(void)
{
	uint64_t exceptions = DELEGATED_EXCEPTIONS;

	if (hart_has(HART_HAS_H))
		exceptions |= DELEGATED_BY_H;
	/* Illegal instructions come to us only where rdtime is one. */
	if (hart_has(HART_HAS_TIME))
		exceptions |= BIT(CAUSE_ILLEGAL);
	if (hart_has(HART_IS_PRIV19))
		exceptions &= ~PRIV19_OWN_EXCEPTIONS;
	csr_write(CSR_MIDELEG, DELEGATED_INTERRUPTS);
	csr_write(CSR_MEDELEG, exceptions);
}

void cpu_init(void)
{
	csr_write(CSR_MIE, 0);
	csr_write(CSR_MSCRATCH, 0);
	csr_write(CSR_MTVEC, trap_entry);
	csr_write(CSR_MSTATUS, MSTATUS_FS | MSTATUS_VS);

	this_hart.features = find_features();
	delegate();

	/* Counters for S-mode, which decides about U-mode by scounteren. */
	csr_try_write(CSR_MCOUNTEREN, -1ul);
	csr_try_write(CSR_SCOUNTEREN,
		      COUNTEREN_CY | COUNTEREN_TM | COUNTEREN_IR);
	csr_try_write(CSR_MSTATEEN0, -1ul);
	csr_write(CSR_MIP, 0);
	if (hart_has(HART_IS_PRIV19))
		priv19_init_hart();
}

void cpu_reset_supervisor(void)
{
	csr_write(CSR_SIE, 0);
	csr_write(CSR_SIP, 0);
	csr_write(CSR_STVEC, 0);
	csr_write(CSR_SSCRATCH, 0);
	csr_write(CSR_SCAUSE, 0);
	csr_write(CSR_STVAL, 0);
	csr_write(CSR_SEPC, 0);
	if (hart_has(HART_HAS_H)) {
		csr_write(CSR_HSTATUS, 0);
		csr_write(CSR_HGATP, 0);
	}
	if (hart_has(HART_IS_PRIV19)) {
		priv19_map_identity();
	} else {
		csr_write(CSR_SATP, 0);
		sfence_vma_all();
	}
}
