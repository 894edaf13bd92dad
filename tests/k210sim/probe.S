/* SPDX-License-Identifier: MIT */
/*
 * uint64_t probe(privilege, code, argument): run code in M-mode (3), S (1) or
 * U (0) with a0 = argument until it traps.  Returns mcause, and leaves the
 * code's a0 in probe_result.  Clobbers what a call may, and mscratch.
 */
	.text
	.globl probe
probe:
	addi	sp, sp, -112
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	sd	s1, 16(sp)
	csrw	mscratch, sp
	la	t0, back
	csrw	mtvec, t0
	li	t0, 0x1800 /* MPP */
	csrc	mstatus, t0
	slli	t0, a0, 11
	csrs	mstatus, t0
	csrw	mepc, a1
	mv	a0, a2
	mret

	.balign 4
back:
	li	t0, 0x20000 /* MPRV */
	csrc	mstatus, t0
	csrr	sp, mscratch
	la	t0, probe_result
	sd	a0, 0(t0)
	csrr	a0, mcause
	ld	ra, 0(sp)
	ld	s0, 8(sp)
	ld	s1, 16(sp)
	addi	sp, sp, 112
	ret

	.data
	.balign 8
	.globl probe_result
probe_result:
	.dword	0
