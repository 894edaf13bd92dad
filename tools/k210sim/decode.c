// SPDX-License-Identifier: MIT
/*
 * From an instruction to its op: where the operands are, and who executes it.
 *
 * Groups are the major opcodes of the unprivileged manual 2.2, table 24.1;
 * formats are those of its section 2.2.
 */
#include "decode.h"

#include <stddef.h>

#include "hart.h"
#include "insn.h"

/* Which fields hold operands; WHOLE is type R with the instruction as imm. */
enum format { WHOLE, TYPE_R, TYPE_I, TYPE_S, TYPE_B, TYPE_U, TYPE_J };

struct group {
	exec_fn (*find)(uint32_t insn);
	enum format format;
};

/* By bits 6:2; what is not here is illegal. */
static const struct group groups[32] = {
	[0x00] = { exec_for_load, TYPE_I },
	[0x01] = { exec_for_load_fp, TYPE_I },
	[0x03] = { exec_for_fence, WHOLE },
	[0x04] = { exec_for_op_imm, TYPE_I },
	[0x05] = { exec_for_auipc, TYPE_U },
	[0x06] = { exec_for_op_imm_32, TYPE_I },
	[0x08] = { exec_for_store, TYPE_S },
	[0x09] = { exec_for_store_fp, TYPE_S },
	[0x0b] = { exec_for_amo, WHOLE },
	[0x0c] = { exec_for_op, TYPE_R },
	[0x0d] = { exec_for_lui, TYPE_U },
	[0x0e] = { exec_for_op_32, TYPE_R },
	[0x10] = { exec_for_fp_madd, WHOLE },
	[0x11] = { exec_for_fp_madd, WHOLE },
	[0x12] = { exec_for_fp_madd, WHOLE },
	[0x13] = { exec_for_fp_madd, WHOLE },
	[0x14] = { exec_for_fp, WHOLE },
	[0x18] = { exec_for_branch, TYPE_B },
	[0x19] = { exec_for_jalr, TYPE_I },
	[0x1b] = { exec_for_jal, TYPE_J },
	[0x1c] = { exec_for_system, WHOLE },
};

static bool exec_illegal(struct hart *hart, const struct op *op)
{
	(void)op;
	return hart_raise_illegal(hart);
}

static int64_t immediate(uint32_t insn, enum format format)
{
	switch (format) {
	case WHOLE:
		return insn;
	case TYPE_I:
		return insn_imm_i(insn);
	case TYPE_S:
		return insn_imm_s(insn);
	case TYPE_B:
		return insn_imm_b(insn);
	case TYPE_U:
		return insn_imm_u(insn);
	case TYPE_J:
		return insn_imm_j(insn);
	default:
		return 0;
	}
}

static void set_operands(struct op *op, uint32_t insn, enum format format)
{
	bool has_rd = format != TYPE_S && format != TYPE_B && insn_rd(insn);
	bool has_rs1 = format != TYPE_U && format != TYPE_J;
	bool has_rs2 = has_rs1 && format != TYPE_I;

	op->rd = has_rd ? insn_rd(insn) : SINK;
	op->rs1 = has_rs1 ? insn_rs1(insn) : 0;
	op->rs2 = has_rs2 ? insn_rs2(insn) : 0;
	op->imm = (int32_t)immediate(insn, format);
}

void op_decode(struct op *op, uint32_t insn)
{
	const struct group *group;

	op->len = 4;
	if ((insn & 3) != 3) {
		op->len = 2;
		insn = insn_expand((uint16_t)insn);
	}
	group = &groups[insn >> 2 & 31];
	set_operands(op, insn, group->format);
	op->exec = NULL;
	if ((insn & 3) == 3 && group->find)
		op->exec = group->find(insn);
	if (!op->exec)
		op->exec = exec_illegal;
}
