// SPDX-License-Identifier: MIT
/*
 * Jumps and branches: unprivileged manual 2.2, section 2.5.  Targets are
 * always aligned enough, since compressed instructions exist.
 */
#include "insn.h"

static int64_t imm_j(uint32_t insn)
{
	uint32_t low =
		(insn >> 20 & 0x7fe) | (insn >> 9 & 0x800) | (insn & 0xff000);

	return ((int64_t)((int32_t)insn >> 31) << 20) | low;
}

static int64_t imm_b(uint32_t insn)
{
	uint32_t low =
		(insn >> 7 & 0x1e) | (insn >> 20 & 0x7e0) | (insn << 4 & 0x800);

	return ((int64_t)((int32_t)insn >> 31) << 12) | low;
}

bool exec_jal(struct hart *hart, uint32_t insn)
{
	uint64_t target = hart->pc + (uint64_t)imm_j(insn);

	hart_set_x(hart, insn_rd(insn), hart->next_pc);
	hart->next_pc = target;
	return true;
}

bool exec_jalr(struct hart *hart, uint32_t insn)
{
	uint64_t target = hart->x[insn_rs1(insn)] + (uint64_t)insn_imm_i(insn);

	if (insn_funct3(insn) != 0)
		return hart_raise_illegal(hart);

	hart_set_x(hart, insn_rd(insn), hart->next_pc);
	hart->next_pc = target & ~1ull;
	return true;
}

bool exec_branch(struct hart *hart, uint32_t insn)
{
	uint64_t a = hart->x[insn_rs1(insn)];
	uint64_t b = hart->x[insn_rs2(insn)];
	bool taken;

	switch (insn_funct3(insn) >> 1) {
	case 0:
		taken = a == b;
		break;
	case 2:
		taken = (int64_t)a < (int64_t)b;
		break;
	case 3:
		taken = a < b;
		break;
	default:
		return hart_raise_illegal(hart);
	}
	if (insn_funct3(insn) & 1)
		taken = !taken;
	if (taken)
		hart->next_pc = hart->pc + (uint64_t)imm_b(insn);
	return true;
}
