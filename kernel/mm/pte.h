// SPDX-License-Identifier: MIT
/*
 * What user page-table entries mean, beyond what the hardware reads.
 *
 * An entry that is not 0 stands for a page.  It holds one reference on it
 * unless PTE_SPECIAL is set (the shared zero page, device memory).  An entry
 * without PTE_V keeps the page of a PROT_NONE area.
 * All under mm->pt_lock.
 */
#pragma once

#include <linux/mman.h>

#include <arch/pgtable.h>
#include <mm/mm.h>
#include <mm/page.h>

#define PTE_SPECIAL PTE_SOFT1

/* Bytes that one table of leaf entries covers. */
#define PTE_TABLE_SPAN (PAGE_SIZE * PTES_PER_TABLE)

static inline struct page *pte_page(pte_t pte)
{
	return pte & PTE_SPECIAL ? NULL : phys_to_page(pte_paddr(pte));
}

/* pgtable_walk() without making anything; short, since faults live on it. */
static inline pte_t *pte_lookup(pte_t *root, uintptr_t addr)
{
	const unsigned mask = PTES_PER_TABLE - 1;
	pte_t entry = root[addr >> (PAGE_SHIFT + 18) & mask];

	if (!(entry & PTE_V))
		return NULL;
	entry = ((pte_t *)phys_to_virt(
		pte_paddr(entry)))[addr >> (PAGE_SHIFT + 9) & mask];
	if (!(entry & PTE_V) || pte_is_leaf(entry))
		return NULL;
	return (pte_t *)phys_to_virt(pte_paddr(entry)) +
	       (addr >> PAGE_SHIFT & mask);
}

/* The hardware's bits for an area's protection; writable: PTE_W allowed. */
static inline uint64_t pte_prot_bits(unsigned prot, bool writable)
{
	uint64_t bits = PTE_U | PTE_A;

	if (prot & (PROT_READ | PROT_WRITE))
		bits |= PTE_V | PTE_R;
	if (prot & PROT_WRITE && writable)
		bits |= PTE_W | PTE_D;
	if (prot & PROT_EXEC)
		bits |= PTE_V | PTE_X;
	return bits;
}

/* Where this table's part of [addr, end) ends. */
static inline uintptr_t pte_table_end(uintptr_t addr, uintptr_t end)
{
	uintptr_t next = ALIGN_DOWN(addr, PTE_TABLE_SPAN) + PTE_TABLE_SPAN;

	return MIN(next, end);
}

/*
 * The next table with entries of [*addr, end): the entry for *addr, which is
 * moved over parts without tables.  NULL: there is no more.
 */
static inline pte_t *pte_next_table(pte_t *root, uintptr_t *addr, uintptr_t end)
{
	while (*addr < end) {
		const uintptr_t span = PTE_TABLE_SPAN * PTES_PER_TABLE;
		pte_t *pte;

		if (!(root[*addr / span] & PTE_V)) {
			*addr = ALIGN_DOWN(*addr, span) + span;
			continue;
		}
		pte = pte_lookup(root, *addr);
		if (pte)
			return pte;
		*addr = ALIGN_DOWN(*addr, PTE_TABLE_SPAN) + PTE_TABLE_SPAN;
	}
	return NULL;
}
