// SPDX-License-Identifier: MIT
/* See csr_status.h. */
#include "csr_status.h"

#include "mmu.h"

#define SSTATUS_WRITABLE                                                       \
	(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_PUM)
#define SSTATUS_READABLE                                                       \
	(SSTATUS_WRITABLE | MSTATUS_FS | MSTATUS_MXR | MSTATUS_SD)
#define MSTATUS_WRITABLE                                                       \
	(SSTATUS_WRITABLE | MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPRV |        \
	 MSTATUS_MXR)

uint64_t mstatus_read(const struct hart *hart)
{
	return hart->mstatus | (hart_has_fp(hart) ? MSTATUS_SD : 0);
}

uint64_t sstatus_read(const struct hart *hart)
{
	return mstatus_read(hart) & SSTATUS_READABLE;
}

/* What is written to FS but 0 reads back as dirty. */
static void write_fields(struct hart *hart, uint64_t value, uint64_t writable)
{
	hart->mstatus = (hart->mstatus & ~writable) | (value & writable);
	hart->mstatus &= ~MSTATUS_FS;
	if (value & MSTATUS_FS)
		hart->mstatus |= MSTATUS_FS;
}

void sstatus_write(struct hart *hart, uint64_t value)
{
	write_fields(hart, value, SSTATUS_WRITABLE);
	mmu_mode_changed(hart);
}

/* Beyond the fields: the mode of mret, and the paging mode. */
void mstatus_write(struct hart *hart, uint64_t value)
{
	uint64_t mpp = (value & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT;
	uint64_t vm = (value & MSTATUS_VM) >> MSTATUS_VM_SHIFT;

	write_fields(hart, value, MSTATUS_WRITABLE);
	hart->mstatus &= ~MSTATUS_MPP;
	if (mpp != 2)
		hart->mstatus |= mpp << MSTATUS_MPP_SHIFT;
	if (vm == 0 || vm == VM_SV39) {
		hart->mstatus &= ~MSTATUS_VM;
		hart->mstatus |= vm << MSTATUS_VM_SHIFT;
	}
	mmu_mode_changed(hart);
}
