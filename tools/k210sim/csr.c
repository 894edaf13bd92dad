// SPDX-License-Identifier: MIT
/*
 * See csr.h.
 *
 * What the chip lacks (time, PMP, mcounteren, ...) is simply not listed, and
 * so illegal.  The debug-mode registers are illegal outside debug mode, which
 * the model does not have.
 */
#include "csr.h"

#include <stddef.h>

#include "csr_status.h"
#include "machine.h"

#define MIE_MASK     0xaaa
#define MIP_WRITABLE (MIP_SSIP | MIP_STIP)
#define MEDELEG_MASK 0x1ab
#define MIDELEG_MASK 0x22
#define COUNTER_MASK 0x7
#define CAUSE_MASK   ((1ull << 63) | 31)
#define ALL          UINT64_MAX

/*
 * A register with functions, or else one that is a uint64_t of the hart, of
 * which the bits of mask stick and the sign is that of `width` bits.
 */
struct csr {
	uint64_t (*read)(const struct hart *hart);
	void (*write)(struct hart *hart, uint64_t value);
	size_t member; /* offset in struct hart; 0: none */
	uint64_t mask;
	unsigned int width;
};

/* misa is writable on the chip, but the model keeps all extensions. */
static void ignore_write(struct hart *hart, uint64_t value)
{
	(void)hart;
	(void)value;
}

static uint64_t read_zero(const struct hart *hart)
{
	(void)hart;
	return 0;
}

static uint64_t misa_read(const struct hart *hart)
{
	(void)hart;
	return 0x800000000014112dull;
}

static uint64_t mvendorid_read(const struct hart *hart)
{
	(void)hart;
	return 0x4b5;
}

static uint64_t marchid_read(const struct hart *hart)
{
	(void)hart;
	return 0xe59889e6a5a04149ull;
}

static uint64_t mimpid_read(const struct hart *hart)
{
	(void)hart;
	return 0x4d41495832303030ull;
}

static uint64_t mhartid_read(const struct hart *hart)
{
	return hart->id;
}

static uint64_t fflags_read(const struct hart *hart)
{
	return hart->fflags;
}

static void fflags_write(struct hart *hart, uint64_t value)
{
	hart->fflags = value & 31;
}

static uint64_t frm_read(const struct hart *hart)
{
	return hart->frm;
}

static void frm_write(struct hart *hart, uint64_t value)
{
	hart->frm = value & 7;
}

static uint64_t fcsr_read(const struct hart *hart)
{
	return hart->frm << 5 | hart->fflags;
}

static void fcsr_write(struct hart *hart, uint64_t value)
{
	fflags_write(hart, value);
	frm_write(hart, value >> 5);
}

static uint64_t mip_read(const struct hart *hart)
{
	return hart->mip_software | hart->mip_lines;
}

static void mip_write(struct hart *hart, uint64_t value)
{
	hart->mip_software = value & MIP_WRITABLE;
}

static uint64_t sip_read(const struct hart *hart)
{
	return mip_read(hart) & hart->mideleg;
}

static void sip_write(struct hart *hart, uint64_t value)
{
	uint64_t mask = MIP_SSIP & hart->mideleg;

	hart->mip_software =
		(uint32_t)((hart->mip_software & ~mask) | (value & mask));
}

static uint64_t sie_read(const struct hart *hart)
{
	return hart->mie & hart->mideleg;
}

static void sie_write(struct hart *hart, uint64_t value)
{
	hart->mie = (hart->mie & ~hart->mideleg) | (value & hart->mideleg);
}

static uint64_t cycle_read(const struct hart *hart)
{
	return hart_cycles(hart) + (uint64_t)hart->cycle_offset;
}

/* What is written is what the next instruction reads; so for instret. */
static void cycle_write(struct hart *hart, uint64_t value)
{
	hart->cycle_offset = (int64_t)(value - hart_cycles(hart) - 1);
}

static uint64_t instret_read(const struct hart *hart)
{
	return hart_instret(hart) + (uint64_t)hart->instret_offset;
}

static void instret_write(struct hart *hart, uint64_t value)
{
	hart->instret_offset = (int64_t)(value - hart_instret(hart) - 1);
}

#define MEMBER(name) .member = offsetof(struct hart, name)

/* By number. */
static const struct csr csrs[0x1000] = {
	[0x001] = { fflags_read, fflags_write },
	[0x002] = { frm_read, frm_write },
	[0x003] = { fcsr_read, fcsr_write },

	[0x100] = { sstatus_read, sstatus_write },
	[0x104] = { sie_read, sie_write },
	[0x105] = { MEMBER(stvec), .mask = ~3ull, .width = 39 },
	[0x140] = { MEMBER(sscratch), .mask = ALL, .width = 64 },
	[0x141] = { MEMBER(sepc), .mask = ~1ull, .width = 40 },
	[0x142] = { MEMBER(scause), .mask = CAUSE_MASK, .width = 64 },
	[0x143] = { MEMBER(sbadaddr), .mask = ALL, .width = 40 },
	[0x144] = { sip_read, sip_write },
	[0x180] = { MEMBER(sptbr), .mask = 0xfffff, .width = 64 },

	[0x300] = { mstatus_read, mstatus_write },
	[0x301] = { misa_read, ignore_write },
	[0x302] = { MEMBER(medeleg), .mask = MEDELEG_MASK, .width = 64 },
	[0x303] = { MEMBER(mideleg), .mask = MIDELEG_MASK, .width = 64 },
	[0x304] = { MEMBER(mie), .mask = MIE_MASK, .width = 64 },
	[0x305] = { MEMBER(mtvec), .mask = 0xfffffffc, .width = 64 },
	[0x320] = { MEMBER(mucounteren), .mask = COUNTER_MASK, .width = 64 },
	[0x321] = { MEMBER(mscounteren), .mask = COUNTER_MASK, .width = 64 },
	/* Events, counters of events and triggers: there, and always 0. */
	[0x323 ... 0x33f] = { read_zero, ignore_write },
	[0x340] = { MEMBER(mscratch), .mask = ALL, .width = 64 },
	[0x341] = { MEMBER(mepc), .mask = ~1ull, .width = 40 },
	[0x342] = { MEMBER(mcause), .mask = CAUSE_MASK, .width = 64 },
	[0x343] = { MEMBER(mbadaddr), .mask = ALL, .width = 40 },
	[0x344] = { mip_read, mip_write },
	[0x7a0 ... 0x7a2] = { read_zero, ignore_write },
	[0xb00] = { cycle_read, cycle_write },
	[0xb02] = { instret_read, instret_write },
	[0xb03 ... 0xb1f] = { read_zero, ignore_write },

	[0xc00] = { .read = cycle_read },
	[0xc02] = { .read = instret_read },
	[0xc03 ... 0xc1f] = { .read = read_zero },
	[0xf11] = { .read = mvendorid_read },
	[0xf12] = { .read = marchid_read },
	[0xf13] = { .read = mimpid_read },
	[0xf14] = { .read = mhartid_read },
};

/* mucounteren and mscounteren gate what U and S see, each for itself. */
static bool counter_is_visible(const struct hart *hart, unsigned int number)
{
	uint64_t enabled = hart->priv == PRIV_M   ? ALL
			   : hart->priv == PRIV_S ? hart->mscounteren
						  : hart->mucounteren;

	return enabled >> (number & 31) & 1;
}

static bool is_readable(const struct hart *hart, unsigned int number)
{
	if (hart->priv < (number >> 8 & 3))
		return false;
	if (number >= 1 && number <= 3)
		return hart_has_fp(hart);
	return number >> 5 != 0xc00 >> 5 || counter_is_visible(hart, number);
}

bool csr_read(struct hart *hart, unsigned int number, uint64_t *value)
{
	const struct csr *csr = &csrs[number];

	if (!is_readable(hart, number) || (!csr->read && !csr->member))
		return false;
	if (csr->read)
		*value = csr->read(hart);
	else
		*value = *(uint64_t *)((char *)hart + csr->member);
	return true;
}

bool csr_write(struct hart *hart, unsigned int number, uint64_t value)
{
	const struct csr *csr = &csrs[number];
	unsigned int unused = 64 - csr->width;

	if (!is_readable(hart, number) || number >> 10 == 3 ||
	    (!csr->write && !csr->member))
		return false;
	if (csr->write) {
		csr->write(hart, value);
	} else {
		value = (uint64_t)((int64_t)((value & csr->mask) << unused) >>
				   unused);
		*(uint64_t *)((char *)hart + csr->member) = value;
	}
	return true;
}
