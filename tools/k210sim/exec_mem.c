// SPDX-License-Identifier: MIT
/*
 * Loads and stores of integer and floating-point registers: unprivileged
 * manual 2.2, sections 2.6, 7.5 and 8.3.
 */
#include "exec.h"
#include "insn.h"
#include "memory.h"

#define NAN_BOX 0xffffffff00000000ull

static bool exec_lb(struct hart *hart, const struct op *op)
{
	uint64_t value;

	return hart_load(hart, operand_address(hart, op), 1, &value) &&
	       set_rd(hart, op, (uint64_t)(int8_t)value);
}

static bool exec_lh(struct hart *hart, const struct op *op)
{
	uint64_t value;

	return hart_load(hart, operand_address(hart, op), 2, &value) &&
	       set_rd(hart, op, (uint64_t)(int16_t)value);
}

static bool exec_lw(struct hart *hart, const struct op *op)
{
	uint64_t value;

	return hart_load(hart, operand_address(hart, op), 4, &value) &&
	       set_rd_32(hart, op, value);
}

static bool exec_ld(struct hart *hart, const struct op *op)
{
	uint64_t value;

	return hart_load(hart, operand_address(hart, op), 8, &value) &&
	       set_rd(hart, op, value);
}

static bool exec_lbu(struct hart *hart, const struct op *op)
{
	uint64_t value;

	return hart_load(hart, operand_address(hart, op), 1, &value) &&
	       set_rd(hart, op, value);
}

static bool exec_lhu(struct hart *hart, const struct op *op)
{
	uint64_t value;

	return hart_load(hart, operand_address(hart, op), 2, &value) &&
	       set_rd(hart, op, value);
}

static bool exec_lwu(struct hart *hart, const struct op *op)
{
	uint64_t value;

	return hart_load(hart, operand_address(hart, op), 4, &value) &&
	       set_rd(hart, op, value);
}

static bool exec_sb(struct hart *hart, const struct op *op)
{
	return hart_store(hart, operand_address(hart, op), 1, hart->x[op->rs2]);
}

static bool exec_sh(struct hart *hart, const struct op *op)
{
	return hart_store(hart, operand_address(hart, op), 2, hart->x[op->rs2]);
}

static bool exec_sw(struct hart *hart, const struct op *op)
{
	return hart_store(hart, operand_address(hart, op), 4, hart->x[op->rs2]);
}

static bool exec_sd(struct hart *hart, const struct op *op)
{
	return hart_store(hart, operand_address(hart, op), 8, hart->x[op->rs2]);
}

static bool load_fp(struct hart *hart, const struct op *op, unsigned int size,
		    uint64_t box)
{
	uint64_t value;

	if (!hart_has_fp(hart))
		return hart_raise_illegal(hart);
	if (!hart_load_fp(hart, operand_address(hart, op), size, &value))
		return false;
	hart->f[insn_rd(op->insn)] = value | box;
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
