/* SPDX-License-Identifier: MIT */
/*
 * The trap vector of harts of version 1.9.1: short ways for what is frequent
 * there; all else goes on in trap.S.
 *
 *   access faults   most are page faults: C decides what they are, and needs
 *                   only the registers saved that it may change itself
 *   rdtime          which such harts lack.  Uses few registers, fetches the
 *                   instruction itself, and answers S-mode, or U-mode where
 *                   mucounteren allows it.  What is not so simple (another
 *                   instruction, a fetch that faults) starts anew in trap.S
 *
 * There is no exit work: without a time CSR no time is accounted.
 */
#include <lib/csr.h>

#include "asm-offsets.h"
#include "hart.h"
#include "trap_frame.inc"

/* csrrs rd, time, x0 in halves; the lower one has rd in bits 11:7. */
#define RDTIME_HIGH     0xc010
#define RDTIME_LOW      0x2073
#define RDTIME_LOW_MASK 0xf07f

	.text
	.option	norvc		/* access_fault skips 4 bytes; so do the rows */

	.balign	4
	.globl	priv19_trap_entry
priv19_trap_entry:
	csrrw	tp, CSR_MSCRATCH, tp
	bnez	tp, 1f
	j	trap_from_machine
1:
	sd	t0, X(5)(tp)
	csrr	t0, CSR_MCAUSE
	addi	t0, t0, -CAUSE_SUPERVISOR_ECALL
	beqz	t0, 2f
	addi	t0, t0, CAUSE_SUPERVISOR_ECALL - CAUSE_ILLEGAL
	beqz	t0, illegal
	addi	t0, t0, CAUSE_ILLEGAL - CAUSE_LOAD_ACCESS
	beqz	t0, fault
	addi	t0, t0, CAUSE_LOAD_ACCESS - CAUSE_STORE_ACCESS
	beqz	t0, fault
	addi	t0, t0, CAUSE_STORE_ACCESS - CAUSE_FETCH_ACCESS
	beqz	t0, fault
2:
	ld	t0, X(5)(tp)
	j	trap_entry_swapped

fault:
	ld	t0, X(5)(tp)
	save_caller_saved
	call	priv19_access_fault
	ld	a0, X(10)(tp)
	ld	a1, X(11)(tp)
	restore_caller_saved
	leave

illegal:
	sd	t1, X(6)(tp)
	sd	t2, X(7)(tp)
	sd	a3, X(13)(tp)
	sd	a4, X(14)(tp)

	/* After "satp = 0" there is no table to fetch through. */
	csrr	t0, CSR_SPTBR
	beqz	t0, slow

	/* The halves of the instruction: t0, a4.  As access_fetch does it. */
	csrr	t1, CSR_MEPC
	la	t0, access_fault
	csrw	CSR_MTVEC, t0
	li	a3, 0
	li	t0, MSTATUS_MPRV | MSTATUS_MXR
	csrrs	t2, CSR_MSTATUS, t0
	lhu	t0, 0(t1)
	bnez	a3, 2f
	lhu	a4, 2(t1)
2:
	csrw	CSR_MSTATUS, t2
	csrw	CSR_MEPC, t1
	bnez	a3, slow
	li	a3, RDTIME_HIGH
	bne	a4, a3, slow
	li	a4, RDTIME_LOW_MASK
	and	a4, a4, t0
	li	a3, RDTIME_LOW
	bne	a4, a3, slow
	srliw	a3, t2, MSTATUS_MPP_SHIFT
	andi	a3, a3, 1
	bnez	a3, 3f
	csrr	a3, CSR_MUCOUNTEREN
	andi	a3, a3, COUNTEREN_TM
	beqz	a3, slow
3:
	addi	t1, t1, 4
	csrw	CSR_MEPC, t1
	la	t1, priv19_trap_entry
	csrw	CSR_MTVEC, t1

	/* pmu_count(PMU_FW_ILLEGAL_INSN) */
	lui	t1, %tprel_hi(pmu_fw_events + ILLEGAL_INSN_COUNT)
	add	t1, t1, tp, %tprel_add(pmu_fw_events + ILLEGAL_INSN_COUNT)
	ld	t2, %tprel_lo(pmu_fw_events + ILLEGAL_INSN_COUNT)(t1)
	addi	t2, t2, 1
	sd	t2, %tprel_lo(pmu_fw_events + ILLEGAL_INSN_COUNT)(t1)

	/* mtime into rd, which is in t0's bits 11:7: a row of 8 bytes each. */
	la	t1, timer_mtime
	ld	t1, 0(t1)
	ld	t1, 0(t1)
	srli	t0, t0, 4
	andi	t0, t0, 31 * 8
	la	t2, rows
	add	t0, t0, t2
	jr	t0
rows:
	j	done			/* x0 */
	nop
	.irp	n,1,2,3
	mv	x\n, t1
	j	done
	.endr
	csrw	CSR_MSCRATCH, t1	/* tp */
	j	done
	.irp	n,5,6,7
	sd	t1, X(\n)(tp)
	j	done
	.endr
	.irp	n,8,9,10,11,12
	mv	x\n, t1
	j	done
	.endr
	.irp	n,13,14
	sd	t1, X(\n)(tp)
	j	done
	.endr
	.irp	n,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	mv	x\n, t1
	j	done
	.endr
done:
	ld	t0, X(5)(tp)
	ld	t1, X(6)(tp)
	ld	t2, X(7)(tp)
	ld	a3, X(13)(tp)
	ld	a4, X(14)(tp)
	csrrw	tp, CSR_MSCRATCH, tp
	mret

/* mepc and mstatus are as they came; a fault above has changed mcause. */
slow:
	la	t0, priv19_trap_entry
	csrw	CSR_MTVEC, t0
	li	t0, CAUSE_ILLEGAL
	csrw	CSR_MCAUSE, t0
	ld	t0, X(5)(tp)
	ld	t1, X(6)(tp)
	ld	t2, X(7)(tp)
	ld	a3, X(13)(tp)
	ld	a4, X(14)(tp)
	j	trap_entry_swapped
