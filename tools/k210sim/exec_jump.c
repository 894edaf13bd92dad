// SPDX-License-Identifier: MIT
/*
 * Jumps and branches: unprivileged manual 2.2, section 2.5.  Targets are
 * always aligned enough, since compressed instructions exist.
 */
#include "exec.h"
#include "insn.h"

static bool exec_jal(struct hart *hart, const struct op *op)
{
	hart->x[op->rd] = hart->pc + op->len;
	hart->pc += (uint64_t)(int64_t)op->imm;
	return false;
}

static bool exec_jalr(struct hart *hart, const struct op *op)
{
	uint64_t target = operand_address(hart, op) & ~1ull;

	hart->x[op->rd] = hart->pc + op->len;
	hart->pc = target;
	return false;
}

static bool branch_if(struct hart *hart, const struct op *op, bool taken)
{
	if (taken)
		hart->pc += (uint64_t)(int64_t)op->imm;
	return !taken;
}

static bool exec_beq(struct hart *hart, const struct op *op)
{
	return branch_if(hart, op, hart->x[op->rs1] == hart->x[op->rs2]);
}

static bool exec_bne(struct hart *hart, const struct op *op)
{
	return branch_if(hart, op, hart->x[op->rs1] != hart->x[op->rs2]);
}

static bool exec_blt(struct hart *hart, const struct op *op)
{
	return branch_if(hart, op,
			 (int64_t)hart->x[op->rs1] < (int64_t)hart->x[op->rs2]);
}

static bool exec_bge(struct hart *hart, const struct op *op)
{
	return branch_if(hart, op,
			 (int64_t)hart->x[op->rs1] >=
				 (int64_t)hart->x[op->rs2]);
}

static bool exec_bltu(struct hart *hart, const struct op *op)
{
	return branch_if(hart, op, hart->x[op->rs1] < hart->x[op->rs2]);
}

static bool exec_bgeu(struct hart *hart, const struct op *op)
{
	return branch_if(hart, op, hart->x[op->rs1] >= hart->x[op->rs2]);
}

exec_fn exec_for_jal(uint32_t insn)
{
	(void)insn;
	return exec_jal;
}

exec_fn exec_for_jalr(uint32_t insn)
{
	return insn_funct3(insn) == 0 ? exec_jalr : NULL;
}

exec_fn exec_for_branch(uint32_t insn)
{
	/* By funct3. */
	static const exec_fn functions[8] = {
		[0] = exec_beq, [1] = exec_bne,  [4] = exec_blt,
		[5] = exec_bge, [6] = exec_bltu, [7] = exec_bgeu,
	};

	return functions[insn_funct3(insn)];
}
