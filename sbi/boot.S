/* SPDX-License-Identifier: MIT */
/*
 * Where every hart starts, and where it comes back to when S-mode stops it.
 *
 * The first hart with an S-mode to draw from the lottery boots: it clears BSS,
 * takes the area that the linker script keeps for it as stack and thread
 * pointer, and calls sbi_main().  The others sleep until sbi_main() has made
 * areas for them (harts_released) and raised their software interrupts; each
 * then finds its area by id and calls hart_main().  A hart that the device
 * tree does not name sleeps for ever.
 */
#include <lib/csr.h>

#include "asm-offsets.h"
#include "hart.h"

#define MISA_S (1 << 18)

	.section .text.start, "ax"

/*
 * In: a1 = device tree, a2 = struct fw_dynamic_info, each perhaps garbage.
 * a0 is not the hart id on all machines: mhartid is.
 */
	.globl	_start
_start:
	csrw	CSR_MIE, zero
	csrr	a0, CSR_MHARTID

	/* A management core without S-mode has nobody to boot. */
	csrr	t0, CSR_MISA
	beqz	t0, 1f			/* allowed to read as 0: unknown */
	li	t1, MISA_S
	and	t0, t0, t1
	beqz	t0, wait_for_release
1:
	/*
	 * QEMU 7.2 resets harts without their PMP: a guard of the last life is
	 * still locked, and may lie where the bundled kernel is now.  Then
	 * only the hart that booted before may do it, whose guard is the first
	 * and in nobody's way.  Harts without PMP trap, to the lottery.
	 */
	la	t0, draw
	csrw	CSR_MTVEC, t0
	csrr	t0, CSR_PMPCFG0
	andi	t0, t0, PMP_LOCK
	beqz	t0, draw
	csrr	t0, CSR_PMPADDR0
	la	t1, boot_area
	srli	t1, t1, 2
	addi	t1, t1, HART_GUARD_SIZE / 8 - 1
	sub	t0, t0, t1
	beqz	t0, draw
	li	t1, (MAX_HARTS * HART_AREA_SIZE) / 4
	bltu	t0, t1, wait_for_release
	.balign	4
draw:
	la	t0, early_trap
	csrw	CSR_MTVEC, t0
	la	t0, boot_lottery
	li	t1, 1
	amoswap.w.aq t1, t1, (t0)
	bnez	t1, wait_for_release

	la	t0, bss_start
	la	t1, bss_end
2:
	sd	zero, 0(t0)
	sd	zero, 8(t0)
	addi	t0, t0, 16
	bltu	t0, t1, 2b

	la	tp, boot_area
	li	t0, HART_AREA_SIZE
	add	t1, tp, t0
	li	t0, HART_TP_OFFSET
	add	tp, tp, t0
	mv	t0, tp
3:
	sd	zero, 0(t0)
	sd	zero, 8(t0)
	addi	t0, t0, 16
	bltu	t0, t1, 3b
	mv	sp, tp
	li	s0, 0			/* the outermost frame */
	call	sbi_main		/* (id, tree, info); does not return */

wait_for_release:
	la	t0, early_trap
	csrw	CSR_MTVEC, t0
	li	t0, MIP_MSIP
	csrw	CSR_MIE, t0
4:
	la	t0, harts_released
	lw	t0, 0(t0)
	bltz	t0, 7f
	bnez	t0, 5f
	wfi
	j	4b
5:
	fence	r, rw			/* pairs with that of harts_release() */
	la	t0, hart_list
	ld	tp, 0(t0)
6:
	beqz	tp, 7f
	ld	t1, HART_ID(tp)
	beq	t1, a0, 8f
	ld	tp, HART_NEXT(tp)
	j	6b
7:
	csrw	CSR_MIE, zero
	wfi
	j	7b
8:
	mv	sp, tp
	li	s0, 0
	call	hart_main		/* does not return */

/*
 * Drop this hart's stack and go to hart_main() as after a reset.
 * Out of S-mode's life (HSM stop, non-retentive suspend).  Does not return.
 */
	.globl	hart_restart
hart_restart:
	mv	sp, tp
	li	s0, 0
	j	hart_main

/* A trap before trap.S is in charge; nothing can be said yet. */
	.balign	4
early_trap:
	csrw	CSR_MIE, zero
	wfi
	j	early_trap

	.data
	.balign	4
	.globl	harts_released		/* 1: go on; -1: the machine goes down */
boot_lottery:
	.word	0
harts_released:
	.word	0
