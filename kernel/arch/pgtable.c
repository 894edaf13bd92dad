// SPDX-License-Identifier: MIT
/*
 * Page-table trees: walking, filling, pruning and switching to one.
 *
 * A tree is guarded by whoever owns it (mm->pt_lock, the kernel map's lock).
 * Tables freed by pgtable_prune() must outlive the translations that harts may
 * still be walking, so they wait, chained through their pages, until the
 * caller has flushed and calls pgtable_free_queued().
 */
#include <arch/pgtable.h>

#include <string.h>

#include <arch/asid.h>
#include <arch/hart.h>
#include <arch/layout.h>
#include <core/panic.h>
#include <core/thread.h>
#include <lib/atomic.h>
#include <lib/barrier.h>

#define LEVELS     3
#define USER_SLOTS (PTES_PER_TABLE / 2)

#define CLEAN_TABLES_MAX 12 /* enough for a fork after an exit */

static atomic64_t nr_tables; /* [a] in use, without those made at boot */

static bool table_is_empty(const pte_t *table)
{
	for (unsigned i = 0; i < PTES_PER_TABLE; i++) {
		if (table[i])
			return false;
	}
	return true;
}

/*
 * Tables that became empty are full of zeros, as new ones have to be: each
 * hart keeps a few, chained by their first word.  Threads alone use them, and
 * no thread loses its hart in here.
 */
static pte_t *table_alloc(unsigned flags)
{
	struct hart *hart = this_hart();
	pte_t *table = hart->clean_tables;

	if (table) {
		hart->clean_tables = (pte_t *)(uintptr_t)table[0];
		hart->nr_clean_tables--;
		table[0] = 0;
		ASSERT(table_is_empty(table));
	} else {
		table = page_alloc_virt(ALLOC_ZERO | flags);
	}
	if (table)
		atomic64_add_relaxed(&nr_tables, 1);
	return table;
}

static void table_free(pte_t *table)
{
	atomic64_add_relaxed(&nr_tables, -1);
	page_free_virt(table);
}

/* The same for a table without an entry. */
static void table_free_clean(pte_t *table)
{
	struct hart *hart = this_hart();

	if (hart->nr_clean_tables == CLEAN_TABLES_MAX) {
		table_free(table);
		return;
	}
	atomic64_add_relaxed(&nr_tables, -1);
	table[0] = (pte_t)(uintptr_t)hart->clean_tables;
	hart->clean_tables = table;
	hart->nr_clean_tables++;
}

uint64_t pgtable_count(void)
{
	return (uint64_t)atomic64_load(&nr_tables);
}

static unsigned va_index(uintptr_t va, unsigned level)
{
	return va >> (PAGE_SHIFT + 9 * level) & (PTES_PER_TABLE - 1);
}

static pte_t *pte_table(pte_t pte)
{
	return phys_to_virt(pte_paddr(pte));
}

/* Bytes that an entry of that level maps. */
static uintptr_t level_size(unsigned level)
{
	return PAGE_SIZE << (9 * level);
}

pte_t *pgtable_root_alloc(void)
{
	pte_t *root = table_alloc(0);

	if (!root)
		return NULL;
	memcpy(root + USER_SLOTS, kernel_root + USER_SLOTS,
	       USER_SLOTS * sizeof(*root));
	return root;
}

void pgtable_free_range(pte_t *root, uintptr_t start, uintptr_t end)
{
	start = ALIGN_DOWN(start, level_size(1));
	while (start < end) {
		pte_t *entry = &root[va_index(start, 2)];

		if (!(*entry & PTE_V)) {
			start = ALIGN_DOWN(start, level_size(2)) +
				level_size(2);
			continue;
		}
		entry = &pte_table(*entry)[va_index(start, 1)];
		if (*entry & PTE_V && !pte_is_leaf(*entry)) {
			table_free_clean(pte_table(*entry));
			*entry = 0;
		}
		start += level_size(1);
	}
}

void pgtable_root_free(pte_t *root)
{
	for (unsigned i = 0; i < USER_SLOTS; i++) {
		if (root[i] & PTE_V)
			table_free_clean(pte_table(root[i]));
	}
	table_free(root);
}

static pte_t *walk_to(pte_t *root, uintptr_t va, unsigned target, bool alloc)
{
	pte_t *table = root;

	for (unsigned level = LEVELS - 1; level > target; level--) {
		pte_t *entry = &table[va_index(va, level)];

		if (!(*entry & PTE_V)) {
			pte_t *below;

			if (!alloc)
				return NULL;
			below = table_alloc(ALLOC_ATOMIC);
			if (!below)
				return NULL;
			/* Other harts' walkers see a table only when clear. */
			__atomic_store_n(entry,
					 pte_make(virt_to_phys(below), PTE_V),
					 __ATOMIC_RELEASE);
		} else if (pte_is_leaf(*entry)) {
			return NULL;
		}
		table = pte_table(*entry);
	}
	return &table[va_index(va, target)];
}

pte_t *pgtable_walk(pte_t *root, uintptr_t va, bool alloc)
{
	return walk_to(root, va, 0, alloc);
}

pte_t *pgtable_walk_huge(pte_t *root, uintptr_t va, bool alloc)
{
	return walk_to(root, va, 1, alloc);
}

/* The table is out of use: chain it by its first word, which was empty. */
static void queue_table(pte_t *table, pte_t **queue)
{
	table[0] = (pte_t)(uintptr_t)*queue;
	*queue = table;
}

/* Empty level 0 tables within [start, end), all under one level 1 table. */
static void prune_level1(pte_t *level1, uintptr_t start, uintptr_t end,
			 pte_t **queue)
{
	for (; start < end; start += level_size(1)) {
		pte_t *entry = &level1[va_index(start, 1)];
		pte_t *table;

		if (!(*entry & PTE_V) || pte_is_leaf(*entry))
			continue;
		table = pte_table(*entry);
		if (!table_is_empty(table))
			continue;
		*entry = 0;
		queue_table(table, queue);
	}
}

void pgtable_prune(pte_t *root, uintptr_t start, uintptr_t end, pte_t **queue)
{
	start = ALIGN_UP(start, level_size(1));
	end = ALIGN_DOWN(end, level_size(1));
	while (start < end) {
		uintptr_t next = MIN(end, ALIGN_DOWN(start, level_size(2)) +
						  level_size(2));
		pte_t *entry = &root[va_index(start, 2)];

		if (*entry & PTE_V && !pte_is_leaf(*entry)) {
			pte_t *table = pte_table(*entry);

			prune_level1(table, start, next, queue);
			if (next - start == level_size(2) &&
			    table_is_empty(table)) {
				*entry = 0;
				queue_table(table, queue);
			}
		}
		start = next;
	}
}

void pgtable_free_queued(pte_t *queue)
{
	while (queue) {
		pte_t *next = (pte_t *)(uintptr_t)queue[0];

		table_free(queue);
		queue = next;
	}
}

/*
 * Tell the address space that this hart may hold its translations.  If it had
 * not known, changes may have been made without telling us.  Pairs with
 * tlb_flush_user(): either it sees our hart->root, or we see our bit cleared.
 */
static void join_harts(struct hart *hart, pte_t *root, atomic64_t *harts)
{
	int64_t bit = 1ll << hart->index;

	smp_mb();
	if (atomic64_load(harts) & bit)
		return;
	atomic64_fetch_or(harts, bit);
	asid_flush(root);
}

void pgtable_activate(struct thread *thread)
{
	pte_t *root = thread->root ? thread->root : kernel_root;
	struct hart *hart = this_hart();

	if (hart->root == root)
		return;
	asid_switch(hart, root);
	__atomic_store_n(&hart->root, root, __ATOMIC_RELEASE);
	if (thread->mm_harts)
		join_harts(hart, root, thread->mm_harts);
}
