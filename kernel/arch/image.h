// SPDX-License-Identifier: MIT
/*
 * Where the kernel image lies: symbols of kernel.ld, and its physical place.
 */
#pragma once

#include <lib/types.h>

#include <arch/layout.h>

/* Each on a page boundary, in this order: R-X, R-- , RW-, R--, RW-. */
extern char image_start[];
extern char init_start[]; /* boot-only code, then (from text_end) data */
extern char text_end[];
extern char init_end[];
extern char data_end[];
extern char rodata_end[];
extern char image_end[];

extern char extable_start[], extable_end[];
extern char priv19_start[], priv19_end[];
extern char drivers_start[], drivers_end[];
extern char initramfs_start[], initramfs_end[];

/* [I] physical address of image_start. */
extern paddr_t image_paddr;

/* Of an address within the image (which the direct map does not cover). */
static inline paddr_t image_to_phys(const void *addr)
{
	return (uintptr_t)addr - KERNEL_BASE + image_paddr;
}

static inline bool image_has_text(uintptr_t addr)
{
	return addr >= (uintptr_t)image_start && addr < (uintptr_t)text_end;
}

/*
 * Unmap what only booting needed (init_start to init_end) from the image, and
 * make it plain memory in the direct map.  Returns the physical end.
 * Context: thread; nothing in that range is used any more.
 */
paddr_t image_release_init(void);
