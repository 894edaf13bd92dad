/* SPDX-License-Identifier: MIT */
/*
 * One load or store instruction each, for misaligned.c:
 *
 *	uint64_t load_X(const void *addr)
 *	void store_X(void *addr, uint64_t value)
 *
 * Floating-point ones move the bits through an integer register.  The name is
 * the instruction's, with c for compressed and sp for relative to sp.
 */
	.option	arch, +f, +d, +c
	.text

	.macro	load name, instruction:vararg
	.globl	load_\name
load_\name:
	\instruction
	mv	a0, a5
	ret
	.endm

	.macro	store name, instruction:vararg
	.globl	store_\name
store_\name:
	\instruction
	ret
	.endm

	.option	norvc
	load	lh, lh a5, 0(a0)
	load	lhu, lhu a5, 0(a0)
	load	lw, lw a5, 0(a0)
	load	lwu, lwu a5, 0(a0)
	load	ld, ld a5, 0(a0)
	store	sh, sh a1, 0(a0)
	store	sw, sw a1, 0(a0)
	store	sd, sd a1, 0(a0)

	.globl	load_flw, load_fld, store_fsw, store_fsd
load_flw:
	flw	fa5, 0(a0)
	fmv.x.w	a0, fa5
	ret
load_fld:
	fld	fa5, 0(a0)
	fmv.x.d	a0, fa5
	ret
store_fsw:
	fmv.w.x	fa5, a1
	fsw	fa5, 0(a0)
	ret
store_fsd:
	fmv.d.x	fa5, a1
	fsd	fa5, 0(a0)
	ret

	.option	rvc
	load	clw, c.lw a5, 0(a0)
	load	cld, c.ld a5, 0(a0)
	store	csw, c.sw a1, 0(a0)
	store	csd, c.sd a1, 0(a0)

	.globl	load_cfld, store_cfsd, load_cldsp, load_clwsp
	.globl	store_csdsp, store_cswsp, load_cfldsp, store_cfsdsp
load_cfld:
	c.fld	fa5, 0(a0)
	fmv.x.d	a0, fa5
	ret
store_cfsd:
	fmv.d.x	fa5, a1
	c.fsd	fa5, 0(a0)
	ret

	/* sp is odd for one instruction: nothing may trap to S-mode then. */
	.macro	with_sp instruction:vararg
	mv	t0, sp
	mv	sp, a0
	\instruction
	mv	sp, t0
	.endm
load_clwsp:
	with_sp	c.lwsp a5, 0(sp)
	mv	a0, a5
	ret
load_cldsp:
	with_sp	c.ldsp a5, 0(sp)
	mv	a0, a5
	ret
store_cswsp:
	with_sp	c.swsp a1, 0(sp)
	ret
store_csdsp:
	with_sp	c.sdsp a1, 0(sp)
	ret
load_cfldsp:
	with_sp	c.fldsp fa5, 0(sp)
	fmv.x.d	a0, fa5
	ret
store_cfsdsp:
	fmv.d.x	fa5, a1
	with_sp	c.fsdsp fa5, 0(sp)
	ret
