// SPDX-License-Identifier: MIT
/*
 * Page faults: pages of files, and of areas with operations of their own.
 *
 * A page may leave the cache (truncation) while it is being mapped.  Both
 * sides change first and look after: here the entry is set, then page->mapping
 * read; truncation clears page->mapping and then removes entries.
 */
#include "fault_internal.h"

#include <lib/barrier.h>
#include <lib/errno.h>

#include <mm/pagecache.h>

#include "pte.h"
#include "vma.h"
#include "zap.h"

#define FAULT_AROUND_PAGES 16 /* aligned, like a table's lines in the cache */

/* Map a page of the file at f->addr; the reference goes with it. */
static int fault_map_file(struct fault *f, struct page *page, bool writable)
{
	struct mapping *mapping = f->vma->mapping;
	uint64_t bits = pte_prot_bits(f->vma->prot, writable);
	pte_t new = pte_make(page_to_phys(page), bits);
	int ret;

	if (f->vma->prot & PROT_EXEC)
		page_sync_icache(page);
	atomic_add_relaxed(&page->mapcount, 1);
	ret = fault_set_pte(f, new, page);
	if (ret) {
		atomic_add_relaxed(&page->mapcount, -1);
		page_put(page);
		return ret;
	}
	/* Pairs with the barrier in pagecache_remove_range(). */
	smp_mb();
	if (mapping &&
	    __atomic_load_n(&page->mapping, __ATOMIC_RELAXED) != mapping) {
		zap_file_range(f->vma, f->addr, f->addr + PAGE_SIZE);
		return -EAGAIN;
	}
	return 0;
}

/*
 * Map the neighbours of f->addr that are in the cache: all are within one
 * table and the area.  Nothing here sleeps or waits; what is missing comes by
 * a fault of its own.
 */
static void fault_around(struct fault *f)
{
	const uintptr_t span = FAULT_AROUND_PAGES * PAGE_SIZE;
	struct vma *vma = f->vma;
	uintptr_t start = MAX(ALIGN_DOWN(f->addr, span), vma->start);
	uintptr_t end = MIN(ALIGN_DOWN(f->addr, span) + span, vma->end);
	uint64_t first = vma->pgoff + ((start - vma->start) >> PAGE_SHIFT);
	struct page *pages[FAULT_AROUND_PAGES];
	uint64_t bits = pte_prot_bits(vma->prot, false);
	struct mapping *mapping = vma->mapping;
	unsigned nr = (unsigned)((end - start) >> PAGE_SHIFT);
	unsigned mapped = 0;
	pte_t *pte;

	pagecache_find_range(mapping, first, nr, pages);
	spin_lock(&f->mm->pt_lock);
	pte = pte_lookup(f->mm->root, start);
	for (unsigned i = 0; i < nr; i++) {
		struct page *page = pages[i];

		if (!page)
			continue;
		if (!pte || pte[i] ||
		    (vma->prot & PROT_EXEC &&
		     !page_has_flag(page, PAGE_ICACHE_CLEAN)) ||
		    atomic_load(&page->flags) & (PAGE_LOCKED | PAGE_ERROR))
			continue;
		atomic_add_relaxed(&page->mapcount, 1);
		pte[i] = pte_make(page_to_phys(page), bits);
		smp_mb(); /* as in fault_map_file() */
		if (__atomic_load_n(&page->mapping, __ATOMIC_RELAXED) !=
		    mapping) {
			pte[i] = 0;
			tlb_flush_page_local(start + i * PAGE_SIZE);
			atomic_add_relaxed(&page->mapcount, -1);
			continue;
		}
		pages[i] = NULL;
		mapped++;
	}
	spin_unlock(&f->mm->pt_lock);
	for (unsigned i = 0; i < nr; i++) {
		if (pages[i])
			page_put(pages[i]);
	}
	atomic64_add_relaxed(&f->mm->rss, mapped);
}

/* A page for f->pgoff, up to date, with a reference. */
static int fault_get_page(struct fault *f, struct page **page)
{
	struct mapping *mapping = f->vma->mapping;
	off_t size;

	if (f->vma->ops)
		return f->vma->ops->fault(f->vma, f->pgoff,
					  f->access == FAULT_WRITE, page);
	size = mapping_size(mapping);
	if (f->pgoff >= DIV_ROUND_UP((uint64_t)size, PAGE_SIZE))
		return -ENXIO;
	return pagecache_read(mapping, f->pgoff, page);
}

/* Make a page of a shared mapping writable, and map it so. */
static int fault_shared_write(struct fault *f, struct page *page)
{
	struct mapping *mapping = f->vma->mapping;
	int ret = 0;

	/* Until the entry is there the page must not become clean again. */
	if (mapping) {
		ret = pagecache_make_writable(mapping, page);
		if (ret)
			return ret;
	}
	page_get(page);
	ret = fault_map_file(f, page, true);
	if (mapping)
		page_unlock(page);
	return ret;
}

int fault_file(struct fault *f)
{
	bool shared = f->vma->flags & VMA_SHARED;
	struct page *page;
	int ret;

	ret = fault_get_page(f, &page);
	if (ret)
		return ret;

	if (f->access != FAULT_WRITE) {
		/* Without write-back nothing needs to know of the first write. */
		ret = fault_map_file(f, page, shared && f->vma->ops);
		if (!ret && !f->vma->ops)
			fault_around(f);
		return ret;
	}
	if (shared)
		ret = fault_shared_write(f, page);
	else
		ret = fault_copy(f, page);
	page_put(page);
	return ret;
}
