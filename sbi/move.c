// SPDX-License-Identifier: MIT
/*
 * Decoding loads and stores; see move.h.
 *
 * Unprivileged ISA, instruction listings of RV64I, F, D, Zfh, C and Zcb.
 */
#include "move.h"

#define OPCODE_LOAD     0x03
#define OPCODE_LOAD_FP  0x07
#define OPCODE_STORE    0x23
#define OPCODE_STORE_FP 0x27

/* Compressed: quadrant and funct3, as (funct3 << 2 | quadrant). */
#define C_FLD   (1 << 2 | 0)
#define C_LW    (2 << 2 | 0)
#define C_LD    (3 << 2 | 0)
#define C_ZCB   (4 << 2 | 0)
#define C_FSD   (5 << 2 | 0)
#define C_SW    (6 << 2 | 0)
#define C_SD    (7 << 2 | 0)
#define C_FLDSP (1 << 2 | 2)
#define C_LWSP  (2 << 2 | 2)
#define C_LDSP  (3 << 2 | 2)
#define C_FSDSP (5 << 2 | 2)
#define C_SWSP  (6 << 2 | 2)
#define C_SDSP  (7 << 2 | 2)

static struct move decode_wide(uint32_t insn)
{
	unsigned int funct3 = insn >> 12 & 7;
	struct move move = { .len = 1u << (funct3 & 3) };

	switch (insn & 0x7f) {
	case OPCODE_LOAD:
		move.reg = insn >> 7 & 31;
		move.is_signed = !(funct3 & 4);
		break;
	case OPCODE_LOAD_FP:
		move.reg = insn >> 7 & 31;
		move.is_fp = true;
		break;
	case OPCODE_STORE:
		move.reg = insn >> 20 & 31;
		move.is_store = true;
		break;
	case OPCODE_STORE_FP:
		move.reg = insn >> 20 & 31;
		move.is_store = true;
		move.is_fp = true;
		break;
	default:
		return (struct move){ 0 };
	}
	/* Bytes, the hole at 7, wide stores; vectors and quad precision. */
	if (move.len == 1 || funct3 == 7 ||
	    ((move.is_fp || move.is_store) && funct3 > 3))
		return (struct move){ 0 };
	return move;
}

/* c.lhu, c.lh and c.sh of Zcb; bytes are never misaligned. */
static struct move decode_zcb(uint32_t insn)
{
	struct move move = { .len = 2, .reg = 8 + (insn >> 2 & 7) };

	switch (insn >> 10 & 7) {
	case 1:
		move.is_signed = insn >> 6 & 1;
		return move;
	case 3:
		move.is_store = true;
		return move;
	default:
		return (struct move){ 0 };
	}
}

static const struct move compressed_moves[] = {
	[C_FLD] = { .len = 8, .is_fp = true },
	[C_LW] = { .len = 4, .is_signed = true },
	[C_LD] = { .len = 8 },
	[C_FSD] = { .len = 8, .is_fp = true, .is_store = true },
	[C_SW] = { .len = 4, .is_store = true },
	[C_SD] = { .len = 8, .is_store = true },
	[C_FLDSP] = { .len = 8, .is_fp = true },
	[C_LWSP] = { .len = 4, .is_signed = true },
	[C_LDSP] = { .len = 8 },
	[C_FSDSP] = { .len = 8, .is_fp = true, .is_store = true },
	[C_SWSP] = { .len = 4, .is_store = true },
	[C_SDSP] = { .len = 8, .is_store = true },
};

static struct move decode_compressed(uint32_t insn)
{
	unsigned int quadrant = insn & 3;
	unsigned int kind = (insn >> 13 & 7) << 2 | quadrant;
	struct move move = { 0 };

	if (kind == C_ZCB)
		return decode_zcb(insn);
	if (kind < ARRAY_SIZE(compressed_moves))
		move = compressed_moves[kind];
	if (quadrant == 0)
		move.reg = 8 + (insn >> 2 & 7);
	else
		move.reg = insn >> (move.is_store ? 2 : 7) & 31;
	return move;
}

bool move_decode(uint32_t insn, struct move *move)
{
	*move = (insn & 3) == 3 ? decode_wide(insn) : decode_compressed(insn);
	return move->len != 0;
}
