/* SPDX-License-Identifier: MIT */
/* The built-in initramfs, whole; its pages are freed when it is unpacked. */
	.section .initramfs, "a"
	.balign	8
	.incbin	INITRAMFS_PATH
