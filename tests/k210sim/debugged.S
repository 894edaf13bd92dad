/* SPDX-License-Identifier: MIT */
/*
 * A guest to be debugged: counts in `word`, runs `inner` in S-mode at
 * 0x1_4000_0000 and up, and parks.  Hart 1 parks at once.
 */
	.section .start, "ax"
	.globl _start
_start:
	csrr	t0, mhartid
	bnez	t0, park
	la	t0, park
	csrw	mtvec, t0
	la	s1, word
	li	s0, 0
	li	s3, 5
count:
	addi	s0, s0, 1
store:
	sd	s0, 0(s1)
load:
	ld	s2, 0(s1)
after_load:
	blt	s0, s3, count

	/* Gigabyte 5 is SRAM's, for S-mode. */
	la	t0, root
	li	t1, 0x200000cf
	sd	t1, 5 * 8(t0)
	srli	t0, t0, 12
	csrw	satp, t0
	li	t0, 31 << 24 | 3 << 11
	csrc	mstatus, t0
	li	t0, 9 << 24 | 1 << 11
	csrs	mstatus, t0
	la	t0, inner
	li	t1, 0xc0000000
	add	t0, t0, t1
	csrw	mepc, t0
	mret
	.type	inner, @function
inner:
	.word	0x10400073 /* sfence.vm */
	ecall
	.size	inner, . - inner

	.balign	4
park:
	csrw	mie, zero
1:	wfi
	j	1b

	.balign	8
	.globl	word
word:
	.dword	0
	.balign	4096
root:
	.fill	512, 8, 0
