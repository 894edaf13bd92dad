// SPDX-License-Identifier: MIT
/*
 * Control and status registers of the K210: k210.md sections 2.1 to 2.4.
 *
 * What the chip lacks (time, PMP, mcounteren, ...) is simply not listed, and
 * so illegal.  The debug-mode registers are illegal outside debug mode, which
 * the model does not have.
 */
#include "csr.h"

#include "machine.h"
#include "mmu.h"

#define MSTATUS_WRITABLE                                                       \
	(MSTATUS_SIE | MSTATUS_MIE | MSTATUS_SPIE | MSTATUS_MPIE |             \
	 MSTATUS_SPP | MSTATUS_MPRV | MSTATUS_PUM | MSTATUS_MXR)
#define SSTATUS_WRITABLE                                                       \
	(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_PUM)
#define SSTATUS_READABLE                                                       \
	(SSTATUS_WRITABLE | MSTATUS_FS | MSTATUS_MXR | MSTATUS_SD)
#define MIE_MASK     0xaaa
#define MIP_WRITABLE (MIP_SSIP | MIP_STIP)
#define MEDELEG_MASK 0x1ab
#define MIDELEG_MASK 0x22
#define COUNTER_MASK 0x7
#define CAUSE_MASK   ((1ull << 63) | 31)
#define MISA         0x800000000014112dull
#define MVENDORID    0x4b5
#define MARCHID      0xe59889e6a5a04149ull
#define MIMPID       0x4d41495832303030ull

static uint64_t sext(uint64_t value, unsigned int bits)
{
	return (uint64_t)((int64_t)(value << (64 - bits)) >> (64 - bits));
}

static uint64_t mstatus_read(const struct hart *hart)
{
	return hart->mstatus | (hart_has_fp(hart) ? MSTATUS_SD : 0);
}

static void mstatus_write(struct hart *hart, uint64_t value, uint64_t writable)
{
	hart->mstatus = (hart->mstatus & ~writable) | (value & writable);
	hart->mstatus &= ~MSTATUS_FS;
	if (value & MSTATUS_FS)
		hart->mstatus |= MSTATUS_FS;
}

/* What only mstatus shows: the mode of mret and the paging mode. */
static void mstatus_write_machine(struct hart *hart, uint64_t value)
{
	uint64_t mpp = (value & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT;
	uint64_t vm = (value & MSTATUS_VM) >> MSTATUS_VM_SHIFT;

	hart->mstatus &= ~MSTATUS_MPP;
	if (mpp != 2)
		hart->mstatus |= mpp << MSTATUS_MPP_SHIFT;
	if (vm == 0 || vm == VM_SV39) {
		hart->mstatus &= ~MSTATUS_VM;
		hart->mstatus |= vm << MSTATUS_VM_SHIFT;
	}
}

/* Counters 0xc00 to 0xc1f, which mucounteren and mscounteren gate. */
static bool counter_read(struct hart *hart, unsigned int index, uint64_t *value)
{
	uint32_t enabled = hart->priv == PRIV_M   ? UINT32_MAX
			   : hart->priv == PRIV_S ? hart->mscounteren
						  : hart->mucounteren;

	if (index == 1 || !(enabled >> index & 1))
		return false;
	*value = 0;
	if (index == 0)
		*value = hart_cycles(hart) + (uint64_t)hart->cycle_offset;
	else if (index == 2)
		*value = hart_instret(hart) + (uint64_t)hart->instret_offset;
	return true;
}

static bool fp_csr_read(struct hart *hart, unsigned int number, uint64_t *value)
{
	if (!hart_has_fp(hart))
		return false;
	*value = number == 1   ? hart->fflags
		 : number == 2 ? hart->frm
			       : hart->frm << 5 | hart->fflags;
	return true;
}

static bool supervisor_read(struct hart *hart, unsigned int number,
			    uint64_t *value)
{
	switch (number) {
	case 0x100:
		*value = mstatus_read(hart) & SSTATUS_READABLE;
		return true;
	case 0x104:
		*value = hart->mie & hart->mideleg;
		return true;
	case 0x105:
		*value = hart->stvec;
		return true;
	case 0x140:
		*value = hart->sscratch;
		return true;
	case 0x141:
		*value = hart->sepc;
		return true;
	case 0x142:
		*value = hart->scause;
		return true;
	case 0x143:
		*value = hart->sbadaddr;
		return true;
	case 0x144:
		*value = (hart->mip_software | hart->mip_lines) & hart->mideleg;
		return true;
	case 0x180:
		*value = hart->sptbr;
		return true;
	default:
		return false;
	}
}

static bool machine_read(struct hart *hart, unsigned int number,
			 uint64_t *value)
{
	switch (number) {
	case 0x300:
		*value = mstatus_read(hart);
		return true;
	case 0x301:
		*value = MISA;
		return true;
	case 0x302:
		*value = hart->medeleg;
		return true;
	case 0x303:
		*value = hart->mideleg;
		return true;
	case 0x304:
		*value = hart->mie;
		return true;
	case 0x305:
		*value = hart->mtvec;
		return true;
	case 0x320:
		*value = hart->mucounteren;
		return true;
	case 0x321:
		*value = hart->mscounteren;
		return true;
	case 0x340:
		*value = hart->mscratch;
		return true;
	case 0x341:
		*value = hart->mepc;
		return true;
	case 0x342:
		*value = hart->mcause;
		return true;
	case 0x343:
		*value = hart->mbadaddr;
		return true;
	case 0x344:
		*value = hart->mip_software | hart->mip_lines;
		return true;
	case 0xf11:
		*value = MVENDORID;
		return true;
	case 0xf12:
		*value = MARCHID;
		return true;
	case 0xf13:
		*value = MIMPID;
		return true;
	case 0xf14:
		*value = hart->id;
		return true;
	default:
		return false;
	}
}

/* Counters of hardware events and debug triggers: there, and always 0. */
static bool reads_as_zero(unsigned int number)
{
	return (number >= 0x323 && number <= 0x33f) ||
	       (number >= 0xb03 && number <= 0xb1f) ||
	       (number >= 0x7a0 && number <= 0x7a2);
}

bool csr_read(struct hart *hart, unsigned int number, uint64_t *value)
{
	if (hart->priv < (number >> 8 & 3))
		return false;
	if (number >= 1 && number <= 3)
		return fp_csr_read(hart, number, value);
	if (number >= 0xc00 && number <= 0xc1f)
		return counter_read(hart, number & 31, value);
	if (number == 0xb00 || number == 0xb02)
		return counter_read(hart, number & 31, value);
	if (reads_as_zero(number)) {
		*value = 0;
		return true;
	}
	return supervisor_read(hart, number, value) ||
	       machine_read(hart, number, value);
}

static bool fp_csr_write(struct hart *hart, unsigned int number, uint64_t value)
{
	if (number != 2)
		hart->fflags = value & 31;
	if (number == 2)
		hart->frm = value & 7;
	if (number == 3)
		hart->frm = value >> 5 & 7;
	return true;
}

static bool supervisor_write(struct hart *hart, unsigned int number,
			     uint64_t value)
{
	uint32_t mask;

	switch (number) {
	case 0x100:
		mstatus_write(hart, value, SSTATUS_WRITABLE);
		mmu_mode_changed(hart);
		return true;
	case 0x104:
		hart->mie = (hart->mie & ~hart->mideleg) |
			    ((uint32_t)value & hart->mideleg);
		return true;
	case 0x105:
		hart->stvec = sext(value & ~3ull, 39);
		return true;
	case 0x140:
		hart->sscratch = value;
		return true;
	case 0x141:
		hart->sepc = sext(value & ~1ull, 40);
		return true;
	case 0x142:
		hart->scause = value & CAUSE_MASK;
		return true;
	case 0x143:
		hart->sbadaddr = sext(value, 40);
		return true;
	case 0x144:
		mask = MIP_SSIP & hart->mideleg;
		hart->mip_software =
			(hart->mip_software & ~mask) | ((uint32_t)value & mask);
		return true;
	case 0x180:
		hart->sptbr = value & 0xfffff;
		return true;
	default:
		return false;
	}
}

static bool machine_write(struct hart *hart, unsigned int number,
			  uint64_t value)
{
	switch (number) {
	case 0x300:
		mstatus_write(hart, value, MSTATUS_WRITABLE);
		mstatus_write_machine(hart, value);
		mmu_mode_changed(hart);
		return true;
	case 0x301: /* the model keeps all extensions */
		return true;
	case 0x302:
		hart->medeleg = value & MEDELEG_MASK;
		return true;
	case 0x303:
		hart->mideleg = value & MIDELEG_MASK;
		return true;
	case 0x304:
		hart->mie = value & MIE_MASK;
		return true;
	case 0x305:
		hart->mtvec = value & 0xfffffffc;
		return true;
	case 0x320:
		hart->mucounteren = value & COUNTER_MASK;
		return true;
	case 0x321:
		hart->mscounteren = value & COUNTER_MASK;
		return true;
	case 0x340:
		hart->mscratch = value;
		return true;
	case 0x341:
		hart->mepc = sext(value & ~1ull, 40);
		return true;
	case 0x342:
		hart->mcause = value & CAUSE_MASK;
		return true;
	case 0x343:
		hart->mbadaddr = sext(value, 40);
		return true;
	case 0x344:
		hart->mip_software = value & MIP_WRITABLE;
		return true;
	case 0xb00:
		hart->cycle_offset = (int64_t)(value - hart_cycles(hart));
		return true;
	case 0xb02:
		hart->instret_offset = (int64_t)(value - hart_instret(hart));
		return true;
	default:
		return false;
	}
}

bool csr_write(struct hart *hart, unsigned int number, uint64_t value)
{
	if (hart->priv < (number >> 8 & 3) || number >> 10 == 3)
		return false;
	if (number >= 1 && number <= 3)
		return fp_csr_write(hart, number, value);
	return reads_as_zero(number) || supervisor_write(hart, number, value) ||
	       machine_write(hart, number, value);
}
