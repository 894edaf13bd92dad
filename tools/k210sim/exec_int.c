// SPDX-License-Identifier: MIT
/*
 * Integer computation without multiplication: RV64I, unprivileged manual 2.2,
 * chapters 2 and 4.
 *
 * An immediate form runs the same function as the register form: its rs2 is
 * x0, and the register form's immediate is 0.
 */
#include "exec.h"
#include "insn.h"

#define ALTERNATIVE 0x20 /* funct7 of subtractions and arithmetic shifts */

static bool exec_add(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op, operand_a(hart, op) + operand_b(hart, op));
}

static bool exec_sub(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op, operand_a(hart, op) - operand_b(hart, op));
}

static bool exec_sll(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op,
		      operand_a(hart, op) << (operand_b(hart, op) & 63));
}

static bool exec_slt(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op,
		      (int64_t)operand_a(hart, op) <
			      (int64_t)operand_b(hart, op));
}

static bool exec_sltu(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op, operand_a(hart, op) < operand_b(hart, op));
}

static bool exec_xor(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op, operand_a(hart, op) ^ operand_b(hart, op));
}

static bool exec_srl(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op,
		      operand_a(hart, op) >> (operand_b(hart, op) & 63));
}

static bool exec_sra(struct hart *hart, const struct op *op)
{
	int64_t a = (int64_t)operand_a(hart, op);

	return set_rd(hart, op, (uint64_t)(a >> (operand_b(hart, op) & 63)));
}

static bool exec_or(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op, operand_a(hart, op) | operand_b(hart, op));
}

static bool exec_and(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op, operand_a(hart, op) & operand_b(hart, op));
}

static bool exec_addw(struct hart *hart, const struct op *op)
{
	return set_rd_32(hart, op, operand_a(hart, op) + operand_b(hart, op));
}

static bool exec_subw(struct hart *hart, const struct op *op)
{
	return set_rd_32(hart, op, operand_a(hart, op) - operand_b(hart, op));
}

static bool exec_sllw(struct hart *hart, const struct op *op)
{
	return set_rd_32(hart, op,
			 operand_a(hart, op) << (operand_b(hart, op) & 31));
}

static bool exec_srlw(struct hart *hart, const struct op *op)
{
	uint32_t a = (uint32_t)operand_a(hart, op);

	return set_rd_32(hart, op, a >> (operand_b(hart, op) & 31));
}

static bool exec_sraw(struct hart *hart, const struct op *op)
{
	int32_t a = (int32_t)operand_a(hart, op);

	return set_rd_32(hart, op, (uint64_t)(a >> (operand_b(hart, op) & 31)));
}

static bool exec_auipc(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op, hart->pc + (uint64_t)(int64_t)op->imm);
}

/* By funct3: those with funct7 0, then the alternatives. */
static const exec_fn functions[2][8] = {
	{ exec_add, exec_sll, exec_slt, exec_sltu, exec_xor, exec_srl, exec_or,
	  exec_and },
	{ [0] = exec_sub, [5] = exec_sra },
};

static const exec_fn functions_32[2][8] = {
	{ [0] = exec_addw, [1] = exec_sllw, [5] = exec_srlw },
	{ [0] = exec_subw, [5] = exec_sraw },
};

static exec_fn find(const exec_fn table[2][8], unsigned int funct3,
		    unsigned int funct7)
{
	if (funct7 & ~ALTERNATIVE)
		return NULL;
	return table[funct7 == ALTERNATIVE][funct3];
}

exec_fn exec_for_op(uint32_t insn)
{
	if (insn_funct7(insn) == 1)
		return exec_for_muldiv(insn);
	return find(functions, insn_funct3(insn), insn_funct7(insn));
}

exec_fn exec_for_op_32(uint32_t insn)
{
	if (insn_funct7(insn) == 1)
		return exec_for_muldiv_32(insn);
	return find(functions_32, insn_funct3(insn), insn_funct7(insn));
}

/* Only in shifts are the upper bits of the immediate a function's. */
static bool is_shift(uint32_t insn)
{
	return (insn_funct3(insn) & 3) == 1;
}

exec_fn exec_for_op_imm(uint32_t insn)
{
	/* The lowest bit of funct7 is the shift's highest. */
	unsigned int funct7 = is_shift(insn) ? insn_funct7(insn) & ~1u : 0;

	return find(functions, insn_funct3(insn), funct7);
}

exec_fn exec_for_op_imm_32(uint32_t insn)
{
	unsigned int funct7 = is_shift(insn) ? insn_funct7(insn) : 0;

	return find(functions_32, insn_funct3(insn), funct7);
}

/* x0 and the immediate. */
exec_fn exec_for_lui(uint32_t insn)
{
	(void)insn;
	return exec_add;
}

exec_fn exec_for_auipc(uint32_t insn)
{
	(void)insn;
	return exec_auipc;
}
