// SPDX-License-Identifier: MIT
/*
 * The first page tables: the kernel image and the boot stack, each section with
 * its own rights, and nothing else.
 *
 * Runs at physical addresses with paging off: everything is reached relative
 * to pc, so no pointer may be stored in initialised data and no switch may
 * become a jump table.  arch/memory.c adds the direct map later.
 */
#include <arch/early_map.h>
#include <arch/image.h>
#include <arch/pgtable.h>
#include <core/init.h>
#include <lib/csr.h>

pte_t kernel_root[PTES_PER_TABLE] __aligned(PAGE_SIZE)
	__section(".bss.page_aligned");
static pte_t image_level1[PTES_PER_TABLE] __aligned(PAGE_SIZE)
	__section(".bss.page_aligned");
static pte_t image_level0[PTES_PER_TABLE] __aligned(PAGE_SIZE)
	__section(".bss.page_aligned");

paddr_t image_paddr = 1; /* in .data: set before paging is on */

static __init void map_pages(uintptr_t offset, paddr_t pa, paddr_t end,
			     uint64_t bits)
{
	for (; pa < end; pa += PAGE_SIZE, offset += PAGE_SIZE)
		image_level0[offset >> PAGE_SHIFT] = pte_make(pa, bits);
}

/* A section by its link-time symbols, which are physical addresses here. */
static __init void map_section(const char *start, const char *end,
			       uint64_t bits)
{
	map_pages((uintptr_t)start - image_paddr, (paddr_t)start, (paddr_t)end,
		  bits);
}

static __init void clear_table(pte_t *table)
{
	for (unsigned i = 0; i < PTES_PER_TABLE; i++)
		table[i] = 0;
}

__init uint64_t early_map_image(paddr_t image)
{
	image_paddr = image;
	clear_table(kernel_root);
	clear_table(image_level1);
	clear_table(image_level0);

	map_section(image_start, text_end, PTE_KERNEL_RX);
	map_section(text_end, init_end, PTE_KERNEL_RO);
	map_section(init_end, data_end, PTE_KERNEL_RW);
	map_section(data_end, rodata_end, PTE_KERNEL_RO);
	map_section(rodata_end, image_end, PTE_KERNEL_RW);
	map_pages(BOOT_STACK_TOP - KERNEL_STACK_SIZE - KERNEL_BASE,
		  (paddr_t)boot_stack, (paddr_t)boot_stack + KERNEL_STACK_SIZE,
		  PTE_KERNEL_RW);

	image_level1[KERNEL_BASE >> 21 & (PTES_PER_TABLE - 1)] =
		pte_make((paddr_t)image_level0, PTE_V);
	kernel_root[KERNEL_BASE >> 30 & (PTES_PER_TABLE - 1)] =
		pte_make((paddr_t)image_level1, PTE_V);
	return SATP_MODE_SV39 | (paddr_t)kernel_root >> PAGE_SHIFT;
}
