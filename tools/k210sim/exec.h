// SPDX-License-Identifier: MIT
/* What functions that execute instructions have in common. */
#pragma once

#include <stddef.h>

#include "decode.h"
#include "hart.h"

static inline uint64_t operand_a(const struct hart *hart, const struct op *op)
{
	return hart->x[op->rs1];
}

/* The second register or the immediate: the one that is not there is 0. */
static inline uint64_t operand_b(const struct hart *hart, const struct op *op)
{
	return hart->x[op->rs2] + (uint64_t)(int64_t)op->imm;
}

/* The address of a load or store. */
static inline uint64_t operand_address(const struct hart *hart,
				       const struct op *op)
{
	return hart->x[op->rs1] + (uint64_t)(int64_t)op->imm;
}

/* Store the result, and go on with the next instruction. */
static inline bool set_rd(struct hart *hart, const struct op *op,
			  uint64_t value)
{
	hart->x[op->rd] = value;
	return true;
}

/* The same for results of 32 bits, which are sign-extended. */
static inline bool set_rd_32(struct hart *hart, const struct op *op,
			     uint64_t value)
{
	return set_rd(hart, op, (uint64_t)(int32_t)value);
}
