// SPDX-License-Identifier: MIT
/*
 * The direct map: all memory at DIRECT_MAP_BASE, never executable.
 *
 * Built once by the boot hart, before there are other harts or an allocator.
 * Page tables come from memory_early_alloc() and are never freed.
 */
#include <arch/direct_map.h>

#include <arch/image.h>
#include <arch/layout.h>
#include <arch/memory.h>
#include <arch/pgtable.h>
#include <arch/priv19.h>
#include <core/init.h>
#include <core/panic.h>
#include <lib/fdt.h>

#define GIGAPAGE_SHIFT 30
#define MEGAPAGE_SHIFT 21
#define MAX_HOLES      16

/* Where the map is not simply writable; bits 0: not mapped. */
struct special {
	paddr_t start, end;
	uint64_t bits;
};

static __init pte_t *root_entry(paddr_t pa)
{
	return &kernel_root[(pa + DIRECT_MAP_BASE) >> GIGAPAGE_SHIFT &
			    (PTES_PER_TABLE - 1)];
}

__init void direct_map_early(paddr_t start, paddr_t end)
{
	for (start = ALIGN_DOWN(start, BIT(GIGAPAGE_SHIFT)); start < end;
	     start += BIT(GIGAPAGE_SHIFT))
		*root_entry(start) = pte_make(start, PTE_KERNEL_RW);
	sfence_all();
}

static __init size_t find_special(const void *fdt, struct special *special)
{
	struct dt_cursor cursor = { 0 };
	struct dt_range range;
	size_t n = 0;

	special[n++] =
		(struct special){ image_to_phys(image_start),
				  image_to_phys(init_end), PTE_KERNEL_RO };
	special[n++] =
		(struct special){ image_to_phys(data_end),
				  image_to_phys(rodata_end), PTE_KERNEL_RO };
	while (n < MAX_HOLES && dt_next_reservation(fdt, &cursor, &range)) {
		if (cursor.node <= 0 ||
		    !fdt_getprop(fdt, cursor.node, "no-map", NULL))
			continue;
		special[n++] = (struct special){
			ALIGN_DOWN(range.start, PAGE_SIZE),
			ALIGN_UP(range.start + range.size, PAGE_SIZE), 0
		};
	}
	return n;
}

/* The rights at pa, and in *end (at most its old value) how far they reach. */
static __init uint64_t rights_at(const struct special *special, size_t n,
				 paddr_t pa, paddr_t *end)
{
	uint64_t bits = PTE_KERNEL_RW;

	for (size_t i = 0; i < n; i++) {
		if (pa >= special[i].start && pa < special[i].end) {
			bits = special[i].bits;
			*end = MIN(*end, special[i].end);
		} else if (special[i].start > pa) {
			*end = MIN(*end, special[i].start);
		}
	}
	return bits;
}

/* The table under entry, made if there is none; tables are at level. */
static __init pte_t *table_under(pte_t *entry)
{
	if (!(*entry & PTE_V))
		*entry = pte_make(memory_early_alloc(PAGE_SIZE), PTE_V);
	return phys_to_virt(pte_paddr(*entry));
}

static __init void map_span(pte_t *root, paddr_t pa, paddr_t end, uint64_t bits)
{
	unsigned shift;
	pte_t *entry;

	for (; pa < end; pa += BIT(shift)) {
		shift = GIGAPAGE_SHIFT;
		entry = &root[pa >> shift & (PTES_PER_TABLE - 1)];
		if (!IS_ALIGNED(pa, BIT(shift)) || end - pa < BIT(shift)) {
			shift = MEGAPAGE_SHIFT;
			entry = table_under(entry);
			entry += pa >> shift & (PTES_PER_TABLE - 1);
		}
		if (shift == MEGAPAGE_SHIFT &&
		    (!IS_ALIGNED(pa, BIT(shift)) || end - pa < BIT(shift))) {
			shift = PAGE_SHIFT;
			entry = table_under(entry);
			entry += pa >> shift & (PTES_PER_TABLE - 1);
		}
		*entry = pte_make(pa, bits);
	}
}

__init void direct_map_build(const void *fdt)
{
	unsigned first =
		DIRECT_MAP_BASE >> GIGAPAGE_SHIFT & (PTES_PER_TABLE - 1);
	struct special special[MAX_HOLES];
	size_t nr_special = find_special(fdt, special);
	size_t nr_ram;
	const struct mem_range *ram = memory_ram(&nr_ram);
	pte_t *root = phys_to_virt(memory_early_alloc(PAGE_SIZE));
	paddr_t end;

	for (size_t i = 0; i < nr_ram; i++) {
		for (paddr_t pa = ram[i].start; pa < ram[i].end; pa = end) {
			uint64_t bits;

			end = ram[i].end;
			bits = rights_at(special, nr_special, pa, &end);
			if (bits)
				map_span(root, pa, end, bits);
		}
	}

	/* The tables are reached through what they replace: all at once. */
	for (unsigned i = 0; i < DIRECT_MAP_SIZE >> GIGAPAGE_SHIFT; i++)
		kernel_root[first + i] = root[i];
	sfence_all();
}

paddr_t image_release_init(void)
{
	paddr_t start = image_to_phys(init_start);
	paddr_t end = image_to_phys(init_end);

	for (char *va = init_start; va < init_end; va += PAGE_SIZE)
		*pgtable_walk(kernel_root, (uintptr_t)va, false) = 0;
	tlb_flush_kernel_range((uintptr_t)init_start, (uintptr_t)init_end);

	for (paddr_t pa = start; pa < end; pa += PAGE_SIZE) {
		uintptr_t va = (uintptr_t)phys_to_virt(pa);

		*pgtable_walk(kernel_root, va, false) =
			pte_make(pa, PTE_KERNEL_RW);
	}
	tlb_flush_kernel_range((uintptr_t)phys_to_virt(start),
			       (uintptr_t)phys_to_virt(end));
	return end;
}
