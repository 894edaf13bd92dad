/* SPDX-License-Identifier: MIT */
/*
 * Entry of the measuring guest, and the one measurement that ends in a trap.
 */
#include <lib/csr.h>
#include <lib/sbi.h>

	.section .text.start, "ax"
/* In: a0 = hart id, a1 = device tree.  The time comes first. */
	.globl	guest_start
guest_start:
	csrr	a1, CSR_TIME
	la	sp, stack_top
	la	tp, thread_local
	call	measure_main
1:	wfi
	j	1b

/*
 * measure_ipi(hart id): instructions from before the ecall to the first one of
 * the interrupt's handler, which is here.
 */
	.text
	.globl	measure_ipi
measure_ipi:
	csrr	t3, CSR_STVEC
	la	t4, 2f
	csrw	CSR_STVEC, t4
	csrsi	CSR_SIE, SIE_SSIE
	csrsi	CSR_SSTATUS, SSTATUS_SIE
	mv	a1, a0
	li	a0, 1
	li	a6, SBI_IPI_SEND_IPI
	li	a7, SBI_EXT_IPI
	csrr	t0, CSR_INSTRET
	ecall
1:	j	1b
	.balign	4
2:	csrr	t1, CSR_INSTRET
	csrci	CSR_SIP, MIP_SSIP
	csrci	CSR_SIE, SIE_SSIE
	csrw	CSR_STVEC, t3
	sub	a0, t1, t0
	addi	a0, a0, -1
	ret

	.bss
	.balign	16
thread_local:
	.space	16
	.space	8192
stack_top:
