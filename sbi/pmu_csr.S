/* SPDX-License-Identifier: MIT */
/*
 * Counter CSRs by number, since an instruction names its CSR as a constant: a
 * jump into tables with 8 bytes for each n from 0 to 31.
 */
#include <lib/csr.h>

	.option	norvc
	.text

	.macro	jump_into_table
	la	t0, 1f
	slli	a0, a0, 3
	add	t0, t0, a0
	jr	t0
1:
	.endm

	.macro	csr_read_table name, base
	.globl	\name
\name:
	jump_into_table
	.irp	n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	csrr	a0, \base + \n
	ret
	.endr
	.endm

	.macro	csr_write_table name, base
	.globl	\name
\name:
	jump_into_table
	.irp	n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	csrw	\base + \n, a1
	ret
	.endr
	.endm

	csr_read_table	pmu_csr_read, CSR_MCYCLE
	csr_write_table	pmu_csr_write, CSR_MCYCLE
	csr_read_table	pmu_csr_read_event, CSR_MCOUNTINHIBIT
	csr_write_table	pmu_csr_write_event, CSR_MCOUNTINHIBIT

/* bool pmu_csr_exists(n): can counter n be read without a trap? */
	.globl	pmu_csr_exists
pmu_csr_exists:
	mv	t2, ra
	la	t1, access_fault
	csrrw	t1, CSR_MTVEC, t1
	li	a3, 0
	call	pmu_csr_read
	csrw	CSR_MTVEC, t1
	seqz	a0, a3
	jr	t2
