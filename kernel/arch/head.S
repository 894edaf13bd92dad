/* SPDX-License-Identifier: MIT */
/*
 * The first instructions of each hart.
 *
 * The image begins with the header of Linux's Documentation/arch/riscv/
 * boot-image-header.rst (lib/image.h).  A loader puts it anywhere on a page
 * boundary and jumps to it with a0 = hart id, a1 = device tree, in S-mode,
 * paging off and interrupts off.
 *
 * Paging is switched on without an identity map: stvec holds the virtual
 * address of what comes next, and the first fetch that the new satp applies to
 * faults and so arrives there.  Mostly it is the one that follows the write.
 * Where the hart still remembers an identity map of the firmware's (K210), it
 * is the one that follows the fence.
 */
#include <arch/layout.h>
#include <arch/priv19.h>
#include <lib/csr.h>

#include "asm-offsets.h"
#include "priv19.inc"

	.section .head, "ax"
	.globl image_start_code
image_start_code:
	j	boot_hart_entry		/* code0, code1 */
	.balign	8
	.dword	0x200000		/* text_offset: 2 MiB into RAM */
	.dword	image_end - image_start_code
	.dword	0			/* flags: little-endian */
	.word	2			/* version 0.2 */
	.word	0
	.dword	0
	.ascii	"RISCV\0\0\0"
	.ascii	"RSC\5"
	.word	0

/*
 * The boot hart.  In: a0 = hart id, a1 = physical address of the device tree.
 */
boot_hart_entry:
	csrw	CSR_SIE, zero
	li	t0, SSTATUS_FS | SSTATUS_VS | SSTATUS_MXR
	csrc	CSR_SSTATUS, t0
	mv	s0, a0
	mv	s1, a1

	la	t0, bss_start
	la	t1, bss_end
1:	sd	zero, 0(t0)
	addi	t0, t0, 8
	bltu	t0, t1, 1b

	la	sp, boot_stack
	li	t0, KERNEL_STACK_SIZE
	add	sp, sp, t0
	call	priv19_init
	la	a0, image_start_code
	call	early_map_image		/* a0 = value for satp */

	mv	a1, s0
	mv	a2, s1
	la	a3, boot_thread
	la	a4, kernel_main
	la	t0, image_start_code
	li	t1, KERNEL_BASE
	sub	t1, t1, t0		/* from physical to virtual */
	add	a3, a3, t1
	add	a4, a4, t1
	li	sp, BOOT_STACK_TOP
	j	enter_virtual

/*
 * Another hart, started by hart_start_others().  In: a0 = hart id,
 * a1 = physical address of its struct hart_start.
 */
	.globl secondary_hart_entry
secondary_hart_entry:
	fence.i				/* the image was changed at boot */
	csrw	CSR_SIE, zero
	li	t0, SSTATUS_FS | SSTATUS_VS | SSTATUS_MXR
	csrc	CSR_SSTATUS, t0
	ld	a3, HART_START_THREAD(a1)
	ld	sp, HART_START_SP(a1)
	ld	a4, HART_START_ENTRY(a1)
	ld	t2, HART_START_SATP(a1)
	la	t0, image_start_code
	li	t1, KERNEL_BASE
	sub	t1, t1, t0
	mv	a2, zero
	mv	a1, a0
	mv	a0, t2

/*
 * In: a0 = satp, a1 and a2 = arguments, a3 = thread, a4 = function to go to,
 * sp = stack, t1 = from physical to virtual.
 */
enter_virtual:
	la	t0, 1f
	add	t0, t0, t1
	csrw	CSR_STVEC, t0
	SFENCE_ALL
	csrw	CSR_SATP, a0
	SFENCE_ALL
	.balign	4
1:	la	t0, hart_park		/* a trap from here on is the end */
	csrw	CSR_STVEC, t0
	csrw	CSR_SSCRATCH, zero
	SFENCE_ALL
	li	t0, SSTATUS_SUM
	USER_ACCESS_FORBID t0
	mv	tp, a3
	mv	a0, a1
	mv	a1, a2
	mv	ra, zero
	jr	a4

/* Nothing can be done or said any more. */
	.balign	4
	.globl hart_park
hart_park:
	csrw	CSR_SIE, zero
1:	wfi
	j	1b

	.section .bss.page_aligned, "aw", @nobits
	.balign	4096
	.globl boot_stack
boot_stack:
	.skip	KERNEL_STACK_SIZE
