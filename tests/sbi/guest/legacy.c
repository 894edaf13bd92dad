// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 5: legacy extensions 0 to 7.  Extension 8 ends the machine:
 * main.c with end=legacy.  They return one value, in a0; a1 is kept.
 */
#include <lib/csr.h>

#include "guest.h"
#include "hart.h"
#include "machine.h"
#include "paging.h"
#include "trap.h"

static uint64_t own_mask[2];

static const uint64_t *mask_of_self(void)
{
	own_mask[0] = 0;
	own_mask[1] = 0;
	own_mask[this_hart()->id / 64] = BIT(this_hart()->id % 64);
	return own_mask;
}

static long with_mask(long extension, const uint64_t *mask)
{
	return sbi_legacy(extension, (uint64_t)mask, 0, 0, 0);
}

EXTENSION_CASE(SBI_EXT_LEGACY_SET_TIMER, legacy_set_timer)
{
	uint64_t end = time_now() + 30000 * time_ms();

	expect("set_timer(0)", 0,
	       (uint64_t)sbi_legacy(SBI_EXT_LEGACY_SET_TIMER, 0, 0, 0, 0));
	while (!(csr_read(CSR_SIP) & MIP_STIP) && time_now() < end)
		;
	expect("sip.STIP", MIP_STIP, csr_read(CSR_SIP) & MIP_STIP);
	expect("set_timer(-1)", 0,
	       (uint64_t)sbi_legacy(SBI_EXT_LEGACY_SET_TIMER, -1ul, 0, 0, 0));
	expect("sip.STIP", 0, csr_read(CSR_SIP) & MIP_STIP);
}

EXTENSION_CASE(SBI_EXT_LEGACY_PUTCHAR, legacy_putchar_prints)
{
	const char *at;

	for (at = "legacy: written by byte\n"; *at; at++)
		expect("putchar", 0,
		       (uint64_t)sbi_legacy(SBI_EXT_LEGACY_PUTCHAR,
					    (uint8_t)*at, 0, 0, 0));
}

EXTENSION_CASE(SBI_EXT_LEGACY_GETCHAR, legacy_getchar_of_nothing_is_minus_1)
{
	expect("getchar", -1ul,
	       (uint64_t)sbi_legacy(SBI_EXT_LEGACY_GETCHAR, 0, 0, 0, 0));
}

EXTENSION_CASE(SBI_EXT_LEGACY_SEND_IPI, legacy_send_ipi_to_self)
{
	struct hart *hart = this_hart();
	unsigned int before = hart->software_interrupts;

	interrupts_enable(SIE_SSIE);
	expect("send_ipi", 0,
	       (uint64_t)with_mask(SBI_EXT_LEGACY_SEND_IPI, mask_of_self()));
	expect_true("the interrupt comes",
		    wait_for(&hart->software_interrupts, before + 1));
	interrupts_disable(SIE_SSIE);
}

EXTENSION_CASE(SBI_EXT_LEGACY_CLEAR_IPI, legacy_clear_ipi)
{
	uint64_t end = time_now() + 30000 * time_ms();
	long pending;

	with_mask(SBI_EXT_LEGACY_SEND_IPI, mask_of_self());
	while (!(csr_read(CSR_SIP) & MIP_SSIP) && time_now() < end)
		;
	pending = sbi_legacy(SBI_EXT_LEGACY_CLEAR_IPI, 0, 0, 0, 0);
	expect_true("an IPI was pending", pending > 0);
	expect("sip.SSIP", 0, csr_read(CSR_SIP) & MIP_SSIP);
	expect("clear_ipi again", 0,
	       (uint64_t)sbi_legacy(SBI_EXT_LEGACY_CLEAR_IPI, 0, 0, 0, 0));
}

EXTENSION_CASE(SBI_EXT_LEGACY_FENCE_I, legacy_remote_fences)
{
	const uint64_t *mask = mask_of_self();

	expect("fence_i", 0, (uint64_t)with_mask(SBI_EXT_LEGACY_FENCE_I, mask));
	expect("sfence_vma", 0,
	       (uint64_t)sbi_legacy(SBI_EXT_LEGACY_SFENCE_VMA, (uint64_t)mask,
				    0x1000, 0x1000, 0));
	expect("sfence_vma_asid", 0,
	       (uint64_t)sbi_legacy(SBI_EXT_LEGACY_SFENCE_VMA_ASID,
				    (uint64_t)mask, 0x1000, 0x1000, 1));
}

static void fence_with_mask(void *arg)
{
	with_mask(SBI_EXT_LEGACY_FENCE_I, arg);
}

/* The mask is read with the caller's translation. */
EXTENSION_CASE(SBI_EXT_LEGACY_FENCE_I, legacy_mask_is_a_virtual_address)
{
	uint64_t *page = (uint64_t *)scratch;

	page[0] = *mask_of_self();
	page[1] = own_mask[1];
	paging_map(0, (uint64_t)page, PTE_R);
	paging_on();
	expect_no_trap("fence_i", fence_with_mask, (void *)PAGING_WINDOW);
	paging_off();
}

/* Faults come back to S-mode, at the ecall. */
EXTENSION_CASE(SBI_EXT_LEGACY_FENCE_I, legacy_mask_fault_is_redirected)
{
	struct hart *hart = this_hart();

	paging_map(1, 0, 0);
	paging_on();
	expect_trap("fence_i", fence_with_mask, (void *)(PAGING_WINDOW + 4096),
		    CAUSE_LOAD_PAGE_FAULT, PAGING_WINDOW + 4096);
	paging_off();
	expect("instruction at sepc, ecall", 0x73,
	       *(const uint32_t *)hart->trap.epc);
}
