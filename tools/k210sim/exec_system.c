// SPDX-License-Identifier: MIT
/*
 * SYSTEM instructions: CSR access, ecall, ebreak, trap returns, wfi and
 * sfence.vm; privileged manual 1.9.1, section 2 and k210.md section 2.
 */
#include "insn.h"

#define INSN_ECALL     0x00000073
#define INSN_EBREAK    0x00100073
#define INSN_SRET      0x10200073
#define INSN_MRET      0x30200073
#define INSN_WFI       0x10500073
#define INSN_SFENCE_VM 0x10400073
#define SFENCE_VM_MASK 0xfff07fff

static bool exec_csr(struct hart *hart, uint32_t insn)
{
	unsigned int funct3 = insn_funct3(insn);
	unsigned int number = insn >> 20;
	bool by_immediate = funct3 & 4;
	uint64_t operand =
		by_immediate ? insn_rs1(insn) : hart->x[insn_rs1(insn)];
	bool writes = (funct3 & 3) == 1 || insn_rs1(insn) != 0;
	uint64_t old;
	uint64_t value;

	if (!csr_read(hart, number, &old))
		return hart_raise_illegal(hart);
	if ((funct3 & 3) == 1)
		value = operand;
	else if ((funct3 & 3) == 2)
		value = old | operand;
	else
		value = old & ~operand;
	if (writes && !csr_write(hart, number, value))
		return hart_raise_illegal(hart);
	hart_set_x(hart, insn_rd(insn), old);
	return true;
}

static bool exec_privileged(struct hart *hart, uint32_t insn)
{
	if ((insn & SFENCE_VM_MASK) == INSN_SFENCE_VM && hart->priv >= PRIV_S) {
		mmu_flush(hart);
		return true;
	}
	if (insn == INSN_SRET && hart->priv >= PRIV_S) {
		hart_sret(hart);
		return true;
	}
	if (insn == INSN_MRET && hart->priv == PRIV_M) {
		hart_mret(hart);
		return true;
	}
	if (insn == INSN_WFI && hart->priv >= PRIV_S) {
		hart->waiting = !hart_has_wakeup(hart);
		return true;
	}
	return hart_raise_illegal(hart);
}

bool exec_system(struct hart *hart, uint32_t insn)
{
	if (insn_funct3(insn) & 3)
		return exec_csr(hart, insn);
	if (insn == INSN_ECALL)
		return hart_raise(hart, CAUSE_ECALL_U + hart->priv, 0);
	if (insn == INSN_EBREAK)
		return hart_raise(hart, CAUSE_BREAKPOINT, hart->pc);
	return exec_privileged(hart, insn);
}
