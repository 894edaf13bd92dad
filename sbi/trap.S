/* SPDX-License-Identifier: MIT */
/*
 * The way into M-mode and out of it.
 *
 * While S-mode or U-mode runs, mscratch holds the hart's tp; while M-mode
 * runs it holds 0, which is how a trap out of our own code is told from one
 * that we serve.  The three ways differ in what they save:
 *
 *   SBI calls     what C may change (ra, t0-t6, a2-a7), then straight to
 *                 the extension; a0 and a1 carry its answer
 *   interrupts    the same and a0, a1
 *   the rest      all registers, since emulation reads and writes them
 *
 * Before they leave, all look whether there is exit work (trap.h).
 *
 * The frame is at tp, and so is the top of the stack: traps do not nest.
 */
#include <lib/csr.h>

#include "asm-offsets.h"
#include "hart.h"
#include "trap_frame.inc"

	.text

/*
 * The entry of harts that account their time in M-mode (trap_account_time()):
 * note the time, then go on as if nothing had happened.
 */
	.balign	4
	.globl	trap_entry_timed
trap_entry_timed:
	csrrw	tp, CSR_MSCRATCH, tp
	beqz	tp, trap_from_machine
	sd	t0, X(5)(tp)
	csrr	t0, CSR_TIME
	sd	t0, HART_ENTRY_TIME(tp)
	li	t0, 1
	sw	t0, HART_EXIT_WORK(tp)
	ld	t0, X(5)(tp)
	csrrw	tp, CSR_MSCRATCH, tp

	.balign	4
	.globl	trap_entry
trap_entry:
	csrrw	tp, CSR_MSCRATCH, tp
	beqz	tp, trap_from_machine
	/* From here on for priv19_entry.S, too. */
	.globl	trap_entry_swapped
trap_entry_swapped:
	save_caller_saved
	csrr	t0, CSR_MCAUSE
	li	t1, CAUSE_SUPERVISOR_ECALL
	bne	t0, t1, 1f

	csrr	t1, CSR_MEPC
	addi	t1, t1, 4
	csrw	CSR_MEPC, t1
	mv	a0, tp
	call	ecall_dispatch		/* (frame) -> a0, a1 */
	lw	t0, HART_EXIT_WORK(tp)
	bnez	t0, 4f
3:
	restore_caller_saved
	leave
4:
	sd	a0, X(10)(tp)
	sd	a1, X(11)(tp)
	call	trap_exit_work
	ld	a0, X(10)(tp)
	ld	a1, X(11)(tp)
	j	3b

1:
	bgez	t0, 2f
	mv	a0, t0
	call	trap_interrupt		/* (cause) */
	lw	t0, HART_EXIT_WORK(tp)
	beqz	t0, 5f
	call	trap_exit_work
5:
	ld	a0, X(10)(tp)
	ld	a1, X(11)(tp)
	restore_caller_saved
	leave

2:
	sd	gp, X(3)(tp)
	sd	s0, X(8)(tp)
	sd	s1, X(9)(tp)
	sd	s2, X(18)(tp)
	sd	s3, X(19)(tp)
	sd	s4, X(20)(tp)
	sd	s5, X(21)(tp)
	sd	s6, X(22)(tp)
	sd	s7, X(23)(tp)
	sd	s8, X(24)(tp)
	sd	s9, X(25)(tp)
	sd	s10, X(26)(tp)
	sd	s11, X(27)(tp)
	li	s0, 0			/* a backtrace ends here */
	mv	a0, tp
	mv	a1, t0
	call	trap_exception		/* (frame, cause) */
	lw	t0, HART_EXIT_WORK(tp)
	beqz	t0, 6f
	call	trap_exit_work
6:
	ld	gp, X(3)(tp)
	ld	s0, X(8)(tp)
	ld	s1, X(9)(tp)
	ld	s2, X(18)(tp)
	ld	s3, X(19)(tp)
	ld	s4, X(20)(tp)
	ld	s5, X(21)(tp)
	ld	s6, X(22)(tp)
	ld	s7, X(23)(tp)
	ld	s8, X(24)(tp)
	ld	s9, X(25)(tp)
	ld	s10, X(26)(tp)
	ld	s11, X(27)(tp)
	ld	a0, X(10)(tp)
	ld	a1, X(11)(tp)
	restore_caller_saved
	leave

/*
 * Our own code trapped: save all where panic_trap() finds it, take the stack
 * that is kept for this, and never come back.
 */
	.globl	trap_from_machine
trap_from_machine:
	csrrw	tp, CSR_MSCRATCH, tp	/* undo: tp was right, mscratch 0 */
	csrw	CSR_MSCRATCH, t0
	la	t0, panic_frame
	sd	ra, 8(t0)
	sd	sp, 16(t0)
	sd	gp, 24(t0)
	sd	tp, 32(t0)
	sd	t1, 48(t0)
	sd	t2, 56(t0)
	sd	s0, 64(t0)
	sd	s1, 72(t0)
	sd	a0, 80(t0)
	sd	a1, 88(t0)
	sd	a2, 96(t0)
	sd	a3, 104(t0)
	sd	a4, 112(t0)
	sd	a5, 120(t0)
	sd	a6, 128(t0)
	sd	a7, 136(t0)
	sd	s2, 144(t0)
	sd	s3, 152(t0)
	sd	s4, 160(t0)
	sd	s5, 168(t0)
	sd	s6, 176(t0)
	sd	s7, 184(t0)
	sd	s8, 192(t0)
	sd	s9, 200(t0)
	sd	s10, 208(t0)
	sd	s11, 216(t0)
	sd	t3, 224(t0)
	sd	t4, 232(t0)
	sd	t5, 240(t0)
	sd	t6, 248(t0)
	csrrw	t1, CSR_MSCRATCH, zero
	sd	t1, 40(t0)
	la	sp, panic_stack_top
	mv	a0, t0
	call	panic_trap

/*
 * Where an access to the caller's memory lands when it faults (access.c): note
 * why in a3 and skip the instruction, which is four bytes long.
 */
	.balign	4
	.globl	access_fault
access_fault:
	csrr	a3, CSR_MEPC
	addi	a3, a3, 4
	csrw	CSR_MEPC, a3
	csrr	a3, CSR_MCAUSE
	addi	a3, a3, 1		/* 0 means that all went well */
	mret

/*
 * Leave M-mode for the first time: enter_lower(a0, a1) with mepc and mstatus
 * set.  All other registers start as 0, so that nothing of ours leaks.
 */
	.globl	enter_lower
enter_lower:
	csrw	CSR_MSCRATCH, tp
	li	ra, 0
	li	sp, 0
	li	gp, 0
	li	tp, 0
	li	t0, 0
	li	t1, 0
	li	t2, 0
	li	s0, 0
	li	s1, 0
	li	a2, 0
	li	a3, 0
	li	a4, 0
	li	a5, 0
	li	a6, 0
	li	a7, 0
	li	s2, 0
	li	s3, 0
	li	s4, 0
	li	s5, 0
	li	s6, 0
	li	s7, 0
	li	s8, 0
	li	s9, 0
	li	s10, 0
	li	s11, 0
	li	t3, 0
	li	t4, 0
	li	t5, 0
	li	t6, 0
	mret
