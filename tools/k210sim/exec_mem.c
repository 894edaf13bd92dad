// SPDX-License-Identifier: MIT
/*
 * Loads and stores of integer and floating-point registers: unprivileged
 * manual 2.2, sections 2.6, 7.5 and 8.3.
 */
#include "exec.h"
#include "insn.h"
#include "memory.h"

#define NAN_BOX 0xffffffff00000000ull

static uint64_t extend(uint64_t value, unsigned int size, bool is_signed)
{
	unsigned int unused = 64 - 8 * size;

	if (!is_signed)
		return value;
	return (uint64_t)((int64_t)(value << unused) >> unused);
}

/*
 * Apart from load(), and the last thing that it calls, so that the quick way
 * saves no registers.
 */
__attribute__((noinline)) static bool load_slowly(struct hart *hart,
						  const struct op *op,
						  unsigned int size,
						  bool is_signed)
{
	uint64_t value;

	return hart_load_slow(hart, operand_address(hart, op), size,
			      ACCESS_PLAIN, &value) &&
	       set_rd(hart, op, extend(value, size, is_signed));
}

static inline bool load(struct hart *hart, const struct op *op,
			unsigned int size, bool is_signed)
{
	const uint8_t *bytes =
		find_to_load(hart, operand_address(hart, op), size);
	uint64_t value = 0;

	if (!bytes)
		return load_slowly(hart, op, size, is_signed);
	memcpy(&value, bytes, size);
	return set_rd(hart, op, extend(value, size, is_signed));
}

static inline bool store(struct hart *hart, const struct op *op,
			 unsigned int size)
{
	return hart_store(hart, operand_address(hart, op), size,
			  hart->x[op->rs2]);
}

static bool exec_lb(struct hart *hart, const struct op *op)
{
	return load(hart, op, 1, true);
}

static bool exec_lh(struct hart *hart, const struct op *op)
{
	return load(hart, op, 2, true);
}

static bool exec_lw(struct hart *hart, const struct op *op)
{
	return load(hart, op, 4, true);
}

static bool exec_ld(struct hart *hart, const struct op *op)
{
	return load(hart, op, 8, false);
}

static bool exec_lbu(struct hart *hart, const struct op *op)
{
	return load(hart, op, 1, false);
}

static bool exec_lhu(struct hart *hart, const struct op *op)
{
	return load(hart, op, 2, false);
}

static bool exec_lwu(struct hart *hart, const struct op *op)
{
	return load(hart, op, 4, false);
}

static bool exec_sb(struct hart *hart, const struct op *op)
{
	return store(hart, op, 1);
}

static bool exec_sh(struct hart *hart, const struct op *op)
{
	return store(hart, op, 2);
}

static bool exec_sw(struct hart *hart, const struct op *op)
{
	return store(hart, op, 4);
}

static bool exec_sd(struct hart *hart, const struct op *op)
{
	return store(hart, op, 8);
}

static bool load_fp(struct hart *hart, const struct op *op, unsigned int size,
		    uint64_t box)
{
	uint64_t address = operand_address(hart, op);
	const uint8_t *bytes;
	uint64_t value = 0;

	if (!hart_has_fp(hart))
		return hart_raise_illegal(hart);
	bytes = find_to_load(hart, address, size);
	if (bytes)
		memcpy(&value, bytes, size);
	else if (!hart_load_slow(hart, address, size, ACCESS_FP, &value))
		return false;
	hart->f[op->rd & 31] = value | box; /* SINK: f0 */
	return true;
}

static bool exec_flw(struct hart *hart, const struct op *op)
{
	return load_fp(hart, op, 4, NAN_BOX);
}

static bool exec_fld(struct hart *hart, const struct op *op)
{
	return load_fp(hart, op, 8, 0);
}

static bool store_fp(struct hart *hart, const struct op *op, unsigned int size)
{
	if (!hart_has_fp(hart))
		return hart_raise_illegal(hart);
	return hart_store_fp(hart, operand_address(hart, op), size,
			     hart->f[op->rs2]);
}

static bool exec_fsw(struct hart *hart, const struct op *op)
{
	return store_fp(hart, op, 4);
}

static bool exec_fsd(struct hart *hart, const struct op *op)
{
	return store_fp(hart, op, 8);
}

exec_fn exec_for_load(uint32_t insn)
{
	/* By funct3. */
	static const exec_fn functions[8] = {
		exec_lb,  exec_lh,  exec_lw,  exec_ld,
		exec_lbu, exec_lhu, exec_lwu, NULL,
	};

	return functions[insn_funct3(insn)];
}

exec_fn exec_for_store(uint32_t insn)
{
	static const exec_fn functions[8] = {
		exec_sb,
		exec_sh,
		exec_sw,
		exec_sd,
	};

	return functions[insn_funct3(insn)];
}

exec_fn exec_for_load_fp(uint32_t insn)
{
	static const exec_fn functions[8] = { [2] = exec_flw, [3] = exec_fld };

	return functions[insn_funct3(insn)];
}

exec_fn exec_for_store_fp(uint32_t insn)
{
	static const exec_fn functions[8] = { [2] = exec_fsw, [3] = exec_fsd };

	return functions[insn_funct3(insn)];
}
