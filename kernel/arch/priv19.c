// SPDX-License-Identifier: MIT
/*
 * Harts of version 1.9.1 of the privileged architecture: those of the K210.
 *
 * The kernel is written for 1.10 and later.  What 1.9.1 has differently and
 * firmware cannot hide at a fair price is dealt with here, once, at boot:
 *
 *   sfence.vma   does not exist.  sfence.vm drops all translations of the hart
 *   sstatus.SUM  is PUM, its opposite: 1 keeps S-mode from user pages
 *
 * An instruction that this concerns is exchanged in the image, so it costs
 * nothing on other machines.  The rest needs no code of its own: without
 * address-space identifiers arch/asid.c flushes, and page faults, time and
 * scounteren are what the firmware makes of them (docs/traps.md).
 */
#include <arch/priv19.h>

#include <arch/image.h>
#include <arch/sbi.h>
#include <arch/trap.h>
#include <core/init.h>
#include <lib/sbi.h>

/* Ids of the K210; Linux, drivers/soc/canaan/k210-sysctl.c (v5.10). */
#define K210_MVENDORID 0x4b5ul
#define K210_MARCHID   0xe59889e6a5a04149ul /* "Canaan" in Chinese, "AI" */
#define K210_MIMPID    0x4d41495832303030ul /* "MAIX2000" */

/* A line of the table, as PRIV19_INSTEAD of priv19.inc makes it. */
struct priv19_site {
	int32_t distance; /* from here to the instruction */
	uint16_t insn[2]; /* which takes its place; only 2-byte aligned there */
};
static_assert(sizeof(struct priv19_site) == 8, "priv19.inc makes these");

static __init bool harts_are_priv19(void)
{
	return sbi_machine_id(SBI_BASE_GET_MVENDORID) == K210_MVENDORID &&
	       sbi_machine_id(SBI_BASE_GET_MARCHID) == K210_MARCHID &&
	       sbi_machine_id(SBI_BASE_GET_MIMPID) == K210_MIMPID;
}

__init void priv19_init(void)
{
	const struct priv19_site *site = (const void *)priv19_start;
	const struct priv19_site *end = (const void *)priv19_end;

	if (!harts_are_priv19())
		return;
	for (; site < end; site++) {
		uint16_t *insn = (uint16_t *)((intptr_t)site + site->distance);

		insn[0] = site->insn[0];
		insn[1] = site->insn[1];
	}
	fence_i();

	/* Programs run with it, and so does the kernel that they trap into. */
	trap_status_user |= SSTATUS_SUM;
	/* Else firmware takes what PUM refuses for a kernel that sets SUM. */
	if (sbi_has_k210())
		sbi_k210(SBI_K210_PUM_AWARE);
}
