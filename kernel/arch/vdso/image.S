// SPDX-License-Identifier: MIT
/* The finished vDSO as data of the kernel; proc/vdso.c hands it out. */
	.section .rodata.vdso, "a"
	.balign	8
	.globl	vdso_image
vdso_image:
	.incbin	"vdso.so"
	.globl	vdso_image_end
vdso_image_end:
