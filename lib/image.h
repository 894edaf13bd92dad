/* SPDX-License-Identifier: MIT */
/*
 * Header of a kernel image (Linux, Documentation/arch/riscv/boot-image-header).
 * Boot loaders look for it, our kernel begins with it, and our firmware reads
 * it to place the image that it carries.
 */
#pragma once

#include <lib/types.h>

#define IMAGE_MAGIC  0x05435352      /* "RSC\5" */
#define IMAGE_MAGIC1 0x5643534952ull /* "RISCV" */

struct image_header {
	le32 code0;
	le32 code1;
	le64 text_offset; /* from a 2 MiB boundary (rv64) to the first byte */
	le64 image_size;  /* with BSS */
	le64 flags;
	le32 version;
	le32 res1;
	le64 res2;
	le64 magic;
	le32 magic2;
	le32 res3;
};
_Static_assert(sizeof(struct image_header) == 64, "Linux boot image header");
