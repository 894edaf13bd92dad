/* SPDX-License-Identifier: MIT */
/*
 * What to boot.
 */
#pragma once

#include <lib/fdt.h>
#include <lib/types.h>

struct next_stage {
	struct dt_range image; /* .start is where it is entered */
	const char *origin;    /* for the banner */
	uint64_t boot_hart;    /* who shall enter it; -1: whoever boots */
};

/*
 * Find what to boot, in this order: the address in the fw_dynamic information
 * at info, if it gives one (QEMU's -kernel); the image bundled with the
 * firmware; riscv,kernel-start in /chosen.  A bundled image is moved to its
 * place, behind the first area_bytes after the firmware.
 * Returns NULL, or why there is nothing to boot.
 */
const char *next_find(const void *fdt, uint64_t info, uint64_t area_bytes,
		      struct next_stage *next);
