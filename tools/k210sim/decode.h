// SPDX-License-Identifier: MIT
/*
 * Decoded instructions, and which function executes each.
 *
 * An instruction is decoded once when it is first executed from a line of the
 * instruction cache, and stays there as long as the line does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct hart;
struct op;

/*
 * Executes op, which is at hart->pc.  True: it retired, and the next one
 * follows it.  False: hart->pc says where to go on, because it jumped, or
 * because it raised a trap and changed nothing else.
 */
typedef bool (*exec_fn)(struct hart *hart, const struct op *op);

/* Small, since the host's caches have to hold those of two harts. */
struct op {
	exec_fn exec;
	int32_t imm; /* 0 if there is none; see op_insn(), too */
	uint8_t rd;  /* SINK instead of 0 */
	uint8_t rs1; /* 0 if there is none; rs2 too */
	uint8_t rs2;
	uint8_t len; /* bytes, 2 or 4 */
};

/*
 * The instruction, expanded to 32 bits, of an op whose function looks at more
 * than operands: it has the place of the immediate.
 */
static inline uint32_t op_insn(const struct op *op)
{
	return (uint32_t)op->imm;
}

/*
 * Decode an instruction of 16 or 32 bits; which, its low two bits say.  What
 * is illegal decodes to an op that raises so.
 */
void op_decode(struct op *op, uint32_t insn);

/*
 * The function for an instruction of one group, that is a major opcode, or
 * NULL if it is illegal.  Each is in the exec_*.c that implements the group.
 */
exec_fn exec_for_op(uint32_t insn);
exec_fn exec_for_op_32(uint32_t insn);
exec_fn exec_for_op_imm(uint32_t insn);
exec_fn exec_for_op_imm_32(uint32_t insn);
exec_fn exec_for_lui(uint32_t insn);
exec_fn exec_for_auipc(uint32_t insn);
exec_fn exec_for_muldiv(uint32_t insn);
exec_fn exec_for_muldiv_32(uint32_t insn);
exec_fn exec_for_jal(uint32_t insn);
exec_fn exec_for_jalr(uint32_t insn);
exec_fn exec_for_branch(uint32_t insn);
exec_fn exec_for_load(uint32_t insn);
exec_fn exec_for_store(uint32_t insn);
exec_fn exec_for_load_fp(uint32_t insn);
exec_fn exec_for_store_fp(uint32_t insn);
exec_fn exec_for_amo(uint32_t insn);
exec_fn exec_for_fp(uint32_t insn);
exec_fn exec_for_fp_madd(uint32_t insn);
exec_fn exec_for_fence(uint32_t insn);
exec_fn exec_for_system(uint32_t insn);
