/* SPDX-License-Identifier: MIT */
/*
 * Instructions for priv19_insn.c and priv19_paging.c.
 */
	.option	norvc
	.text

/* rdtime_into[N](): rdtime into xN, which is as before afterwards. */
	.irp	n,1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
rdtime_x\n:
	mv	x31, x\n
	rdtime	x\n
	mv	a0, x\n
	mv	x\n, x31
	ret
	.endr
rdtime_x10:
	rdtime	a0
	ret
rdtime_x31:
	rdtime	x31
	mv	a0, x31
	ret

	.section .rodata
	.balign	8
	.globl	rdtime_into
rdtime_into:
	.dword	0
	.irp	n,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	.dword	rdtime_x\n
	.endr

/* For U-mode: copy 8 bytes from a0 + 1 to a0 + 17, and end. */
	.globl	user_misaligned, user_misaligned_end
user_misaligned:
	ld	a1, 1(a0)
	sd	a1, 17(a0)
	ecall
user_misaligned_end:
