/* SPDX-License-Identifier: MIT */
/*
 * Hart 0 runs guest_main() at 26 MHz, with UARTHS to match, hart 1 runs
 * hart1_main() if there is one; then both park.
 */
	.section .start, "ax"
	.globl _start
_start:
	csrr	t0, mhartid
	bnez	t0, hart1
	csrw	mie, zero
	li	sp, 0x80500000
	/* ACLK from IN0: characters cost the fewest instructions so. */
	li	t0, 0x50440020
	lw	t1, 0(t0)
	andi	t1, t1, -2
	sw	t1, 0(t0)
	li	t0, 0x38000000
	li	t1, 224
	sw	t1, 0x18(t0)
	call	guest_main
	j	park

hart1:
	la	t0, hart1_entry
	sd	a0, 0(t0)
	csrr	t1, mip
	sd	t1, 8(t0)
	csrr	t1, mie
	sd	t1, 16(t0)
	li	sp, 0x80480000
	ld	t1, 24(t0)
	beqz	t1, park
	jalr	t1
	.globl park
park:
	csrw	mie, zero
1:	wfi
	j	1b

	.globl guest_putc
guest_putc:
	li	t0, 0x38000000
1:	lw	t1, 0(t0)
	bltz	t1, 1b
	sw	a0, 0(t0)
	ret

	/*
	 * a0, mip and mie with which hart 1 came.  In this section, since data
	 * must lie where it does with start_linux.S.
	 */
	.balign	8
	.globl hart1_entry
hart1_entry:
	.dword	0, 0, 0
	.weak	hart1_main
	.dword	hart1_main
