/* SPDX-License-Identifier: MIT */
/*
 * Where harts enter the guest: the first one from the firmware, the others
 * through HSM hart_start and back from non-retentive suspends.
 */
#include <lib/csr.h>

#include "asm-offsets.h"

	.section .text.start, "ax"
/*
 * In: a0 = hart id, a1 = device tree.  The file has no BSS: QEMU's loader
 * clears it, and so does this, for loaders that do not.
 */
	.globl	guest_start
guest_start:
	la	t0, bss_start
	la	t1, bss_end
1:	bgeu	t0, t1, 2f
	sd	zero, 0(t0)
	addi	t0, t0, 8
	j	1b
2:	la	tp, harts
	call	record_entry
	la	sp, boot_stack_top
	call	guest_main
3:	wfi
	j	3b

/* In: a0, tp = struct hart.  Clobbers t0. */
record_entry:
	sd	a0, HART_ENTRY_HART_ID(tp)
	csrr	t0, CSR_SSTATUS
	sd	t0, HART_ENTRY_STATUS(tp)
	csrr	t0, CSR_SATP
	sd	t0, HART_ENTRY_SATP(tp)
	ret

/* In: a0 = hart id, a1 = its struct hart, which has a stack. */
	.globl	hart_enter
hart_enter:
	mv	tp, a1
	call	record_entry
	ld	sp, HART_STACK_TOP(tp)
	mv	a0, tp
	call	hart_main
1:	wfi
	j	1b

/*
 * Where a hart comes back from a non-retentive suspend.  As hart_enter, but
 * goes on at the setjmp() that tp->recovery points to.
 */
	.globl	hart_resume
hart_resume:
	mv	tp, a1
	call	record_entry
	ld	sp, HART_TRAP_SP(tp)
	tail	hart_resumed

	.bss
	.balign	16
	.space	32768
boot_stack_top:
