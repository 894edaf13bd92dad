// SPDX-License-Identifier: MIT
/*
 * Loads and stores of integer and floating-point registers: unprivileged
 * manual 2.2, sections 2.6, 7.5 and 8.3.
 */
#include "bus.h"
#include "insn.h"
#include "report.h"

#define NAN_BOX 0xffffffff00000000ull

bool exec_load(struct hart *hart, uint32_t insn)
{
	uint64_t address = hart->x[insn_rs1(insn)] + (uint64_t)insn_imm_i(insn);
	unsigned int funct3 = insn_funct3(insn);
	unsigned int unused_bits = 64 - (8u << (funct3 & 3));
	uint64_t value;

	if (funct3 == 7)
		return hart_raise_illegal(hart);
	if (!hart_load(hart, address, 1u << (funct3 & 3), &value))
		return false;
	if (!(funct3 & 4))
		value = (uint64_t)((int64_t)(value << unused_bits) >>
				   unused_bits);
	hart_set_x(hart, insn_rd(insn), value);
	return true;
}

bool exec_store(struct hart *hart, uint32_t insn)
{
	uint64_t address = hart->x[insn_rs1(insn)] + (uint64_t)insn_imm_s(insn);

	if (insn_funct3(insn) & 4)
		return hart_raise_illegal(hart);
	return hart_store(hart, address, 1u << insn_funct3(insn),
			  hart->x[insn_rs2(insn)]);
}

static bool fp_access_is_legal(struct hart *hart, uint32_t insn)
{
	unsigned int funct3 = insn_funct3(insn);

	return hart_has_fp(hart) && (funct3 == 2 || funct3 == 3);
}

/* Loads of 8 bytes and less from the alias reportedly go wrong. */
static void check_alias(struct hart *hart, uint64_t address)
{
	if (bus_is_alias((uint32_t)address) && hart->priv == PRIV_M)
		report_misuse(hart, address,
			      "floating-point access to the uncached alias "
			      "(k210.md 6.1, 34)");
}

bool exec_load_fp(struct hart *hart, uint32_t insn)
{
	uint64_t address = hart->x[insn_rs1(insn)] + (uint64_t)insn_imm_i(insn);
	uint64_t value;

	if (!fp_access_is_legal(hart, insn))
		return hart_raise_illegal(hart);
	check_alias(hart, address);
	if (!hart_load(hart, address, 1u << insn_funct3(insn), &value))
		return false;
	if (insn_funct3(insn) == 2)
		value |= NAN_BOX;
	hart->f[insn_rd(insn)] = value;
	return true;
}

bool exec_store_fp(struct hart *hart, uint32_t insn)
{
	uint64_t address = hart->x[insn_rs1(insn)] + (uint64_t)insn_imm_s(insn);

	if (!fp_access_is_legal(hart, insn))
		return hart_raise_illegal(hart);
	check_alias(hart, address);
	return hart_store(hart, address, 1u << insn_funct3(insn),
			  hart->f[insn_rs2(insn)]);
}
