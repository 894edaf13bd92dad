/* SPDX-License-Identifier: MIT */
/*
 * Trap entry: all registers go to the hart's trap stack as a struct
 * trap_frame; sscratch holds the struct hart outside of traps.  Traps do not
 * nest.
 */
#include <lib/csr.h>

#include "asm-offsets.h"

#define FRAME_EPC  256
#define FRAME_SIZE 272

	.text
	.balign	4
	.globl	trap_entry
trap_entry:
	csrrw	tp, CSR_SSCRATCH, tp
	sd	sp, HART_SAVED_SP(tp)
	ld	sp, HART_TRAP_SP(tp)
	addi	sp, sp, -FRAME_SIZE
	.irp	n,1,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd	x\n, 8*\n(sp)
	.endr
	ld	t0, HART_SAVED_SP(tp)
	sd	t0, 8*2(sp)
	csrr	t0, CSR_SSCRATCH
	sd	t0, 8*4(sp)
	csrw	CSR_SSCRATCH, tp
	csrr	t0, CSR_SEPC
	sd	t0, FRAME_EPC(sp)
	mv	a0, sp
	call	trap_handle
	ld	t0, FRAME_EPC(sp)
	csrw	CSR_SEPC, t0
	.irp	n,1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld	x\n, 8*\n(sp)
	.endr
	ld	sp, 8*2(sp)
	sret

/*
 * user_enter(fn, arg, sp): go to fn(arg) in U-mode; the only way back is a
 * trap.
 */
	.globl	user_enter
user_enter:
	csrw	CSR_SEPC, a0
	li	t0, SSTATUS_SPP | SSTATUS_SPIE
	csrc	CSR_SSTATUS, t0
	mv	a0, a1
	mv	sp, a2
	la	ra, user_exit
	sret

/* In U-mode: end trap_catch_user() where fn returned. */
user_exit:
	ecall
	j	user_exit
