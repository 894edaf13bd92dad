// SPDX-License-Identifier: MIT
/*
 * Atomics: RV64A, unprivileged manual 2.2, chapter 7.
 *
 * The harts take turns between instructions, so each one is atomic.  A
 * reservation covers a 64-byte line of cached SRAM and dies with a trap, with
 * a store of the other hart, and when the line leaves the data cache.
 */
#include "bus.h"
#include "exec.h"
#include "insn.h"
#include "memory.h"
#include "mmu.h"

#define LINE_MASK (DCACHE_LINE_BYTES - 1u)

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

/* Bytes, 4 or 8; as funct3 says. */
static unsigned int size_of(const struct op *op)
{
	return 1u << insn_funct3(op_insn(op));
}

static uint64_t extend(uint64_t value, unsigned int size)
{
	return size == 4 ? (uint64_t)(int32_t)value : value;
}

static bool exec_lr(struct hart *hart, const struct op *op)
{
	uint64_t address = operand_a(hart, op);
	unsigned int size = size_of(op);
	uint32_t physical;
	uint64_t value;

	if (!hart_load_slow(hart, address, size, ACCESS_ATOMIC, &value) ||
	    !mmu_translate(hart, address, ACCESS_LOAD, &physical))
		return false;
	hart->reservation = physical & ~LINE_MASK;
	return set_rd(hart, op, extend(value, size));
}

static bool exec_sc(struct hart *hart, const struct op *op)
{
	uint64_t address = operand_a(hart, op);
	unsigned int size = size_of(op);
	uint32_t physical;
	bool holds;

	if (!hart_atomic_target(hart, address, size, &physical))
		return false;
	holds = hart->reservation == (physical & ~LINE_MASK);
	hart->reservation = NO_RESERVATION;
	if (holds && !hart_store(hart, address, size, hart->x[op->rs2]))
		return false;
	return set_rd(hart, op, !holds);
}

/*
 * What is in memory before.  Whatever is wrong with the address, it is the
 * store's fault.  False: trap.
 */
static bool load_target(struct hart *hart, uint64_t address, unsigned int size,
			uint64_t *old)
{
	const uint8_t *bytes = find_to_store(hart, address, size);
	uint32_t physical;

	*old = 0;
	if (bytes) {
		memcpy(old, bytes, size);
		return true;
	}
	if (!hart_atomic_target(hart, address, size, &physical))
		return false;
	return bus_load(hart, physical, size, old) ||
	       hart_raise(hart, CAUSE_STORE_ACCESS, address);
}

static bool exec_amo(struct hart *hart, const struct op *op)
{
	uint64_t address = operand_a(hart, op);
	uint64_t operand = hart->x[op->rs2];
	unsigned int size = size_of(op);
	uint64_t old;

	if (!load_target(hart, address, size, &old))
		return false;
	old = extend(old, size);
	operand = extend(operand, size);
	if (!hart_store(hart, address, size,
			amo_result(op_insn(op) >> 27, old, operand)))
		return false;
	return set_rd(hart, op, old);
}

exec_fn exec_for_amo(uint32_t insn)
{
	unsigned int op = insn >> 27;

	if ((insn_funct3(insn) & 6) != 2)
		return NULL;
	if (op == 2)
		return insn_rs2(insn) == 0 ? exec_lr : NULL;
	if (op == 3)
		return exec_sc;
	return op <= 4 || (op & 3) == 0 ? exec_amo : NULL;
}
