/* SPDX-License-Identifier: MIT */
/*
 * memcpy(), memmove() and memset() for the kernel, and whole pages.
 *
 * Calling convention of C; they keep a0, as their results are their first
 * arguments.
 */
	.macro	WORD insn:vararg
	\insn
	.endm

	.macro	BYTE insn:vararg
	\insn
	.endm

	.text

/* void *memcpy(void *dst, const void *src, size_t n); */
	.globl memcpy
memcpy:
	mv	t6, a0
	add	a3, a0, a2
memcpy_forward:
#include "copy_template.inc"
	mv	a0, t6
	ret

/*
 * void *memmove(void *dst, const void *src, size_t n);
 * Forward is right unless dst lies within the source.
 */
	.globl memmove
memmove:
	mv	t6, a0
	sub	t0, a0, a1
	bltu	t0, a2, 1f
	add	a3, a0, a2
	j	memcpy_forward
1:	add	a3, a0, a2
	add	a1, a1, a2
	or	t0, a3, a1
	or	t0, t0, a2
	andi	t0, t0, 7
	bnez	t0, 3f
2:	bgeu	a0, a3, 4f
	addi	a1, a1, -8
	addi	a3, a3, -8
	ld	t0, 0(a1)
	sd	t0, 0(a3)
	j	2b
3:	bgeu	a0, a3, 4f
	addi	a1, a1, -1
	addi	a3, a3, -1
	lbu	t0, 0(a1)
	sb	t0, 0(a3)
	j	3b
4:	mv	a0, t6
	ret

/* void *memset(void *dst, int c, size_t n); */
	.globl memset
memset:
	mv	t6, a0
	add	a3, a0, a2
	sltiu	t0, a2, 16
	bnez	t0, 5f

	/* The byte in all eight. */
	andi	a1, a1, 0xff
	slli	t0, a1, 8
	or	a1, a1, t0
	slli	t0, a1, 16
	or	a1, a1, t0
	slli	t0, a1, 32
	or	a1, a1, t0
1:	andi	t0, a0, 7
	beqz	t0, 2f
	sb	a1, 0(a0)
	addi	a0, a0, 1
	j	1b
2:	sub	t0, a3, a0
	li	t1, 64
	bltu	t0, t1, 4f
3:	sd	a1, 0(a0)
	sd	a1, 8(a0)
	sd	a1, 16(a0)
	sd	a1, 24(a0)
	sd	a1, 32(a0)
	sd	a1, 40(a0)
	sd	a1, 48(a0)
	sd	a1, 56(a0)
	addi	a0, a0, 64
	addi	t0, t0, -64
	bgeu	t0, t1, 3b
4:	li	t1, 8
	bltu	t0, t1, 5f
41:	sd	a1, 0(a0)
	addi	a0, a0, 8
	addi	t0, t0, -8
	bgeu	t0, t1, 41b
5:	bgeu	a0, a3, 7f
6:	sb	a1, 0(a0)
	addi	a0, a0, 1
	bltu	a0, a3, 6b
7:	mv	a0, t6
	ret
