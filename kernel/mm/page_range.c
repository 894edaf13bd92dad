// SPDX-License-Identifier: MIT
/*
 * RAM as the device tree describes it, and the page array.
 *
 * Each contiguous range of RAM has its own array of struct page, placed in RAM
 * that nobody claimed.  With gigabytes the array alone is tens of megabytes,
 * and clearing it would be most of the boot.  So a range is taken into use by
 * and by: fresh_pfn says how far its array is initialised, and when the buddy
 * system runs dry page_range_grow() prepares the next chunk of 4 MiB.
 * Boundaries of chunks are those of the largest buddy block, so nothing
 * looks at an entry that is not initialised.
 *
 * Everything here is written at boot or under the page allocator's lock.
 */
#include <string.h>

#include <core/printk.h>
#include <mm/kasan.h>

#include "mm_internal.h"

#define RESERVED_MAX 64

struct page_range page_ranges[PAGE_RANGES_MAX];
unsigned nr_page_ranges;

static struct mem_range reserved_ranges[RESERVED_MAX];
static unsigned nr_reserved_ranges;

struct page *pfn_to_page_slow(uint64_t pfn)
{
	for (unsigned i = 1; i < nr_page_ranges; i++) {
		uint64_t offset = pfn - page_ranges[i].start_pfn;

		if (offset < page_ranges[i].nr_pages)
			return page_ranges[i].pages + offset;
	}
	return NULL;
}

uint64_t page_to_pfn_slow(const struct page *page)
{
	for (unsigned i = 1; i < nr_page_ranges; i++) {
		const struct page_range *range = &page_ranges[i];

		if (page >= range->pages &&
		    page < range->pages + range->nr_pages)
			return range->start_pfn +
			       (uint64_t)(page - range->pages);
	}
	panic("page %p is in no page array", (const void *)page);
}

static void reserve(paddr_t start, paddr_t end)
{
	start = ALIGN_DOWN(start, PAGE_SIZE);
	end = ALIGN_UP(end, PAGE_SIZE);
	if (start >= end)
		return;
	if (nr_reserved_ranges == RESERVED_MAX)
		panic("more than %d reserved memory ranges", RESERVED_MAX);
	reserved_ranges[nr_reserved_ranges++] =
		(struct mem_range){ start, end };
}

/* The lowest reservation that touches [start, end), or NULL. */
static const struct mem_range *reserved_in(paddr_t start, paddr_t end)
{
	const struct mem_range *found = NULL;

	for (unsigned i = 0; i < nr_reserved_ranges; i++) {
		const struct mem_range *range = &reserved_ranges[i];

		if (range->end <= start || range->start >= end)
			continue;
		if (!found || range->start < found->start)
			found = range;
	}
	return found;
}

/* The first hole of size bytes in any range; 0: none. */
static paddr_t find_hole(size_t size)
{
	for (unsigned i = 0; i < nr_page_ranges; i++) {
		paddr_t start = page_ranges[i].start_pfn << PAGE_SHIFT;
		paddr_t end = start + (page_ranges[i].nr_pages << PAGE_SHIFT);

		while (start < end && end - start >= size) {
			const struct mem_range *taken =
				reserved_in(start, start + size);

			if (!taken)
				return start;
			start = taken->end;
		}
	}
	return 0;
}

static void add_range(const struct mem_range *ram)
{
	paddr_t start = ALIGN_UP(ram->start, PAGE_SIZE);
	paddr_t end = ALIGN_DOWN(ram->end, PAGE_SIZE);

	if (!start) /* frame 0 means "none" in page lists */
		start = PAGE_SIZE;
	/* Frame numbers are kept in 32 bits, and the direct map has an end. */
	if (end > DIRECT_MAP_SIZE)
		end = DIRECT_MAP_SIZE;
	if (start >= end)
		return;
	if (nr_page_ranges == PAGE_RANGES_MAX) {
		pr_warn("mem: more than %d ranges, the rest is not used",
			PAGE_RANGES_MAX);
		return;
	}
	page_ranges[nr_page_ranges++] = (struct page_range){
		.start_pfn = start >> PAGE_SHIFT,
		.nr_pages = (end - start) >> PAGE_SHIFT,
		.fresh_pfn = start >> PAGE_SHIFT,
	};
}

/* Memory that is never given out, not cleared. */
static void *place_array(size_t size)
{
	paddr_t pa;

	size = ALIGN_UP(size, PAGE_SIZE);
	pa = find_hole(size);
	if (!pa)
		panic("no room for an array of %zu bytes over all pages", size);
	reserve(pa, pa + size);
	return phys_to_virt(pa);
}

static void place_arrays(struct page_range *range)
{
	size_t size = range->nr_pages << PAGE_SHIFT;

	range->pages = place_array(range->nr_pages * sizeof(struct page));
	if (KEEL_DEBUG)
		kasan_add_range(range->start_pfn << PAGE_SHIFT, size,
				place_array(size / KASAN_GRANULE + 1));
}

/* Pages of [start, end) that are not reserved. */
static uint64_t count_usable(paddr_t start, paddr_t end)
{
	uint64_t nr = 0;

	while (start < end) {
		const struct mem_range *taken = reserved_in(start, end);

		if (!taken)
			return nr + ((end - start) >> PAGE_SHIFT);
		if (taken->start > start)
			nr += (taken->start - start) >> PAGE_SHIFT;
		start = taken->end;
	}
	return nr;
}

uint64_t page_range_init(const struct mem_range *ram, size_t nr_ram,
			 const struct mem_range *reserved, size_t nr_reserved)
{
	uint64_t usable = 0;

	for (size_t i = 0; i < nr_reserved; i++)
		reserve(reserved[i].start, reserved[i].end);
	for (size_t i = 0; i < nr_ram; i++)
		add_range(&ram[i]);
	for (unsigned i = 0; i < nr_page_ranges; i++)
		place_arrays(&page_ranges[i]);
	for (unsigned i = 0; i < nr_page_ranges; i++) {
		paddr_t start = page_ranges[i].start_pfn << PAGE_SHIFT;

		usable += count_usable(
			start, start + (page_ranges[i].nr_pages << PAGE_SHIFT));
	}
	return usable;
}

/* Hand over [pfn, end), all in one chunk, in the largest aligned blocks. */
static void free_run(struct buddy *buddy, uint64_t pfn, uint64_t end)
{
	while (pfn < end) {
		unsigned order = pfn ? (unsigned)__builtin_ctzl(pfn) : 0;

		order = MIN(order, PAGE_ORDER_MAX);
		while (pfn + (1ul << order) > end)
			order--;
		buddy_free(buddy, pfn_to_page(pfn), order);
		pfn += 1ul << order;
	}
}

static void mark_reserved(uint64_t pfn, uint64_t end)
{
	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_page(pfn);

		atomic_store(&page->flags, PAGE_RESERVED);
		refcount_set(&page->refs, 1);
	}
}

/* Initialise the entries of [pfn, end), all in one chunk. */
static void open_chunk(struct buddy *buddy, uint64_t pfn, uint64_t end)
{
	memset(pfn_to_page(pfn), 0, (end - pfn) * sizeof(struct page));
	kasan_poison(phys_to_virt(pfn << PAGE_SHIFT), (end - pfn) << PAGE_SHIFT,
		     KASAN_FREE_PAGE);
	while (pfn < end) {
		const struct mem_range *taken =
			reserved_in(pfn << PAGE_SHIFT, end << PAGE_SHIFT);
		uint64_t start = end, stop = end;

		if (taken) {
			start = MAX(pfn, taken->start >> PAGE_SHIFT);
			stop = MIN(end, taken->end >> PAGE_SHIFT);
		}
		free_run(buddy, pfn, start);
		mark_reserved(start, stop);
		kasan_unpoison(phys_to_virt(start << PAGE_SHIFT),
			       (stop - start) << PAGE_SHIFT);
		pfn = stop;
	}
	kasan_open_range(end << PAGE_SHIFT);
}

static bool range_grow(struct buddy *buddy, struct page_range *range)
{
	uint64_t pfn = range->fresh_pfn;
	uint64_t end = range->start_pfn + range->nr_pages;

	if (pfn == end)
		return false;
	end = MIN(end, ALIGN_DOWN(pfn, PAGE_CHUNK) + PAGE_CHUNK);
	open_chunk(buddy, pfn, end);
	range->fresh_pfn = end;
	return true;
}

bool page_range_grow(struct buddy *buddy)
{
	for (unsigned i = 0; i < nr_page_ranges; i++) {
		if (range_grow(buddy, &page_ranges[i]))
			return true;
	}
	return false;
}

bool page_range_grow_to(struct buddy *buddy, uint64_t pfn)
{
	for (unsigned i = 0; i < nr_page_ranges; i++) {
		struct page_range *range = &page_ranges[i];

		if (pfn - range->start_pfn >= range->nr_pages)
			continue;
		while (range->fresh_pfn <= pfn)
			range_grow(buddy, range);
		return true;
	}
	return false;
}
