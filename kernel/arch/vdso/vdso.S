// SPDX-License-Identifier: MIT
/*
 * The parts of the vDSO that are only a system call.
 */
#include <asm/unistd.h>

/*
 * Where signal handlers return to.  Comes first: the kernel knows its place,
 * and debuggers know these two instructions.
 */
	.section .text.sigreturn, "ax"
	.globl	__vdso_rt_sigreturn
	.type	__vdso_rt_sigreturn, @function
__vdso_rt_sigreturn:
	li	a7, __NR_rt_sigreturn
	ecall
	.size	__vdso_rt_sigreturn, . - __vdso_rt_sigreturn

	.text
	.globl	__vdso_getcpu
	.type	__vdso_getcpu, @function
__vdso_getcpu:
	li	a7, __NR_getcpu
	ecall
	ret
	.size	__vdso_getcpu, . - __vdso_getcpu

	.globl	__vdso_flush_icache
	.type	__vdso_flush_icache, @function
__vdso_flush_icache:
	li	a7, __NR_riscv_flush_icache
	ecall
	ret
	.size	__vdso_flush_icache, . - __vdso_flush_icache
