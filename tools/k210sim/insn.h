// SPDX-License-Identifier: MIT
/* Fields of 32-bit instructions: unprivileged manual 2.2, section 2.2. */
#pragma once

#include <stdint.h>

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

static inline int64_t insn_imm_b(uint32_t insn)
{
	uint32_t low =
		(insn >> 7 & 0x1e) | (insn >> 20 & 0x7e0) | (insn << 4 & 0x800);

	return ((int32_t)insn >> 31) * (1 << 12) + (int64_t)low;
}

static inline int64_t insn_imm_u(uint32_t insn)
{
	return (int32_t)(insn & ~0xfffu);
}

static inline int64_t insn_imm_j(uint32_t insn)
{
	uint32_t low =
		(insn >> 20 & 0x7fe) | (insn >> 9 & 0x800) | (insn & 0xff000);

	return ((int32_t)insn >> 31) * (1 << 20) + (int64_t)low;
}

/* A 16-bit instruction as the 32-bit one it stands for; 0 if illegal. */
uint32_t insn_expand(uint16_t insn);
