// SPDX-License-Identifier: MIT
/*
 * Taking pages out of an address space.
 *
 * A page may be used again only after no TLB knows it: entries are cleared
 * under mm->pt_lock, their pages gathered, the TLBs flushed, and then the
 * pages dropped.  A private page that nobody else has is chained by its list
 * links, so that any number of them waits for one flush; of the others a
 * handful fits, then there is an early flush.
 */
#include "zap.h"

#include <lib/errno.h>

#include <core/thread.h>

#include "pte.h"
#include "vma.h"

#define GATHER_MAX 32

struct gather {
	struct mm *mm;
	bool file_only;       /* leave private pages alone */
	bool no_flush;        /* nobody can use the address space */
	struct page *chain;   /* private pages, linked by ->next */
	unsigned nr;          /* in pages */
	uint64_t nr_removed;  /* not yet taken off mm->rss */
	uintptr_t start, end; /* what must be flushed; start == end: nothing */
	struct page *pages[GATHER_MAX];
};

static void gather_flush(struct gather *g)
{
	if (g->start < g->end && !g->no_flush)
		tlb_flush_user(g->mm->root, &g->mm->harts, g->start, g->end);
	g->start = g->end = 0;
	for (unsigned i = 0; i < g->nr; i++)
		page_put(g->pages[i]);
	g->nr = 0;
	while (g->chain) {
		struct page *page = g->chain;

		g->chain = page->next ? pfn_to_page(page->next) : NULL;
		page_put(page);
	}
	if (g->nr_removed)
		atomic64_add_relaxed(&g->mm->rss, -(int64_t)g->nr_removed);
	g->nr_removed = 0;
}

/* The entry's reference is ours now. */
static void gather_page(struct gather *g, struct page *page)
{
	g->nr_removed++;
	if (!page_has_flag(page, PAGE_ANON)) {
		atomic_add_relaxed(&page->mapcount, -1);
	} else if (refcount_read(&page->refs) == 1) {
		page->next = g->chain ? (uint32_t)page_to_pfn(g->chain) : 0;
		g->chain = page;
		return;
	}
	g->pages[g->nr++] = page;
}

/*
 * Clear entries of one table from addr on.  Returns where it stopped: at end,
 * or before when the gathering is full.
 */
static uintptr_t zap_table(struct gather *g, pte_t *pte, uintptr_t addr,
			   uintptr_t end)
{
	for (; addr < end && g->nr < GATHER_MAX; addr += PAGE_SIZE, pte++) {
		pte_t old = *pte;
		struct page *page;

		if (!old)
			continue;
		page = pte_page(old);
		if (g->file_only && (!page || page_has_flag(page, PAGE_ANON)))
			continue;
		*pte = 0;
		if (g->start == g->end)
			g->start = addr;
		g->end = addr + PAGE_SIZE;
		if (page)
			gather_page(g, page);
	}
	return addr;
}

static void gather_range(struct gather *g, uintptr_t addr, uintptr_t end)
{
	spinlock_t *lock = &g->mm->pt_lock;
	pte_t *pte;

	spin_lock(lock);
	while ((pte = pte_next_table(g->mm->root, &addr, end))) {
		addr = zap_table(g, pte, addr, pte_table_end(addr, end));
		/* The dead give back at once: others may wait for memory. */
		if (g->nr == GATHER_MAX || (g->no_flush && g->chain)) {
			spin_unlock(lock);
			gather_flush(g);
			spin_lock(lock);
		}
	}
	spin_unlock(lock);
}

void zap_range(struct vma *vma, uintptr_t start, uintptr_t end)
{
	struct gather g = { .mm = vma->mm };

	gather_range(&g, start, end);
	gather_flush(&g);
}

void zap_file_range(struct vma *vma, uintptr_t start, uintptr_t end)
{
	struct gather g = { .mm = vma->mm, .file_only = true };

	gather_range(&g, start, end);
	gather_flush(&g);
}

void zap_all(struct mm *mm)
{
	struct gather g = { .mm = mm, .no_flush = true };
	struct vma *vma;

	RB_FOREACH (vma, vma_tree, &mm->areas) {
		gather_range(&g, vma->start, vma->end);
		gather_flush(&g);
		thread_resched_point();
	}
	/* Only now: areas share tables. */
	RB_FOREACH (vma, vma_tree, &mm->areas)
		pgtable_free_range(mm->root, vma->start, vma->end);
	/* Holes may have left tables behind, see note_unmapped(). */
	if (mm->unpruned)
		pgtable_free_range(mm->root, 0, USER_TOP);
}

void zap_tables(struct mm *mm)
{
	pte_t *queue = NULL;

	spin_lock(&mm->pt_lock);
	pgtable_prune(mm->root, 0, USER_TOP, &queue);
	spin_unlock(&mm->pt_lock);
	mm->unpruned = 0;
	if (!queue)
		return;
	tlb_flush_user(mm->root, &mm->harts, 0, USER_TOP);
	pgtable_free_queued(queue);
}
