// SPDX-License-Identifier: MIT
/*
 * 16-bit instructions: RV64C, unprivileged manual 2.2, chapter 12.
 *
 * Each becomes the 32-bit instruction that the manual says it stands for, so
 * that it executes in one place.  Immediates are gathered by BITS(), which
 * moves bits [high:low] of the instruction to position `to`.
 */
#include <stdbool.h>

#include "insn.h"

#define BITS(insn, high, low, to)                                              \
	((((uint32_t)(insn) >> (low)) & ((1u << ((high) - (low) + 1)) - 1))    \
	 << (to))

#define OP_LOAD     0x03
#define OP_LOAD_FP  0x07
#define OP_IMM      0x13
#define OP_IMM_32   0x1b
#define OP_STORE    0x23
#define OP_STORE_FP 0x27
#define OP_OP       0x33
#define OP_LUI      0x37
#define OP_OP_32    0x3b
#define OP_BRANCH   0x63
#define OP_JALR     0x67
#define OP_JAL      0x6f
#define EBREAK      0x00100073

static uint32_t type_i(unsigned int op, unsigned int funct3, unsigned int rd,
		       unsigned int rs1, uint32_t imm)
{
	return op | rd << 7 | funct3 << 12 | rs1 << 15 | imm << 20;
}

static uint32_t type_s(unsigned int op, unsigned int funct3, unsigned int rs1,
		       unsigned int rs2, uint32_t imm)
{
	return op | (imm & 31) << 7 | funct3 << 12 | rs1 << 15 | rs2 << 20 |
	       imm >> 5 << 25;
}

static uint32_t type_r(unsigned int op, uint32_t funct, unsigned int rd,
		       unsigned int rs1, unsigned int rs2)
{
	return op | rd << 7 | (funct & 7) << 12 | rs1 << 15 | rs2 << 20 |
	       funct >> 3 << 25;
}

/* The six-bit immediate, sign-extended, of most of quadrant 1. */
static uint32_t imm_6(uint16_t insn)
{
	uint32_t imm = BITS(insn, 6, 2, 0);

	return insn & 0x1000 ? imm | 0xffffffe0 : imm;
}

static uint32_t jump(uint16_t insn)
{
	uint32_t imm = BITS(insn, 11, 11, 4) | BITS(insn, 10, 9, 8) |
		       BITS(insn, 8, 8, 10) | BITS(insn, 7, 7, 6) |
		       BITS(insn, 6, 6, 7) | BITS(insn, 5, 3, 1) |
		       BITS(insn, 2, 2, 5);

	if (insn & 0x1000)
		imm |= 0xfffff800;
	return OP_JAL | (imm & 0xff000) | (imm >> 11 & 1) << 20 |
	       (imm >> 1 & 0x3ff) << 21 | (imm & 0x80000000);
}

static uint32_t branch(uint16_t insn, unsigned int funct3)
{
	uint32_t imm = BITS(insn, 11, 10, 3) | BITS(insn, 6, 5, 6) |
		       BITS(insn, 4, 3, 1) | BITS(insn, 2, 2, 5);

	if (insn & 0x1000)
		imm |= 0xffffff00;
	return OP_BRANCH | (imm >> 11 & 1) << 7 | (imm >> 1 & 15) << 8 |
	       funct3 << 12 | (8 + BITS(insn, 9, 7, 0)) << 15 |
	       (imm >> 5 & 0x3f) << 25 | (imm & 0x80000000);
}

static uint32_t quadrant_0(uint16_t insn)
{
	unsigned int rd = 8 + BITS(insn, 4, 2, 0);
	unsigned int rs1 = 8 + BITS(insn, 9, 7, 0);
	uint32_t word = BITS(insn, 12, 10, 3) | BITS(insn, 6, 6, 2) |
			BITS(insn, 5, 5, 6);
	uint32_t dword = BITS(insn, 12, 10, 3) | BITS(insn, 6, 5, 6);
	uint32_t imm;

	switch (insn >> 13) {
	case 0: /* c.addi4spn */
		imm = BITS(insn, 12, 11, 4) | BITS(insn, 10, 7, 6) |
		      BITS(insn, 6, 6, 2) | BITS(insn, 5, 5, 3);
		return imm ? type_i(OP_IMM, 0, rd, 2, imm) : 0;
	case 1:
		return type_i(OP_LOAD_FP, 3, rd, rs1, dword);
	case 2:
		return type_i(OP_LOAD, 2, rd, rs1, word);
	case 3:
		return type_i(OP_LOAD, 3, rd, rs1, dword);
	case 5:
		return type_s(OP_STORE_FP, 3, rs1, rd, dword);
	case 6:
		return type_s(OP_STORE, 2, rs1, rd, word);
	case 7:
		return type_s(OP_STORE, 3, rs1, rd, dword);
	default:
		return 0;
	}
}

/* c.srli, c.srai, c.andi and the register operations. */
static uint32_t arithmetic(uint16_t insn)
{
	static const uint16_t funct[8] = { 0x100, 4, 6, 7, 0x100, 0 };
	unsigned int rd = 8 + BITS(insn, 9, 7, 0);
	unsigned int rs2 = 8 + BITS(insn, 4, 2, 0);
	unsigned int which = BITS(insn, 6, 5, 0) | BITS(insn, 12, 12, 2);

	switch (insn >> 10 & 3) {
	case 0:
		return type_i(OP_IMM, 5, rd, rd, imm_6(insn) & 63);
	case 1:
		return type_i(OP_IMM, 5, rd, rd, (imm_6(insn) & 63) | 0x400);
	case 2:
		return type_i(OP_IMM, 7, rd, rd, imm_6(insn));
	default:
		if (which > 5)
			return 0;
		return type_r(which < 4 ? OP_OP : OP_OP_32, funct[which], rd,
			      rd, rs2);
	}
}

static uint32_t lui_or_addi16sp(uint16_t insn, unsigned int rd)
{
	uint32_t imm;

	if (imm_6(insn) == 0)
		return 0;
	if (rd != 2)
		return OP_LUI | rd << 7 | imm_6(insn) << 12;
	imm = BITS(insn, 6, 6, 4) | BITS(insn, 5, 5, 6) | BITS(insn, 4, 3, 7) |
	      BITS(insn, 2, 2, 5);
	if (insn & 0x1000)
		imm |= 0xfffffe00;
	return type_i(OP_IMM, 0, 2, 2, imm);
}

static uint32_t quadrant_1(uint16_t insn)
{
	unsigned int rd = insn >> 7 & 31;

	switch (insn >> 13) {
	case 0:
		return type_i(OP_IMM, 0, rd, rd, imm_6(insn));
	case 1:
		return rd ? type_i(OP_IMM_32, 0, rd, rd, imm_6(insn)) : 0;
	case 2:
		return type_i(OP_IMM, 0, rd, 0, imm_6(insn));
	case 3:
		return lui_or_addi16sp(insn, rd);
	case 4:
		return arithmetic(insn);
	case 5:
		return jump(insn);
	case 6:
		return branch(insn, 0);
	default:
		return branch(insn, 1);
	}
}

/* c.jr, c.mv, c.ebreak, c.jalr, c.add. */
static uint32_t register_move(uint16_t insn)
{
	unsigned int rd = insn >> 7 & 31;
	unsigned int rs2 = insn >> 2 & 31;
	bool add = insn & 0x1000;

	if (rs2)
		return type_r(OP_OP, 0, rd, add ? rd : 0, rs2);
	if (rd)
		return type_i(OP_JALR, 0, add, rd, 0);
	return add ? EBREAK : 0;
}

static uint32_t quadrant_2(uint16_t insn)
{
	unsigned int rd = insn >> 7 & 31;
	unsigned int rs2 = insn >> 2 & 31;
	uint32_t load_word = BITS(insn, 12, 12, 5) | BITS(insn, 6, 4, 2) |
			     BITS(insn, 3, 2, 6);
	uint32_t load_dword = BITS(insn, 12, 12, 5) | BITS(insn, 6, 5, 3) |
			      BITS(insn, 4, 2, 6);
	uint32_t store_word = BITS(insn, 12, 9, 2) | BITS(insn, 8, 7, 6);
	uint32_t store_dword = BITS(insn, 12, 10, 3) | BITS(insn, 9, 7, 6);

	switch (insn >> 13) {
	case 0:
		return type_i(OP_IMM, 1, rd, rd, imm_6(insn) & 63);
	case 1:
		return type_i(OP_LOAD_FP, 3, rd, 2, load_dword);
	case 2:
		return rd ? type_i(OP_LOAD, 2, rd, 2, load_word) : 0;
	case 3:
		return rd ? type_i(OP_LOAD, 3, rd, 2, load_dword) : 0;
	case 4:
		return register_move(insn);
	case 5:
		return type_s(OP_STORE_FP, 3, 2, rs2, store_dword);
	case 6:
		return type_s(OP_STORE, 2, 2, rs2, store_word);
	default:
		return type_s(OP_STORE, 3, 2, rs2, store_dword);
	}
}

uint32_t insn_expand(uint16_t insn)
{
	switch (insn & 3) {
	case 0:
		return quadrant_0(insn);
	case 1:
		return quadrant_1(insn);
	default:
		return quadrant_2(insn);
	}
}
