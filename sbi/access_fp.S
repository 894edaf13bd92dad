/* SPDX-License-Identifier: MIT */
/*
 * Floating-point registers by number; see access.h.  Firmware itself is built
 * without them, so they still hold what the caller had.  A jump into a table of
 * entries of 8 bytes each.
 */
	.option	arch, +f, +d
	.option	norvc
	.text
	.globl	fp_read
fp_read:
	la	t0, 1f
	slli	a0, a0, 3
	add	t0, t0, a0
	jr	t0
1:
	.irp	n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	fmv.x.d	a0, f\n
	ret
	.endr

	.globl	fp_write
fp_write:
	la	t0, 1f
	slli	a0, a0, 3
	add	t0, t0, a0
	jr	t0
1:
	.irp	n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	fmv.d.x	f\n, a1
	ret
	.endr
