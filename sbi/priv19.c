// SPDX-License-Identifier: MIT
/*
 * Harts of version 1.9.1: their registers, and what is emulated for S-mode; see
 * priv19.h.
 */
#include "priv19.h"

#include <lib/barrier.h>

#include "emulate.h"
#include "hart.h"

#define PTE_VALID_RWX_AD 0xcf /* not for U-mode; A and D set */
#define NR_ROOT_ENTRIES  512
#define GIGAPAGE_PPN     18 /* shift from a gigapage's number to its PTE.PPN */
#define PTE_PPN_SHIFT    10
#define IDENTITY_GIB     4 /* all that a bus of 32 bits reaches */

#define COUNTERS_ALLOWED (COUNTEREN_CY | COUNTEREN_TM | COUNTEREN_IR)

#define INSN_SFENCE_VMA      0x12000073
#define INSN_SFENCE_VMA_MASK 0xfe007fff

/* Both harts may write it at once: always the same. */
static uint64_t identity_root[NR_ROOT_ENTRIES] __aligned(4096);

/* mucounteren can't be asked: whether it keeps the bit of time is not known. */
static _Thread_local uint32_t scounteren; /* [o] */

bool priv19_is_this_hart(void)
{
	uint64_t mstatus = csr_read(CSR_MSTATUS);
	bool works;

	csr_write(CSR_MSTATUS, (mstatus & ~MSTATUS_VM) | MSTATUS_VM_SV39);
	works = (csr_read(CSR_MSTATUS) & MSTATUS_VM) == MSTATUS_VM_SV39;
	csr_write(CSR_MSTATUS, mstatus);
	return works;
}

static void scounteren_write(uint64_t value)
{
	scounteren = value & COUNTERS_ALLOWED;
	csr_write(CSR_MUCOUNTEREN, scounteren);
}

uint64_t priv19_scounteren(void)
{
	return scounteren;
}

void priv19_init_hart(void)
{
	/* Neither has a value after power-up. */
	csr_write(CSR_MSCOUNTEREN, COUNTERS_ALLOWED);
	scounteren_write(COUNTERS_ALLOWED);
	csr_write(CSR_MTVEC, priv19_trap_entry);
}

void priv19_map_identity(void)
{
	uint64_t i;

	for (i = 0; i < IDENTITY_GIB; i++)
		identity_root[i] =
			i << (GIGAPAGE_PPN + PTE_PPN_SHIFT) | PTE_VALID_RWX_AD;
	csr_write(CSR_SPTBR, (uintptr_t)identity_root >> 12);
	csr_set(CSR_MSTATUS, MSTATUS_VM_SV39);
	mb();
	sfence_vm();
}

void priv19_repair_root(void)
{
	if (!csr_read(CSR_SPTBR))
		priv19_map_identity();
}

uint64_t priv19_begin_exception(struct trap_info *info)
{
	/* First of all: our own accesses in the caller's name need one. */
	priv19_repair_root();
	/* mbadaddr keeps what it held: anything but the instruction. */
	if (info->cause == CAUSE_ILLEGAL)
		info->tval = 0;
	/* PUM is about S-mode, and our accesses will be U-mode's. */
	if (csr_read(CSR_MSTATUS) & MSTATUS_MPP_S)
		return 0;
	return csr_read_clear(CSR_MSTATUS, MSTATUS_PUM) & MSTATUS_PUM;
}

/* One of the six CSR instructions on scounteren. */
static void access_scounteren(struct trap_frame *frame, uint32_t insn)
{
	unsigned int rd = insn >> 7 & 31, rs1 = insn >> 15 & 31;
	unsigned int funct3 = insn >> 12 & 7;
	uint64_t old = scounteren, operand;

	/* Bit 2: the field is the operand itself, not a register's number. */
	operand = funct3 & 4 ? rs1 : rs1 ? frame->x[rs1] : 0;
	switch (funct3 & 3) {
	case 1:
		scounteren_write(operand);
		break;
	case 2:
		scounteren_write(old | operand);
		break;
	default:
		scounteren_write(old & ~operand);
	}
	if (rd)
		frame->x[rd] = old;
}

bool priv19_emulate(struct trap_frame *frame, uint32_t insn)
{
	bool from_s = csr_read(CSR_MSTATUS) & MSTATUS_MPP_S;

	if (!from_s)
		return false;
	if ((insn & INSN_SFENCE_VMA_MASK) == INSN_SFENCE_VMA) {
		mb();
		sfence_vm();
		return true;
	}
	if ((insn & 0x7f) == OPCODE_SYSTEM && insn >> 20 == CSR_SCOUNTEREN &&
	    insn >> 12 & 3) {
		access_scounteren(frame, insn);
		return true;
	}
	return false;
}
