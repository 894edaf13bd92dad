/* SPDX-License-Identifier: MIT */
/*
 * Access to user memory (arch/uaccess.h).
 *
 * sstatus.SUM (PUM) lets us in from the first access to the last.  A fault that mm/ can
 * mend is not noticed here; any other continues at the fix-up: in word loops
 * the rest is tried byte by byte, which finds the exact place.
 */
#include <arch/priv19.h>
#include <lib/csr.h>
#include <lib/errno.h>

#include "extable.inc"
#include "priv19.inc"

	.macro	USER_ACCESS_ON
	li	t6, SSTATUS_SUM
	USER_ACCESS_ALLOW t6
	.endm

	.macro	USER_ACCESS_OFF
	USER_ACCESS_FORBID t6
	.endm

	.macro	WORD insn:vararg
99:	\insn
	FIXUP	99b, 7f
	.endm

	.macro	BYTE insn:vararg
99:	\insn
	FIXUP	99b, 9f
	.endm

	.text

/*
 * size_t uaccess_copy_in(void *dst, const void __user *src, size_t n);
 * size_t uaccess_copy_out(void __user *dst, const void *src, size_t n);
 *
 * One routine: either side may fault.  Out: a0 = bytes not copied.
 */
	.globl uaccess_copy_in
	.globl uaccess_copy_out
uaccess_copy_in:
uaccess_copy_out:
	USER_ACCESS_ON
	add	a3, a0, a2
#include "copy_template.inc"
	USER_ACCESS_OFF
	li	a0, 0
	ret
9:	USER_ACCESS_OFF
	sub	a0, a3, a0
	ret

/*
 * size_t uaccess_clear(void __user *dst, size_t n);
 * Out: a0 = bytes not cleared.
 */
	.globl uaccess_clear
uaccess_clear:
	USER_ACCESS_ON
	add	a3, a0, a1
	li	t1, 64
1:	andi	t0, a0, 7
	beqz	t0, 2f
	bgeu	a0, a3, 8f
	BYTE	sb	zero, 0(a0)
	addi	a0, a0, 1
	j	1b
2:	sub	t0, a3, a0
	bltu	t0, t1, 7f
	WORD	sd	zero, 0(a0)
	WORD	sd	zero, 8(a0)
	WORD	sd	zero, 16(a0)
	WORD	sd	zero, 24(a0)
	WORD	sd	zero, 32(a0)
	WORD	sd	zero, 40(a0)
	WORD	sd	zero, 48(a0)
	WORD	sd	zero, 56(a0)
	addi	a0, a0, 64
	j	2b
7:	bgeu	a0, a3, 8f
	BYTE	sb	zero, 0(a0)
	addi	a0, a0, 1
	j	7b
8:	USER_ACCESS_OFF
	li	a0, 0
	ret
9:	USER_ACCESS_OFF
	sub	a0, a3, a0
	ret

/*
 * ssize_t uaccess_copy_string(char *dst, const char __user *src, size_t n);
 * Out: a0 = length without the NUL, n if there is none, or -EFAULT.
 */
	.globl uaccess_copy_string
uaccess_copy_string:
	USER_ACCESS_ON
	mv	a3, a0
	add	a4, a0, a2
1:	bgeu	a0, a4, 2f
	BYTE	lbu	t0, 0(a1)
	sb	t0, 0(a0)
	beqz	t0, 2f
	addi	a0, a0, 1
	addi	a1, a1, 1
	j	1b
2:	USER_ACCESS_OFF
	sub	a0, a0, a3
	ret
9:	USER_ACCESS_OFF
	li	a0, -EFAULT
	ret

/* int uaccess_load32(uint32_t *value, const uint32_t __user *addr); */
	.globl uaccess_load32
uaccess_load32:
	USER_ACCESS_ON
	BYTE	lw	t0, 0(a1)
	USER_ACCESS_OFF
	sw	t0, 0(a0)
	li	a0, 0
	ret
9:	USER_ACCESS_OFF
	li	a0, -EFAULT
	ret

/* int uaccess_store32(uint32_t __user *addr, uint32_t value); */
	.globl uaccess_store32
uaccess_store32:
	USER_ACCESS_ON
	BYTE	sw	a1, 0(a0)
	USER_ACCESS_OFF
	li	a0, 0
	ret
9:	USER_ACCESS_OFF
	li	a0, -EFAULT
	ret

/*
 * int uaccess_cmpxchg32(uint32_t __user *addr, uint32_t *expected,
 *			 uint32_t desired);
 * *expected becomes what was there.  Fully ordered.
 */
	.globl uaccess_cmpxchg32
uaccess_cmpxchg32:
	lw	t1, 0(a1)
	USER_ACCESS_ON
1:	BYTE	lr.w.aqrl t0, (a0)
	bne	t0, t1, 2f
	BYTE	sc.w.aqrl t2, a2, (a0)
	bnez	t2, 1b
2:	USER_ACCESS_OFF
	sw	t0, 0(a1)
	li	a0, 0
	ret
9:	USER_ACCESS_OFF
	li	a0, -EFAULT
	ret

/* void csr_try_scounteren(unsigned long value): see arch/uaccess.h. */
	.globl csr_try_scounteren
csr_try_scounteren:
	BYTE	csrw	CSR_SCOUNTEREN, a0
9:	ret

/*
 * int csr_probe_stimecmp(void): 0 if the register can be read (arch/sbi.h).
 */
	.globl csr_probe_stimecmp
csr_probe_stimecmp:
	BYTE	csrr	a0, CSR_STIMECMP
	li	a0, 0
	ret
9:	li	a0, -EIO
	ret
