/* SPDX-License-Identifier: MIT */
/*
 * Access to the caller's memory; see access.h.  In assembly, since with MPRV
 * set every load and store is made in the caller's name, those of a compiler's
 * own stack too.  A fault goes to access_fault in trap.S, which sets a3 and
 * skips the instruction; so the ones that may fault are 4 bytes long.
 */
#include <lib/csr.h>

	/* Saves mtvec in t0, mstatus in t1, mepc in t6; clears a3. */
	.macro	begin_access bits
	la	t0, access_fault
	li	t2, \bits
	csrr	t6, CSR_MEPC
	li	a3, 0
	csrrw	t0, CSR_MTVEC, t0
	csrrs	t1, CSR_MSTATUS, t2
	.endm

	.macro	end_access
	csrw	CSR_MSTATUS, t1
	csrw	CSR_MTVEC, t0
	csrw	CSR_MEPC, t6
	.endm

	.macro	load_bytes
	add	a1, a1, a0		/* behind the last byte */
	li	a4, 0			/* value */
	li	a5, 0			/* place of the next byte in it */
1:
	.option push
	.option norvc
	lbu	a2, 0(a0)
	.option pop
	bnez	a3, 2f
	sll	a2, a2, a5
	or	a4, a4, a2
	addi	a5, a5, 8
	addi	a0, a0, 1
	bne	a0, a1, 1b
2:
	end_access
	mv	a0, a4
	mv	a1, a3
	ret
	.endm

	.text
	.globl	access_load
access_load:
	begin_access MSTATUS_MPRV
	load_bytes

	.globl	access_fetch
access_fetch:
	begin_access (MSTATUS_MPRV | MSTATUS_MXR)
	load_bytes

	.globl	access_store
access_store:
	begin_access MSTATUS_MPRV
	add	a1, a1, a0
1:
	.option push
	.option norvc
	sb	a2, 0(a0)
	.option pop
	bnez	a3, 2f
	srli	a2, a2, 8
	addi	a0, a0, 1
	bne	a0, a1, 1b
2:
	end_access
	mv	a0, a3
	ret
