// SPDX-License-Identifier: MIT
/* See memory.h. */
#include "memory.h"

#include "debug.h"
#include "machine.h"
#include "mmu.h"
#include "report.h"

/* Of accesses that are not plain, the chip's answer is known in SRAM alone. */
static void check_kind(struct hart *hart, uint64_t address, uint32_t physical,
		       enum access_kind kind)
{
	if (kind == ACCESS_FP && bus_is_alias(physical))
		report_misuse(hart, address,
			      "floating-point access to the uncached alias "
			      "(k210.md 6.1, 34)");
	if (kind == ACCESS_ATOMIC && !bus_is_cached_ram(physical))
		report_misuse(hart, address,
			      "atomic access outside cached SRAM "
			      "(k210.md 2.9)");
}

/* Later accesses to the page need not come here, as long as mode is the same. */
static void remember(struct hart *hart, uint64_t address, uint32_t physical,
		     enum access access)
{
	struct dcache *dcache = &hart->machine->dcache;
	struct known_page *page = known_page_of(hart, address);
	uint64_t key = known_key(hart, address & ~PAGE_MASK, 1);
	uint32_t offset = (physical - RAM_BASE) & ~(uint32_t)PAGE_MASK;

	if (!bus_is_cached_ram(physical) || hart->watched ||
	    !mmu_may_remember(hart, hart->context))
		return;
	if (page->load_key != key && page->store_key != key)
		*page = (struct known_page){ .load_key = NO_KEY,
					     .store_key = NO_KEY };
	page->bytes = dcache->view + offset;
	page->lines = dcache->state + offset / DCACHE_LINE_BYTES;
	if (access == ACCESS_STORE)
		page->store_key = key;
	else
		page->load_key = key;
}

bool hart_load_slow(struct hart *hart, uint64_t address, unsigned int size,
		    enum access_kind kind, uint64_t *value)
{
	uint32_t physical;

	if (address & (size - 1))
		return hart_raise(hart, CAUSE_LOAD_MISALIGNED, address);
	if (!mmu_translate(hart, address, ACCESS_LOAD, &physical))
		return false;
	if (hart->watched && debug_access(hart, address, size, ACCESS_LOAD))
		return false;
	check_kind(hart, address, physical, kind);
	if (!bus_load(hart, physical, size, value))
		return hart_raise(hart, CAUSE_LOAD_ACCESS, address);
	remember(hart, address, physical, ACCESS_LOAD);
	return true;
}

bool hart_store_slow(struct hart *hart, uint64_t address, unsigned int size,
		     enum access_kind kind, uint64_t value)
{
	uint32_t physical;

	if (address & (size - 1))
		return hart_raise(hart, CAUSE_STORE_MISALIGNED, address);
	if (!mmu_translate(hart, address, ACCESS_STORE, &physical))
		return false;
	if (hart->watched && debug_access(hart, address, size, ACCESS_STORE))
		return false;
	check_kind(hart, address, physical, kind);
	if (!bus_store(hart, physical, size, value))
		return hart_raise(hart, CAUSE_STORE_ACCESS, address);
	remember(hart, address, physical, ACCESS_STORE);
	return true;
}

bool hart_atomic_target(struct hart *hart, uint64_t address, unsigned int size,
			uint32_t *physical)
{
	if (address & (size - 1))
		return hart_raise(hart, CAUSE_STORE_MISALIGNED, address);
	if (!mmu_translate(hart, address, ACCESS_STORE, physical))
		return false;
	if (hart->watched && (debug_access(hart, address, size, ACCESS_LOAD) ||
			      debug_access(hart, address, size, ACCESS_STORE)))
		return false;
	check_kind(hart, address, *physical, ACCESS_ATOMIC);
	return true;
}
