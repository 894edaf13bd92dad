// SPDX-License-Identifier: MIT
/*
 * Multiplication and division: RV64M, unprivileged manual 2.2, chapter 6.
 * Division by zero and overflow give the results of its table 6.1.
 */
#include "exec.h"
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

static bool exec_mul(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op, operand_a(hart, op) * operand_b(hart, op));
}

static bool exec_mulh(struct hart *hart, const struct op *op)
{
	int128 a = (int64_t)operand_a(hart, op);
	int128 b = (int64_t)operand_b(hart, op);

	return set_rd(hart, op, (uint64_t)(a * b >> 64));
}

static bool exec_mulhsu(struct hart *hart, const struct op *op)
{
	int128 a = (int64_t)operand_a(hart, op);
	int128 b = operand_b(hart, op);

	return set_rd(hart, op, (uint64_t)(a * b >> 64));
}

static bool exec_mulhu(struct hart *hart, const struct op *op)
{
	uint128 a = operand_a(hart, op);
	uint128 b = operand_b(hart, op);

	return set_rd(hart, op, (uint64_t)(a * b >> 64));
}

static bool exec_div(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op,
		      (uint64_t)divide((int64_t)operand_a(hart, op),
				       (int64_t)operand_b(hart, op)));
}

static bool exec_divu(struct hart *hart, const struct op *op)
{
	uint64_t b = operand_b(hart, op);

	return set_rd(hart, op, b ? operand_a(hart, op) / b : UINT64_MAX);
}

static bool exec_rem(struct hart *hart, const struct op *op)
{
	return set_rd(hart, op,
		      (uint64_t)remainder_of((int64_t)operand_a(hart, op),
					     (int64_t)operand_b(hart, op)));
}

static bool exec_remu(struct hart *hart, const struct op *op)
{
	uint64_t a = operand_a(hart, op);
	uint64_t b = operand_b(hart, op);

	return set_rd(hart, op, b ? a % b : a);
}

static bool exec_mulw(struct hart *hart, const struct op *op)
{
	return set_rd_32(hart, op, operand_a(hart, op) * operand_b(hart, op));
}

static bool exec_divw(struct hart *hart, const struct op *op)
{
	return set_rd_32(hart, op,
			 (uint64_t)divide((int32_t)operand_a(hart, op),
					  (int32_t)operand_b(hart, op)));
}

static bool exec_divuw(struct hart *hart, const struct op *op)
{
	uint32_t a = (uint32_t)operand_a(hart, op);
	uint32_t b = (uint32_t)operand_b(hart, op);

	return set_rd_32(hart, op, b ? a / b : UINT32_MAX);
}

static bool exec_remw(struct hart *hart, const struct op *op)
{
	return set_rd_32(hart, op,
			 (uint64_t)remainder_of((int32_t)operand_a(hart, op),
						(int32_t)operand_b(hart, op)));
}

static bool exec_remuw(struct hart *hart, const struct op *op)
{
	uint32_t a = (uint32_t)operand_a(hart, op);
	uint32_t b = (uint32_t)operand_b(hart, op);

	return set_rd_32(hart, op, b ? a % b : a);
}

/* By funct3. */
static const exec_fn functions[8] = {
	exec_mul, exec_mulh, exec_mulhsu, exec_mulhu,
	exec_div, exec_divu, exec_rem,    exec_remu,
};

static const exec_fn functions_32[8] = {
	[0] = exec_mulw, [4] = exec_divw,  [5] = exec_divuw,
	[6] = exec_remw, [7] = exec_remuw,
};

exec_fn exec_for_muldiv(uint32_t insn)
{
	return functions[insn_funct3(insn)];
}

exec_fn exec_for_muldiv_32(uint32_t insn)
{
	return functions_32[insn_funct3(insn)];
}
