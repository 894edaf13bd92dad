/* SPDX-License-Identifier: MIT */
/*
 * Trap entry and exit.
 *
 * One entry (stvec, direct mode) tells user from kernel by sscratch, which
 * holds the current thread while in user mode and 0 while in the kernel.  tp is
 * the thread whenever C runs; gp belongs to the user and is never used here.
 *
 * A system call runs straight through this file: all registers are saved once
 * (signals, ptrace and fork want them), the handler is called from the table,
 * and the way back looks at one word of thread->flags.
 */
#include <arch/layout.h>
#include <arch/priv19.h>
#include <lib/csr.h>

#include "asm-offsets.h"
#include "priv19.inc"

/* All but sp and tp, which the entries treat differently.  sp = the frame. */
	.macro	SAVE_REGISTERS
	sd	ra, FRAME_RA(sp)
	sd	gp, FRAME_GP(sp)
	sd	t0, FRAME_T0(sp)
	sd	t1, FRAME_T1(sp)
	sd	t2, FRAME_T2(sp)
	sd	s0, FRAME_S0(sp)
	sd	s1, FRAME_S1(sp)
	sd	a0, FRAME_A0(sp)
	sd	a1, FRAME_A1(sp)
	sd	a2, FRAME_A2(sp)
	sd	a3, FRAME_A3(sp)
	sd	a4, FRAME_A4(sp)
	sd	a5, FRAME_A5(sp)
	sd	a6, FRAME_A6(sp)
	sd	a7, FRAME_A7(sp)
	sd	s2, FRAME_S2(sp)
	sd	s3, FRAME_S3(sp)
	sd	s4, FRAME_S4(sp)
	sd	s5, FRAME_S5(sp)
	sd	s6, FRAME_S6(sp)
	sd	s7, FRAME_S7(sp)
	sd	s8, FRAME_S8(sp)
	sd	s9, FRAME_S9(sp)
	sd	s10, FRAME_S10(sp)
	sd	s11, FRAME_S11(sp)
	sd	t3, FRAME_T3(sp)
	sd	t4, FRAME_T4(sp)
	sd	t5, FRAME_T5(sp)
	sd	t6, FRAME_T6(sp)
	.endm

	.macro	RESTORE_REGISTERS
	ld	ra, FRAME_RA(sp)
	ld	gp, FRAME_GP(sp)
	ld	t0, FRAME_T0(sp)
	ld	t1, FRAME_T1(sp)
	ld	t2, FRAME_T2(sp)
	ld	s0, FRAME_S0(sp)
	ld	s1, FRAME_S1(sp)
	ld	a0, FRAME_A0(sp)
	ld	a1, FRAME_A1(sp)
	ld	a2, FRAME_A2(sp)
	ld	a3, FRAME_A3(sp)
	ld	a4, FRAME_A4(sp)
	ld	a5, FRAME_A5(sp)
	ld	a6, FRAME_A6(sp)
	ld	a7, FRAME_A7(sp)
	ld	s2, FRAME_S2(sp)
	ld	s3, FRAME_S3(sp)
	ld	s4, FRAME_S4(sp)
	ld	s5, FRAME_S5(sp)
	ld	s6, FRAME_S6(sp)
	ld	s7, FRAME_S7(sp)
	ld	s8, FRAME_S8(sp)
	ld	s9, FRAME_S9(sp)
	ld	s10, FRAME_S10(sp)
	ld	s11, FRAME_S11(sp)
	ld	t3, FRAME_T3(sp)
	ld	t4, FRAME_T4(sp)
	ld	t5, FRAME_T5(sp)
	ld	t6, FRAME_T6(sp)
	.endm

	.text

/*
 * All traps.  In: the state of whoever was trapped, interrupts off.
 */
	.balign	4
	.globl trap_entry
trap_entry:
	csrrw	tp, CSR_SSCRATCH, tp
	beqz	tp, kernel_trap

	sd	sp, THREAD_USER_SP(tp)
	ld	sp, THREAD_KERNEL_SP(tp)
	addi	sp, sp, -FRAME_SIZE
	SAVE_REGISTERS
	ld	t0, THREAD_USER_SP(tp)
	csrrw	t1, CSR_SSCRATCH, zero
	csrr	t2, CSR_SEPC
	csrr	t3, CSR_SSTATUS
	csrr	t4, CSR_SCAUSE
	sd	t0, FRAME_SP(sp)
	sd	t1, FRAME_TP(sp)
	sd	t3, FRAME_STATUS(sp)
	sd	t4, FRAME_CAUSE(sp)
	li	t5, CAUSE_USER_ECALL
	bne	t4, t5, user_trap

	/* A system call: a7 = number, a0 to a5 = arguments. */
	addi	t2, t2, 4
	sd	t2, FRAME_PC(sp)
	sd	a0, FRAME_ORIG_A0(sp)
	csrsi	CSR_SSTATUS, SSTATUS_SIE
	li	t0, NR_SYSCALLS_KEEL
	bgeu	a7, t0, unknown_syscall
	la	t0, syscall_table
	slli	t1, a7, 3
	add	t0, t0, t1
	ld	t0, 0(t0)
	addi	a0, sp, FRAME_A0
	jalr	t0
syscall_done:
	sd	a0, FRAME_A0(sp)

/*
 * The way to user mode.  In: sp = the frame at the top of this thread's stack.
 * Flags are looked at with interrupts off, so none can be set behind our back.
 */
	.globl return_to_user
return_to_user:
	csrci	CSR_SSTATUS, SSTATUS_SIE
	lw	t0, THREAD_FLAGS(tp)
	andi	t0, t0, THREAD_USER_WORK_MASK
	bnez	t0, user_work
restore_user:
	ld	t0, FRAME_PC(sp)
	ld	t1, FRAME_STATUS(sp)
	/* Also drops an LR reservation that another thread must not see. */
	sc.d	zero, t0, (sp)
	csrw	CSR_SEPC, t0
	csrw	CSR_SSTATUS, t1
	csrw	CSR_SSCRATCH, tp
	RESTORE_REGISTERS
	ld	tp, FRAME_TP(sp)
	ld	sp, FRAME_SP(sp)
	sret

unknown_syscall:
	addi	a0, sp, FRAME_A0
	call	syscall_unknown
	j	syscall_done

user_work:
	mv	a0, sp
	call	trap_user_work		/* returns with interrupts off */
	j	restore_user

/* Not a system call: t2 = sepc, t4 = scause, its sign tells interrupts. */
user_trap:
	sd	t2, FRAME_PC(sp)
	mv	a0, sp
	bltz	t4, 1f
	csrr	t0, CSR_STVAL
	sd	t0, FRAME_BADADDR(sp)
	csrsi	CSR_SSTATUS, SSTATUS_SIE
	call	trap_user_exception
	j	return_to_user
1:	call	trap_interrupt
	j	return_to_user

/*
 * A trap in the kernel, on the current stack.  The stack fills the upper half
 * of its slot (arch/layout.h): were the frame to reach below it, the sign of
 * the shifted sp tells before anything is stored.
 */
kernel_trap:
	csrr	tp, CSR_SSCRATCH
	csrw	CSR_SSCRATCH, zero
	sd	sp, THREAD_USER_SP(tp)
	addi	sp, sp, -FRAME_SIZE
	slli	sp, sp, 63 - KERNEL_STACK_SHIFT
	bgez	sp, stack_overflow
	ld	sp, THREAD_USER_SP(tp)
	addi	sp, sp, -FRAME_SIZE
save_kernel_frame:
	SAVE_REGISTERS
	ld	t0, THREAD_USER_SP(tp)
	csrr	t1, CSR_SEPC
	csrr	t2, CSR_SSTATUS
	csrr	t3, CSR_SCAUSE
	csrr	t4, CSR_STVAL
	sd	t0, FRAME_SP(sp)
	sd	tp, FRAME_TP(sp)
	sd	t1, FRAME_PC(sp)
	sd	t2, FRAME_STATUS(sp)
	sd	t3, FRAME_CAUSE(sp)
	sd	t4, FRAME_BADADDR(sp)
	/* A fault in a user copy may switch threads: SUM is not for those. */
	li	t0, SSTATUS_SUM
	USER_ACCESS_FORBID t0
	mv	a0, sp
	bltz	t3, 1f
	call	trap_kernel_exception
	j	2f
1:	call	trap_interrupt
2:	ld	t0, FRAME_PC(sp)
	ld	t1, FRAME_STATUS(sp)
	csrw	CSR_SEPC, t0
	csrw	CSR_SSTATUS, t1
	RESTORE_REGISTERS
	ld	sp, FRAME_SP(sp)
	sret

/*
 * Report on the one emergency stack of the machine: the first hart takes it,
 * any other that comes here meanwhile just stops.
 */
stack_overflow:
	la	sp, emergency_stack_taken
	amoswap.w sp, sp, (sp)
	bnez	sp, hart_park
	la	sp, emergency_stack + EMERGENCY_STACK_SIZE - FRAME_SIZE
	j	save_kernel_frame

	.globl trap_entry_end
trap_entry_end:

/*
 * A thread's first steps.  context_init() put entry into s0, arg into s1.
 */
	.globl context_start
context_start:
	call	thread_first_run
	mv	a0, s1
	mv	ra, zero
	jr	s0

/*
 * void user_mode_enter(void): see arch/trap.h.
 * sp moves in one step: were it above the frame even for one instruction, an
 * interrupt there would save its own frame in the same place.
 */
	.globl user_mode_enter
user_mode_enter:
	ld	t0, THREAD_KERNEL_SP(tp)
	addi	sp, t0, -FRAME_SIZE
	j	return_to_user

/*
 * void context_swap(struct thread *prev, struct thread *next)
 *
 * Interrupts off, run queue lock held; the lock changes hands with the stack.
 * Saves and loads what a C function keeps: ra, sp, s0 to s11.
 */
	.globl context_swap
context_swap:
	addi	a0, a0, THREAD_CONTEXT
	addi	a2, a1, THREAD_CONTEXT
	sd	ra, 0(a0)
	sd	sp, 8(a0)
	sd	s0, 16(a0)
	sd	s1, 24(a0)
	sd	s2, 32(a0)
	sd	s3, 40(a0)
	sd	s4, 48(a0)
	sd	s5, 56(a0)
	sd	s6, 64(a0)
	sd	s7, 72(a0)
	sd	s8, 80(a0)
	sd	s9, 88(a0)
	sd	s10, 96(a0)
	sd	s11, 104(a0)
	mv	tp, a1
	ld	ra, 0(a2)
	ld	sp, 8(a2)
	ld	s0, 16(a2)
	ld	s1, 24(a2)
	ld	s2, 32(a2)
	ld	s3, 40(a2)
	ld	s4, 48(a2)
	ld	s5, 56(a2)
	ld	s6, 64(a2)
	ld	s7, 72(a2)
	ld	s8, 80(a2)
	ld	s9, 88(a2)
	ld	s10, 96(a2)
	ld	s11, 104(a2)
	ret

	.bss
	.balign	4
emergency_stack_taken:
	.skip	4
	.balign	16
	.globl emergency_stack
emergency_stack:
	.skip	EMERGENCY_STACK_SIZE
