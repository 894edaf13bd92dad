// SPDX-License-Identifier: MIT
/*
 * Physical memory as the device tree describes it, the device tree itself, and
 * the direct map.
 */
#pragma once

#include <lib/types.h>

/* Page-aligned; end is exclusive. */
struct mem_range {
	paddr_t start, end;
};

/* The tree, a copy of our own; valid and constant from memory_init() on. */
const void *boot_fdt(void);

/*
 * Check the device tree at that physical address and take a copy, learn what
 * memory there is, and build the direct map.  A tree that is no use ends in
 * boot_fail().  Needs the early page tables; once, by the boot hart.
 */
void memory_init(paddr_t fdt);

/* Memory, and what of it is taken: firmware, image, page tables, tree, initrd. */
const struct mem_range *memory_ram(size_t *nr);
const struct mem_range *memory_reserved(size_t *nr);

/* The initrd that the boot loader put into memory: false if there is none. */
bool memory_initrd(struct mem_range *initrd, size_t *len);

/* Before there are consoles and options: say why, then stop with a failure. */
__noreturn __printf(1, 2) void boot_fail(const char *fmt, ...);
