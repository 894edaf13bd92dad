// SPDX-License-Identifier: MIT
/*
 * Multiplication and division: RV64M, unprivileged manual 2.2, chapter 6.
 * Division by zero and overflow give the results of its table 6.1.
 */
#include "insn.h"

typedef unsigned __int128 uint128;
typedef __int128 int128;

static int64_t divide(int64_t a, int64_t b)
{
	if (b == 0)
		return -1;
	return a == INT64_MIN && b == -1 ? a : a / b;
}

static int64_t remainder_of(int64_t a, int64_t b)
{
	if (b == 0)
		return a;
	return a == INT64_MIN && b == -1 ? 0 : a % b;
}

bool exec_muldiv(struct hart *hart, uint32_t insn)
{
	uint64_t a = hart->x[insn_rs1(insn)];
	uint64_t b = hart->x[insn_rs2(insn)];
	int64_t sa = (int64_t)a;
	int64_t sb = (int64_t)b;
	uint64_t result;

	switch (insn_funct3(insn)) {
	case 0:
		result = a * b;
		break;
	case 1:
		result = (uint64_t)((int128)sa * sb >> 64);
		break;
	case 2:
		result = (uint64_t)((int128)sa * (int128)b >> 64);
		break;
	case 3:
		result = (uint64_t)((uint128)a * b >> 64);
		break;
	case 4:
		result = (uint64_t)divide(sa, sb);
		break;
	case 5:
		result = b ? a / b : UINT64_MAX;
		break;
	case 6:
		result = (uint64_t)remainder_of(sa, sb);
		break;
	default:
		result = b ? a % b : a;
		break;
	}
	hart_set_x(hart, insn_rd(insn), result);
	return true;
}

bool exec_muldiv_32(struct hart *hart, uint32_t insn)
{
	uint32_t a = (uint32_t)hart->x[insn_rs1(insn)];
	uint32_t b = (uint32_t)hart->x[insn_rs2(insn)];
	uint32_t result;

	switch (insn_funct3(insn)) {
	case 0:
		result = a * b;
		break;
	case 4:
		result = (uint32_t)divide((int32_t)a, (int32_t)b);
		break;
	case 5:
		result = b ? a / b : UINT32_MAX;
		break;
	case 6:
		result = (uint32_t)remainder_of((int32_t)a, (int32_t)b);
		break;
	case 7:
		result = b ? a % b : a;
		break;
	default:
		return hart_raise_illegal(hart);
	}
	hart_set_x(hart, insn_rd(insn), (uint64_t)(int32_t)result);
	return true;
}
