// SPDX-License-Identifier: MIT
/*
 * Integer computation without multiplication: RV64I, unprivileged manual 2.2,
 * chapters 2 and 4.
 */
#include "insn.h"

static uint64_t sext32(uint64_t value)
{
	return (uint64_t)(int32_t)value;
}

bool exec_op_imm(struct hart *hart, uint32_t insn)
{
	uint64_t a = hart->x[insn_rs1(insn)];
	uint64_t imm = (uint64_t)insn_imm_i(insn);
	unsigned int shift = imm & 63;
	unsigned int high = insn >> 26; /* funct7 less the shift's sixth bit */
	uint64_t result;

	switch (insn_funct3(insn)) {
	case 0:
		result = a + imm;
		break;
	case 1:
		if (high != 0)
			return hart_raise_illegal(hart);
		result = a << shift;
		break;
	case 2:
		result = (int64_t)a < (int64_t)imm;
		break;
	case 3:
		result = a < imm;
		break;
	case 4:
		result = a ^ imm;
		break;
	case 5:
		if (high != 0 && high != 0x10)
			return hart_raise_illegal(hart);
		result = high ? (uint64_t)((int64_t)a >> shift) : a >> shift;
		break;
	case 6:
		result = a | imm;
		break;
	default:
		result = a & imm;
		break;
	}
	hart_set_x(hart, insn_rd(insn), result);
	return true;
}

bool exec_op_imm_32(struct hart *hart, uint32_t insn)
{
	uint64_t a = hart->x[insn_rs1(insn)];
	unsigned int shift = insn_rs2(insn);
	unsigned int funct7 = insn_funct7(insn);
	uint64_t result;

	switch (insn_funct3(insn)) {
	case 0:
		result = a + (uint64_t)insn_imm_i(insn);
		break;
	case 1:
		if (funct7 != 0)
			return hart_raise_illegal(hart);
		result = a << shift;
		break;
	case 5:
		if (funct7 != 0 && funct7 != 0x20)
			return hart_raise_illegal(hart);
		result = funct7 ? (uint64_t)((int32_t)a >> shift)
				: (uint32_t)a >> shift;
		break;
	default:
		return hart_raise_illegal(hart);
	}
	hart_set_x(hart, insn_rd(insn), sext32(result));
	return true;
}

bool exec_op(struct hart *hart, uint32_t insn)
{
	uint64_t a = hart->x[insn_rs1(insn)];
	uint64_t b = hart->x[insn_rs2(insn)];
	uint64_t result;

	if (insn_funct7(insn) == 1)
		return exec_muldiv(hart, insn);

	switch (insn_funct7(insn) << 3 | insn_funct3(insn)) {
	case 0x000:
		result = a + b;
		break;
	case 0x100:
		result = a - b;
		break;
	case 0x001:
		result = a << (b & 63);
		break;
	case 0x002:
		result = (int64_t)a < (int64_t)b;
		break;
	case 0x003:
		result = a < b;
		break;
	case 0x004:
		result = a ^ b;
		break;
	case 0x005:
		result = a >> (b & 63);
		break;
	case 0x105:
		result = (uint64_t)((int64_t)a >> (b & 63));
		break;
	case 0x006:
		result = a | b;
		break;
	case 0x007:
		result = a & b;
		break;
	default:
		return hart_raise_illegal(hart);
	}
	hart_set_x(hart, insn_rd(insn), result);
	return true;
}

bool exec_op_32(struct hart *hart, uint32_t insn)
{
	uint64_t a = hart->x[insn_rs1(insn)];
	uint64_t b = hart->x[insn_rs2(insn)];
	uint64_t result;

	if (insn_funct7(insn) == 1)
		return exec_muldiv_32(hart, insn);

	switch (insn_funct7(insn) << 3 | insn_funct3(insn)) {
	case 0x000:
		result = a + b;
		break;
	case 0x100:
		result = a - b;
		break;
	case 0x001:
		result = a << (b & 31);
		break;
	case 0x005:
		result = (uint32_t)a >> (b & 31);
		break;
	case 0x105:
		result = (uint64_t)((int32_t)a >> (b & 31));
		break;
	default:
		return hart_raise_illegal(hart);
	}
	hart_set_x(hart, insn_rd(insn), sext32(result));
	return true;
}
