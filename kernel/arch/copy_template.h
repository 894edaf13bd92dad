/* SPDX-License-Identifier: MIT */
/*
 * The body of every forward copy: in string.S, and with fix-ups in uaccess.S.
 *
 * In: a0 = destination, a1 = source, a3 = end of the destination.  Falls out at
 * its end with a0 = a3.  Clobbers a1, a4 to a7, t0 to t5.  At every access a0
 * and a1 say how far the copy has come, so that it can go on byte by byte at
 * label 7 after a fault in the faster loops.
 *
 * The includer defines WORD and BYTE, macros that wrap one access.  Equal
 * alignments are copied by words; for different ones source words are shifted
 * together (no machine of ours likes misaligned accesses).  Those loops read
 * only words that hold at least one byte of the source.
 */
	or	t0, a0, a1
	andi	t0, t0, 7
	bnez	t0, 4f

	/* Both aligned: 64 bytes, then 8 bytes a turn. */
1:	sub	t0, a3, a0
	li	t1, 64
	bltu	t0, t1, 3f
2:	WORD	ld	a4, 0(a1)
	WORD	ld	a5, 8(a1)
	WORD	ld	a6, 16(a1)
	WORD	ld	a7, 24(a1)
	WORD	ld	t2, 32(a1)
	WORD	ld	t3, 40(a1)
	WORD	ld	t4, 48(a1)
	WORD	ld	t5, 56(a1)
	WORD	sd	a4, 0(a0)
	WORD	sd	a5, 8(a0)
	WORD	sd	a6, 16(a0)
	WORD	sd	a7, 24(a0)
	WORD	sd	t2, 32(a0)
	WORD	sd	t3, 40(a0)
	WORD	sd	t4, 48(a0)
	WORD	sd	t5, 56(a0)
	addi	a0, a0, 64
	addi	a1, a1, 64
	sub	t0, a3, a0
	bgeu	t0, t1, 2b
3:	li	t1, 8
	bltu	t0, t1, 7f
31:	WORD	ld	a4, 0(a1)
	WORD	sd	a4, 0(a0)
	addi	a0, a0, 8
	addi	a1, a1, 8
	addi	t0, t0, -8
	bgeu	t0, t1, 31b
	j	7f

	/* Short ones byte by byte; else align the destination first. */
4:	sub	t0, a3, a0
	li	t1, 24
	bltu	t0, t1, 7f
5:	andi	t0, a0, 7
	beqz	t0, 51f
	BYTE	lbu	a4, 0(a1)
	BYTE	sb	a4, 0(a0)
	addi	a0, a0, 1
	addi	a1, a1, 1
	j	5b
51:	andi	t0, a1, 7
	beqz	t0, 1b

	/* Shift pairs of source words by t2 and t3 bits. */
	slli	t2, t0, 3
	neg	t3, t2
	sub	t4, a1, t0
	WORD	ld	a4, 0(t4)
	sub	t0, a3, a0
	li	t1, 8
6:	WORD	ld	a5, 8(t4)
	srl	a6, a4, t2
	sll	a7, a5, t3
	or	a6, a6, a7
	WORD	sd	a6, 0(a0)
	mv	a4, a5
	addi	t4, t4, 8
	addi	a0, a0, 8
	addi	a1, a1, 8
	addi	t0, t0, -8
	bgeu	t0, t1, 6b

7:	bgeu	a0, a3, 8f
71:	BYTE	lbu	a4, 0(a1)
	BYTE	sb	a4, 0(a0)
	addi	a0, a0, 1
	addi	a1, a1, 1
	bltu	a0, a3, 71b
8:
