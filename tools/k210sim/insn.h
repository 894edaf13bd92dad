// SPDX-License-Identifier: MIT
/*
 * Fields of 32-bit instructions, and who executes which group.
 *
 * Every exec function returns true when the instruction retired, or false
 * when it raised a trap; then it changed nothing else.
 */
#pragma once

#include "hart.h"

static inline unsigned int insn_rd(uint32_t insn)
{
	return insn >> 7 & 31;
}

static inline unsigned int insn_rs1(uint32_t insn)
{
	return insn >> 15 & 31;
}

static inline unsigned int insn_rs2(uint32_t insn)
{
	return insn >> 20 & 31;
}

static inline unsigned int insn_rs3(uint32_t insn)
{
	return insn >> 27;
}

static inline unsigned int insn_funct3(uint32_t insn)
{
	return insn >> 12 & 7;
}

static inline unsigned int insn_funct7(uint32_t insn)
{
	return insn >> 25;
}

static inline int64_t insn_imm_i(uint32_t insn)
{
	return (int32_t)insn >> 20;
}

static inline int64_t insn_imm_s(uint32_t insn)
{
	return ((int32_t)insn >> 25) * 32 + (int32_t)insn_rd(insn);
}

/* A 16-bit instruction as the 32-bit one it stands for; 0 if illegal. */
uint32_t insn_expand(uint16_t insn);

bool exec_op_imm(struct hart *hart, uint32_t insn);
bool exec_op_imm_32(struct hart *hart, uint32_t insn);
bool exec_op(struct hart *hart, uint32_t insn);
bool exec_op_32(struct hart *hart, uint32_t insn);
bool exec_muldiv(struct hart *hart, uint32_t insn);
bool exec_muldiv_32(struct hart *hart, uint32_t insn);
bool exec_jal(struct hart *hart, uint32_t insn);
bool exec_jalr(struct hart *hart, uint32_t insn);
bool exec_branch(struct hart *hart, uint32_t insn);
bool exec_load(struct hart *hart, uint32_t insn);
bool exec_store(struct hart *hart, uint32_t insn);
bool exec_load_fp(struct hart *hart, uint32_t insn);
bool exec_store_fp(struct hart *hart, uint32_t insn);
bool exec_amo(struct hart *hart, uint32_t insn);
bool exec_fp(struct hart *hart, uint32_t insn);
bool exec_fp_madd(struct hart *hart, uint32_t insn);
bool exec_system(struct hart *hart, uint32_t insn);
