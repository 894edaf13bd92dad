/* SPDX-License-Identifier: MIT */
/*
 * call_keeps_registers(extension, function, arg0, arg1, changed): one ecall
 * with a mark in every register that it has to keep; changed->x[n] becomes 1
 * for each that it does not.  gp and tp hold marks meanwhile, which no trap
 * of ours may see: interrupts are off.
 */
	.text
	.globl	call_keeps_registers
call_keeps_registers:
	addi	sp, sp, -128
	.irp	n,0,1,2,3,4,5,6,7,8,9,10,11
	sd	s\n, 8*\n(sp)
	.endr
	sd	ra, 96(sp)
	sd	gp, 104(sp)
	sd	tp, 112(sp)
	sd	a4, 120(sp)
	la	t0, saved_stack
	sd	sp, 0(t0)
	mv	a7, a0
	mv	a6, a1
	mv	a0, a2
	mv	a1, a3
	li	a2, 0
	li	a3, 0
	li	a4, 0
	li	a5, 0x15
	.irp	n,1,2,3,4,5,6,7,8,9,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	li	x\n, 0x4b65656c00 + \n
	.endr
	la	x31, wanted_arguments
	sd	a6, 0(x31)
	sd	a7, 8(x31)
	li	x31, 0x4b65656c00 + 31
	ecall
	/* a0 and a1 are free now. */
	la	a1, saved_stack
	ld	a1, 0(a1)
	ld	a1, 120(a1)
	.irp	n,1,2,3,4,5,6,7,8,9,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	li	a0, 0x4b65656c00 + \n
	beq	a0, x\n, 1f
	li	a0, 1
	sd	a0, 8*\n(a1)
1:
	.endr
	.irp	n,12,13,14
	beqz	x\n, 1f
	li	a0, 1
	sd	a0, 8*\n(a1)
1:
	.endr
	li	a0, 0x15
	beq	a0, a5, 1f
	li	a0, 1
	sd	a0, 8*15(a1)
1:	la	t0, wanted_arguments
	ld	a0, 0(t0)
	beq	a0, a6, 1f
	li	a0, 1
	sd	a0, 8*16(a1)
1:	ld	a0, 8(t0)
	beq	a0, a7, 1f
	li	a0, 1
	sd	a0, 8*17(a1)
1:	la	t0, saved_stack
	ld	sp, 0(t0)
	.irp	n,0,1,2,3,4,5,6,7,8,9,10,11
	ld	s\n, 8*\n(sp)
	.endr
	ld	ra, 96(sp)
	ld	gp, 104(sp)
	ld	tp, 112(sp)
	addi	sp, sp, 128
	ret

	.bss
	.balign	8
saved_stack:
	.space	8
wanted_arguments:
	.space	16
