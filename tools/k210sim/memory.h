// SPDX-License-Identifier: MIT
/*
 * Loads and stores of a hart, at virtual addresses.
 *
 * Most are answered here: a page of cached SRAM that the hart accessed before
 * in the same mode, a line that its data cache holds.  All else takes the way
 * through mmu_translate() and bus.h.
 */
#pragma once

#include <string.h>

#include "dcache.h"
#include "hart.h"

#define PAGE_MASK 0xfffull

/* What accesses; some are not for everywhere (k210.md 6.1, row 34). */
enum access_kind { ACCESS_PLAIN, ACCESS_FP, ACCESS_ATOMIC };

/*
 * Load or store size bytes (1, 2, 4, 8) the slow way.  False: the trap has
 * been raised.
 */
bool hart_load_slow(struct hart *hart, uint64_t address, unsigned int size,
		    enum access_kind kind, uint64_t *value);
bool hart_store_slow(struct hart *hart, uint64_t address, unsigned int size,
		     enum access_kind kind, uint64_t value);

/* The physical address for an atomic access that writes.  False: trap. */
bool hart_atomic_target(struct hart *hart, uint64_t address, unsigned int size,
			uint32_t *physical);

static inline struct known_page *known_page_of(struct hart *hart,
					       uint64_t address)
{
	return &hart->known[(address >> 12) % KNOWN_PAGES];
}

/* What the key of a page must be; of no page if misaligned. */
static inline uint64_t known_key(const struct hart *hart, uint64_t address,
				 unsigned int size)
{
	return (address & (~PAGE_MASK | (size - 1))) | hart->context;
}

/* Where a load finds its bytes at once, or NULL. */
static inline const uint8_t *find_to_load(struct hart *hart, uint64_t address,
					  unsigned int size)
{
	const struct known_page *page = known_page_of(hart, address);
	unsigned int offset = address & PAGE_MASK;

	if (page->load_key != known_key(hart, address, size) ||
	    !(page->lines[offset / DCACHE_LINE_BYTES] & hart->held))
		return NULL;
	return page->bytes + offset;
}

/* The same for a store, which needs the line for the hart alone. */
static inline uint8_t *find_to_store(struct hart *hart, uint64_t address,
				     unsigned int size)
{
	const struct known_page *page = known_page_of(hart, address);
	unsigned int offset = address & PAGE_MASK;

	if (page->store_key != known_key(hart, address, size) ||
	    page->lines[offset / DCACHE_LINE_BYTES] !=
		    (hart->held | LINE_DIRTY))
		return NULL;
	return page->bytes + offset;
}

static inline bool store_as(struct hart *hart, uint64_t address,
			    unsigned int size, enum access_kind kind,
			    uint64_t value)
{
	uint8_t *bytes = find_to_store(hart, address, size);

	if (!bytes)
		return hart_store_slow(hart, address, size, kind, value);
	memcpy(bytes, &value, size);
	return true;
}

/* Store size bytes (1, 2, 4, 8).  False: the trap has been raised. */
static inline bool hart_store(struct hart *hart, uint64_t address,
			      unsigned int size, uint64_t value)
{
	return store_as(hart, address, size, ACCESS_PLAIN, value);
}

/* The same from a register of floating point. */
static inline bool hart_store_fp(struct hart *hart, uint64_t address,
				 unsigned int size, uint64_t value)
{
	return store_as(hart, address, size, ACCESS_FP, value);
}
