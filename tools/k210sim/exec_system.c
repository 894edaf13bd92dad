// SPDX-License-Identifier: MIT
/*
 * SYSTEM and MISC-MEM instructions: CSR access, ecall, ebreak, trap returns,
 * wfi, sfence.vm and fences; privileged manual 1.9.1, section 2 and k210.md
 * section 2.
 */
#include "csr.h"
#include "exec.h"
#include "icache.h"
#include "insn.h"
#include "mmu.h"

#define INSN_ECALL     0x00000073
#define INSN_EBREAK    0x00100073
#define INSN_SRET      0x10200073
#define INSN_MRET      0x30200073
#define INSN_WFI       0x10500073
#define INSN_SFENCE_VM 0x10400073
#define SFENCE_VM_MASK 0xfff07fff

static bool exec_csr(struct hart *hart, const struct op *op)
{
	uint32_t insn = op_insn(op);
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
	if (writes)
		hart_end_block(hart);
	return set_rd(hart, op, old);
}

static bool exec_ecall(struct hart *hart, const struct op *op)
{
	(void)op;
	return hart_raise(hart, CAUSE_ECALL_U + hart->priv, 0);
}

static bool exec_ebreak(struct hart *hart, const struct op *op)
{
	(void)op;
	return hart_raise(hart, CAUSE_BREAKPOINT, hart->pc);
}

static bool exec_sret(struct hart *hart, const struct op *op)
{
	(void)op;
	if (hart->priv < PRIV_S)
		return hart_raise_illegal(hart);
	hart_sret(hart);
	return false;
}

static bool exec_mret(struct hart *hart, const struct op *op)
{
	(void)op;
	if (hart->priv < PRIV_M)
		return hart_raise_illegal(hart);
	hart_mret(hart);
	return false;
}

static bool exec_wfi(struct hart *hart, const struct op *op)
{
	(void)op;
	if (hart->priv < PRIV_S)
		return hart_raise_illegal(hart);
	hart->waiting = !hart_has_wakeup(hart);
	hart_end_block(hart);
	return true;
}

static bool exec_sfence_vm(struct hart *hart, const struct op *op)
{
	(void)op;
	if (hart->priv < PRIV_S)
		return hart_raise_illegal(hart);
	mmu_flush(hart);
	hart_end_block(hart);
	return true;
}

/* The harts see each other's stores in order already. */
static bool exec_fence(struct hart *hart, const struct op *op)
{
	(void)hart;
	(void)op;
	return true;
}

static bool exec_fence_i(struct hart *hart, const struct op *op)
{
	(void)op;
	icache_flush(hart->icache);
	hart_end_block(hart);
	return true;
}

exec_fn exec_for_fence(uint32_t insn)
{
	switch (insn_funct3(insn)) {
	case 0:
		return exec_fence;
	case 1:
		return exec_fence_i;
	default:
		return NULL;
	}
}

exec_fn exec_for_system(uint32_t insn)
{
	if (insn_funct3(insn) & 3)
		return exec_csr;
	if ((insn & SFENCE_VM_MASK) == INSN_SFENCE_VM)
		return exec_sfence_vm;
	switch (insn) {
	case INSN_ECALL:
		return exec_ecall;
	case INSN_EBREAK:
		return exec_ebreak;
	case INSN_SRET:
		return exec_sret;
	case INSN_MRET:
		return exec_mret;
	case INSN_WFI:
		return exec_wfi;
	default:
		return NULL;
	}
}
