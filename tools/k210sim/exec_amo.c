// SPDX-License-Identifier: MIT
/*
 * Atomics: RV64A, unprivileged manual 2.2, chapter 7.
 *
 * The harts take turns between instructions, so each one is atomic.  A
 * reservation covers a 64-byte line of cached SRAM and dies with a trap or
 * with a store of the other hart; see bus.c.
 */
#include "bus.h"
#include "insn.h"
#include "report.h"

static uint64_t amo_result(unsigned int op, uint64_t old, uint64_t operand)
{
	switch (op) {
	case 0x00:
		return old + operand;
	case 0x01:
		return operand;
	case 0x04:
		return old ^ operand;
	case 0x08:
		return old | operand;
	case 0x0c:
		return old & operand;
	case 0x10:
		return (int64_t)old < (int64_t)operand ? old : operand;
	case 0x14:
		return (int64_t)old > (int64_t)operand ? old : operand;
	case 0x18:
		return old < operand ? old : operand;
	default:
		return old > operand ? old : operand;
	}
}

static bool amo_exists(unsigned int op)
{
	return op <= 4 || (op & 3) == 0;
}

/* Atomics work in cached SRAM; anywhere else the chip's answer is unknown. */
static void check_target(struct hart *hart, uint64_t address, uint32_t physical)
{
	if (!bus_is_cached_ram(physical))
		report_misuse(hart, address,
			      "atomic access outside cached SRAM "
			      "(k210.md 2.9)");
}

static bool load_reserved(struct hart *hart, uint32_t insn, unsigned int size)
{
	uint64_t address = hart->x[insn_rs1(insn)];
	uint32_t physical;
	uint64_t value;

	if (insn_rs2(insn) != 0)
		return hart_raise_illegal(hart);
	if (!hart_load(hart, address, size, &value) ||
	    !mmu_translate(hart, address, ACCESS_LOAD, &physical))
		return false;
	check_target(hart, address, physical);
	hart->reservation = physical & ~63u;
	hart_set_x(hart, insn_rd(insn),
		   size == 4 ? (uint64_t)(int32_t)value : value);
	return true;
}

static bool store_conditional(struct hart *hart, uint32_t insn,
			      unsigned int size, uint32_t physical)
{
	uint64_t address = hart->x[insn_rs1(insn)];
	bool holds = hart->reservation == (physical & ~63u);

	hart->reservation = NO_RESERVATION;
	if (holds && !hart_store(hart, address, size, hart->x[insn_rs2(insn)]))
		return false;
	hart_set_x(hart, insn_rd(insn), !holds);
	return true;
}

static bool read_modify_write(struct hart *hart, uint32_t insn,
			      unsigned int size)
{
	uint64_t address = hart->x[insn_rs1(insn)];
	uint64_t operand = hart->x[insn_rs2(insn)];
	uint64_t old;

	if (!hart_load(hart, address, size, &old))
		return false;
	if (size == 4) {
		old = (uint64_t)(int32_t)old;
		operand = (uint64_t)(int32_t)operand;
	}
	if (!hart_store(hart, address, size,
			amo_result(insn >> 27, old, operand)))
		return false;
	hart_set_x(hart, insn_rd(insn), old);
	return true;
}

bool exec_amo(struct hart *hart, uint32_t insn)
{
	uint64_t address = hart->x[insn_rs1(insn)];
	unsigned int size = 1u << insn_funct3(insn);
	unsigned int op = insn >> 27;
	uint32_t physical;

	if ((size != 4 && size != 8) || !amo_exists(op))
		return hart_raise_illegal(hart);
	if (op == 2)
		return load_reserved(hart, insn, size);

	/* Whatever is wrong with the address, it is the store's fault. */
	if (address & (size - 1))
		return hart_raise(hart, CAUSE_STORE_MISALIGNED, address);
	if (!mmu_translate(hart, address, ACCESS_STORE, &physical))
		return false;
	check_target(hart, address, physical);
	if (op == 3)
		return store_conditional(hart, insn, size, physical);
	return read_modify_write(hart, insn, size);
}
