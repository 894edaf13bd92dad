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

static inline bool load_quickly(struct hart *hart, uint64_t address,
				unsigned int size, uint64_t *value)
{
	const struct known_page *page = known_page_of(hart, address);
	uint32_t offset = page->offset + (uint32_t)(address & PAGE_MASK);

	if (page->load_key != known_key(hart, address, size) ||
	    !(hart->lines[offset / DCACHE_LINE_BYTES] & LINE_HELD(hart->id)))
		return false;
	*value = 0;
	memcpy(value, hart->view + offset, size);
	return true;
}

static inline bool store_quickly(struct hart *hart, uint64_t address,
				 unsigned int size, uint64_t value)
{
	const struct known_page *page = known_page_of(hart, address);
	uint32_t offset = page->offset + (uint32_t)(address & PAGE_MASK);

	if (page->store_key != known_key(hart, address, size) ||
	    hart->lines[offset / DCACHE_LINE_BYTES] !=
		    (LINE_HELD(hart->id) | LINE_DIRTY))
		return false;
	memcpy(hart->view + offset, &value, size);
	return true;
}

/* Load or store size bytes (1, 2, 4, 8).  False: the trap has been raised. */
static inline bool hart_load(struct hart *hart, uint64_t address,
			     unsigned int size, uint64_t *value)
{
	return load_quickly(hart, address, size, value) ||
	       hart_load_slow(hart, address, size, ACCESS_PLAIN, value);
}

static inline bool hart_store(struct hart *hart, uint64_t address,
			      unsigned int size, uint64_t value)
{
	return store_quickly(hart, address, size, value) ||
	       hart_store_slow(hart, address, size, ACCESS_PLAIN, value);
}

/* The same for registers of floating point. */
static inline bool hart_load_fp(struct hart *hart, uint64_t address,
				unsigned int size, uint64_t *value)
{
	return load_quickly(hart, address, size, value) ||
	       hart_load_slow(hart, address, size, ACCESS_FP, value);
}

static inline bool hart_store_fp(struct hart *hart, uint64_t address,
				 unsigned int size, uint64_t value)
{
	return store_quickly(hart, address, size, value) ||
	       hart_store_slow(hart, address, size, ACCESS_FP, value);
}
