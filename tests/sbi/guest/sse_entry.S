/* SPDX-License-Identifier: MIT */
/*
 * Where an event of SBI's SSE extension enters: a6 = hart id, a7 = struct
 * sse_context.  All registers but a6 and a7 must be as before at the
 * completing call.
 */
#include <lib/sbi.h>

#define FRAME_SIZE 256

	.text
	.balign	4
	.globl	sse_entry
sse_entry:
	sd	sp, 0(a7)
	ld	sp, 8(a7)
	addi	sp, sp, -FRAME_SIZE
	.irp	n,1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd	x\n, 8*\n(sp)
	.endr
	mv	a0, a7
	mv	a1, a6
	call	sse_handle
	.irp	n,1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld	x\n, 8*\n(sp)
	.endr
	ld	sp, 0(a7)
	li	a7, SBI_EXT_SSE
	li	a6, 6 /* complete */
	ecall
1:	j	1b
