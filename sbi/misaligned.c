// SPDX-License-Identifier: MIT
/*
 * Misaligned loads and stores, byte by byte.
 *
 * Unprivileged ISA: chapters 2, 5 (RV64I), 11, 12 (F, D), 16 (C) and Zcb.
 * Decoding tells size, kind and register; the address is in mtval.  AMOs, LR
 * and SC stay misaligned traps, as their atomicity could not be kept.
 */
#include <lib/csr.h>

#include "access.h"
#include "emulate.h"
#include "pmu_events.h"

/* How an instruction moves data between a register and memory. */
struct move {
	unsigned int len; /* bytes; 0: not one of ours */
	unsigned int reg; /* number of the register */
	bool is_signed;   /* a load that extends the sign */
	bool is_fp;       /* of the floating-point registers */
	bool is_store;
};

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
	/* funct3 of vector loads and stores and of quad precision. */
	if (move.is_fp && (funct3 == 0 || funct3 > 3))
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

/* Decode the instruction at mepc; false with info set if there is no way. */
static bool decode(struct move *move, uint64_t *insn_len,
		   struct trap_info *info)
{
	uint32_t insn;

	if (!emulate_fetch(&insn, info))
		return false;
	if ((insn & 3) == 3) {
		*move = decode_wide(insn);
		*insn_len = 4;
	} else {
		*move = decode_compressed(insn);
		*insn_len = 2;
	}
	return move->len != 0;
}

static uint64_t extend_sign(uint64_t value, unsigned int len)
{
	unsigned int shift = 64 - 8 * len;

	return (uint64_t)((int64_t)(value << shift) >> shift);
}

/* A narrow value in a wide floating-point register has ones above it. */
static uint64_t box_nan(uint64_t value, unsigned int len)
{
	return len < 8 ? value | -1ul << (8 * len) : value;
}

bool emulate_misaligned_load(struct trap_frame *frame, struct trap_info *info)
{
	struct access_result result;
	struct move move;
	uint64_t insn_len;

	pmu_count(PMU_FW_MISALIGNED_LOAD);
	if (!decode(&move, &insn_len, info) || move.is_store)
		return false;
	result = access_load(info->tval, move.len);
	if (result.fault) {
		emulate_note_fault(info, result.fault);
		return false;
	}
	if (move.is_fp)
		fp_write(move.reg, box_nan(result.value, move.len));
	else if (move.reg)
		frame->x[move.reg] =
			move.is_signed ? extend_sign(result.value, move.len)
				       : result.value;
	csr_write(CSR_MEPC, csr_read(CSR_MEPC) + insn_len);
	return true;
}

bool emulate_misaligned_store(struct trap_frame *frame, struct trap_info *info)
{
	struct move move;
	uint64_t insn_len, value, fault;

	pmu_count(PMU_FW_MISALIGNED_STORE);
	if (!decode(&move, &insn_len, info) || !move.is_store)
		return false;
	if (move.is_fp)
		value = fp_read(move.reg);
	else
		value = move.reg ? frame->x[move.reg] : 0;
	fault = access_store(info->tval, move.len, value);
	if (fault) {
		emulate_note_fault(info, fault);
		return false;
	}
	csr_write(CSR_MEPC, csr_read(CSR_MEPC) + insn_len);
	return true;
}
