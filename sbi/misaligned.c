// SPDX-License-Identifier: MIT
/*
 * Misaligned loads and stores, byte by byte.
 *
 * move.c decodes; the address is in mtval.  AMOs, LR and SC stay misaligned
 * traps, as their atomicity could not be kept.
 */
#include <lib/csr.h>

#include "access.h"
#include "emulate.h"
#include "move.h"
#include "pmu_events.h"

/* Decode the instruction at mepc; false with info set if there is no way. */
static bool decode(struct move *move, unsigned int *insn_len,
		   struct trap_info *info)
{
	uint32_t insn;

	if (!emulate_fetch(&insn, info))
		return false;
	*insn_len = (insn & 3) == 3 ? 4 : 2;
	return move_decode(insn, move);
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
	unsigned int insn_len;

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
	unsigned int insn_len;
	uint64_t value, fault;

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
