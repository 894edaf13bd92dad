// SPDX-License-Identifier: MIT
/*
 * Memory; see memory.h.  Written at boot, read-only afterwards.
 */
#include "memory.h"

#define MAX_RANGES 16 /* ranges beyond are not shareable */

struct dt_range memory_firmware;

static struct dt_range ranges[MAX_RANGES];
static unsigned int nr_ranges;

bool memory_init(const void *fdt, const char *start, const char *end)
{
	struct dt_cursor cursor = { 0 };
	struct dt_range range;

	while (nr_ranges < MAX_RANGES && dt_next_memory(fdt, &cursor, &range)) {
		if (range.size <= -range.start) /* does not wrap */
			ranges[nr_ranges++] = range;
	}
	memory_firmware.start = (uint64_t)start;
	memory_firmware.size = end - start;
	return nr_ranges > 0;
}

static bool range_contains(const struct dt_range *range, paddr_t start,
			   uint64_t size)
{
	return start >= range->start && size <= range->size &&
	       start - range->start <= range->size - size;
}

static bool ranges_overlap(const struct dt_range *range, paddr_t start,
			   uint64_t size)
{
	return start < range->start + range->size &&
	       range->start < start + size;
}

bool memory_find(paddr_t start, struct dt_range *range)
{
	unsigned int i;

	for (i = 0; i < nr_ranges; i++) {
		if (range_contains(&ranges[i], start, 1)) {
			*range = ranges[i];
			return true;
		}
	}
	return false;
}

bool memory_is_shareable(paddr_t start, uint64_t size)
{
	unsigned int i;

	for (i = 0; i < nr_ranges; i++) {
		if (range_contains(&ranges[i], start, size))
			return !ranges_overlap(&memory_firmware, start, size);
	}
	return false;
}

uint64_t memory_total(void)
{
	uint64_t total = 0;
	unsigned int i;

	for (i = 0; i < nr_ranges; i++)
		total += ranges[i].size;
	return total;
}
