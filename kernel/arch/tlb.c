// SPDX-License-Identifier: MIT
/*
 * TLB and instruction-cache maintenance, here and on other harts.
 *
 * Remote harts are reached through the SBI (RFENCE), which returns when they
 * are done.  Identifiers of address spaces are not given: a flush applies to
 * all of them, see arch/asid.c.
 */
#include <arch/pgtable.h>

#include <arch/hart.h>
#include <arch/priv19.h>
#include <arch/sbi.h>
#include <lib/barrier.h>
#include <lib/csr.h>

/* Beyond this one instruction for everything is cheaper than one a page. */
#define MAX_SINGLE_FLUSHES 32

void tlb_flush_page_local(uintptr_t va)
{
	sfence_page(va);
}

void tlb_flush_local(void)
{
	sfence_all();
}

static void flush_range_local(uintptr_t start, uintptr_t end)
{
	if (end - start > MAX_SINGLE_FLUSHES * PAGE_SIZE) {
		sfence_all();
		return;
	}
	for (; start < end; start += PAGE_SIZE)
		sfence_page(start);
}

/*
 * Call fn(mask, base) for groups of harts that one SBI call can name: hardware
 * ids base to base + 63.  harts has a bit per index.
 */
static void for_each_group(uint64_t harts,
			   void (*fn)(unsigned long mask, unsigned long base,
				      uintptr_t start, size_t size),
			   uintptr_t start, size_t size)
{
	while (harts) {
		unsigned index = (unsigned)__builtin_ctzll(harts);
		unsigned long base = hart_by_index(index)->id;
		unsigned long mask = 0;

		for (uint64_t rest = harts; rest; rest &= rest - 1) {
			unsigned long id;

			index = (unsigned)__builtin_ctzll(rest);
			id = hart_by_index(index)->id;
			if (id < base || id - base >= 64)
				continue;
			mask |= 1ul << (id - base);
			harts &= ~(1ull << index);
		}
		fn(mask, base, start, size);
	}
}

/* Local part: the harts of the mask other than this one are left. */
static uint64_t flush_here(uint64_t harts, uintptr_t start, uintptr_t end)
{
	unsigned long flags = irq_save();
	uint64_t self = 1ull << this_hart()->index;

	/* The cleared entries are visible before anyone forgets the old. */
	smp_mb();
	if (harts & self)
		flush_range_local(start, end);
	irq_restore(flags);
	return harts & ~self;
}

static void flush_remote(uint64_t harts, uintptr_t start, uintptr_t end)
{
	size_t size = end - start;

	if (size > MAX_SINGLE_FLUSHES * PAGE_SIZE) {
		start = 0;
		size = SIZE_MAX;
	}
	if (harts)
		for_each_group(harts, sbi_remote_sfence_vma, start, size);
}

static bool hart_uses_root(unsigned index, const pte_t *root)
{
	return __atomic_load_n(&hart_by_index(index)->root, __ATOMIC_ACQUIRE) ==
	       root;
}

/*
 * Of the others in *harts those that must be told now, as they use the root.
 * The rest leave the mask, and so flush when they come back to it; whoever
 * came back before its bit was cleared is told after all.
 */
static uint64_t harts_to_tell(const pte_t *root, atomic64_t *harts,
			      uint64_t others)
{
	uint64_t tell = 0;

	for (; others; others &= others - 1) {
		unsigned index = (unsigned)__builtin_ctzll(others);
		uint64_t bit = 1ull << index;

		if (!hart_uses_root(index, root)) {
			atomic64_fetch_and(harts, (int64_t)~bit);
			smp_mb();
		}
		if (hart_uses_root(index, root))
			tell |= bit;
	}
	return tell;
}

void tlb_flush_user(const pte_t *root, atomic64_t *harts, uintptr_t start,
		    uintptr_t end)
{
	uint64_t others =
		flush_here((uint64_t)atomic64_load(harts), start, end);

	flush_remote(harts_to_tell(root, harts, others), start, end);
}

void tlb_flush_kernel_range(uintptr_t start, uintptr_t end)
{
	flush_remote(flush_here(harts_online(), start, end), start, end);
}

static void remote_fence_i(unsigned long mask, unsigned long base,
			   uintptr_t start, size_t size)
{
	(void)start;
	(void)size;
	sbi_remote_fence_i(mask, base);
}

void icache_flush_all(void)
{
	unsigned long flags = irq_save();
	uint64_t others = harts_online() & ~(1ull << this_hart()->index);

	smp_mb();
	fence_i();
	irq_restore(flags);
	if (others)
		for_each_group(others, remote_fence_i, 0, 0);
}
