// SPDX-License-Identifier: MIT
/*
 * Physical memory: what there is, what is taken, and where early page tables
 * come from.
 *
 * Ranges are found in the device tree (Devicetree Specification 0.4, sections
 * 3.4 and 3.5, and the initrd properties of /chosen).  Until the direct map is
 * built a coarse one of 1 GiB pages gives access to the tree and to all memory;
 * direct_map_build() replaces it.  All data is written once, at boot.
 *
 * Memory beyond the direct map's size, ranges that are not whole pages, and
 * more ranges than the tables here hold are left unused.
 */
#include <arch/memory.h>

#include <string.h>

#include <arch/direct_map.h>
#include <arch/image.h>
#include <arch/layout.h>
#include <core/alloc.h>
#include <core/init.h>
#include <core/panic.h>
#include <core/printk.h>
#include <lib/fdt.h>

#define MAX_RAM      16
#define MAX_RESERVED 48
#define MAX_FDT_SIZE (2u << 20)

/* [I] after memory_init(), sorted by nothing but the tree. */
static struct mem_range ram[MAX_RAM];
static size_t nr_ram;
static struct mem_range reserved[MAX_RESERVED];
static size_t nr_reserved;
static struct mem_range initrd;
static size_t initrd_len;
static const void *fdt;

const void *boot_fdt(void)
{
	return fdt;
}

const struct mem_range *memory_ram(size_t *nr)
{
	*nr = nr_ram;
	return ram;
}

const struct mem_range *memory_reserved(size_t *nr)
{
	*nr = nr_reserved;
	return reserved;
}

bool memory_initrd(struct mem_range *range, size_t *len)
{
	*range = initrd;
	*len = initrd_len;
	return initrd_len != 0;
}

static __init void reserve(paddr_t start, paddr_t end)
{
	start = ALIGN_DOWN(start, PAGE_SIZE);
	end = ALIGN_UP(end, PAGE_SIZE);
	if (start >= end)
		return;
	if (nr_reserved && reserved[nr_reserved - 1].end == start) {
		reserved[nr_reserved - 1].end = end;
		return;
	}
	if (nr_reserved == MAX_RESERVED)
		boot_fail("more than %d reserved memory ranges", MAX_RESERVED);
	reserved[nr_reserved++] = (struct mem_range){ start, end };
}

static __init void find_ram(const void *tree)
{
	struct dt_cursor cursor = { 0 };
	struct dt_range range;
	paddr_t start, end;

	while (dt_next_memory(tree, &cursor, &range)) {
		if (range.start >= DIRECT_MAP_SIZE)
			continue;
		end = range.start +
		      MIN(range.size, DIRECT_MAP_SIZE - range.start);
		start = ALIGN_UP(range.start, PAGE_SIZE);
		end = ALIGN_DOWN(end, PAGE_SIZE);
		/* Frame 0 is no page: NULL and "no page" look like it. */
		if (start == 0)
			start = PAGE_SIZE;
		if (start < end && nr_ram < MAX_RAM)
			ram[nr_ram++] = (struct mem_range){ start, end };
	}
	if (!nr_ram)
		boot_fail("the device tree names no memory");
}

static __init void find_reserved(const void *tree)
{
	struct dt_cursor cursor = { 0 };
	struct dt_range range;

	while (dt_next_reservation(tree, &cursor, &range)) {
		if (range.start < DIRECT_MAP_SIZE)
			reserve(range.start,
				range.start +
					MIN(range.size,
					    DIRECT_MAP_SIZE - range.start));
	}
}

static __init bool range_is_ram(paddr_t start, paddr_t end)
{
	for (size_t i = 0; i < nr_ram; i++) {
		if (start >= ram[i].start && end <= ram[i].end)
			return true;
	}
	return false;
}

static __init void find_initrd(const void *tree)
{
	int chosen = fdt_path_offset(tree, "/chosen");
	uint64_t start, end;

	if (chosen < 0 ||
	    dt_get_number(tree, chosen, "linux,initrd-start", &start) ||
	    dt_get_number(tree, chosen, "linux,initrd-end", &end))
		return;
	if (start >= end || !range_is_ram(start, end)) {
		pr_warn("initrd: %#llx to %#llx is not in memory, ignored",
			(unsigned long long)start, (unsigned long long)end);
		return;
	}
	initrd = (struct mem_range){ start, end };
	initrd_len = end - start;
	reserve(start, end);
}

/* The end of a reservation that [start, end) meets, or 0. */
static __init paddr_t reservation_end(paddr_t start, paddr_t end)
{
	for (size_t i = 0; i < nr_reserved; i++) {
		if (start < reserved[i].end && end > reserved[i].start)
			return reserved[i].end;
	}
	return 0;
}

__init paddr_t memory_early_alloc(size_t size)
{
	size = ALIGN_UP(size, PAGE_SIZE);
	for (size_t i = 0; i < nr_ram; i++) {
		paddr_t start = ram[i].start;
		paddr_t next;

		while (size <= ram[i].end - start) {
			next = reservation_end(start, start + size);
			if (!next) {
				reserve(start, start + size);
				memset(phys_to_virt(start), 0, size);
				return start;
			}
			if (next >= ram[i].end)
				break;
			start = next;
		}
	}
	boot_fail("no memory for %zu bytes", size);
}

/*
 * The tree stays where firmware put it only until here: its place need not be
 * memory that we know.  The copy leaves out the room for growth at the end.
 */
static __init const void *copy_tree(paddr_t pa, size_t size)
{
	struct mem_range old = { ALIGN_DOWN(pa, PAGE_SIZE),
				 ALIGN_UP(pa + size, PAGE_SIZE) };
	size_t mark = nr_reserved;
	void *copy;

	/* The new place must not overlap the old one, which is free then. */
	reserve(old.start, old.end);
	copy = phys_to_virt(memory_early_alloc(size));
	if (fdt_open_into(phys_to_virt(pa), copy, (int)size) != 0 ||
	    fdt_pack(copy) != 0)
		boot_fail("the device tree cannot be copied");
	if (nr_reserved == mark + 2) {
		reserved[mark] = reserved[mark + 1];
		nr_reserved--;
	}
	return copy;
}

static __init size_t check_tree(paddr_t pa)
{
	const void *tree = phys_to_virt(pa);
	int error;

	if (pa == 0 || pa & 7 || pa >= DIRECT_MAP_SIZE - MAX_FDT_SIZE)
		boot_fail("no device tree at %#llx", (unsigned long long)pa);
	direct_map_early(pa, pa + MAX_FDT_SIZE);
	error = dt_check_tree(tree, MAX_FDT_SIZE);
	if (error)
		boot_fail("broken device tree at %#llx: %s",
			  (unsigned long long)pa, fdt_strerror(error));
	return fdt_totalsize(tree);
}

__init void memory_init(paddr_t fdt_pa)
{
	size_t size = check_tree(fdt_pa);

	fdt = phys_to_virt(fdt_pa);
	find_ram(fdt);
	find_reserved(fdt);
	find_initrd(fdt);
	reserve(image_paddr, image_paddr + (size_t)(image_end - image_start));
	for (size_t i = 0; i < nr_ram; i++)
		direct_map_early(ram[i].start, ram[i].end);

	fdt = copy_tree(fdt_pa, size);
	direct_map_build(fdt);
}
