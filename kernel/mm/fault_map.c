// SPDX-License-Identifier: MIT
/* Page faults: entering a page into the tables. */
#include "fault_internal.h"

#include <lib/errno.h>

#include <arch/hart.h>

#include "pte.h"

int fault_set_pte(struct fault *f, pte_t new, struct page *page)
{
	struct mm *mm = f->mm;
	int ret = 0;
	pte_t *pte;

	spin_lock(&mm->pt_lock);
	pte = pte_lookup(mm->root, f->addr);
	if (unlikely(!pte))
		pte = pgtable_walk(mm->root, f->addr, true);
	if (unlikely(!pte)) {
		ret = -ENOMEM;
	} else if (unlikely(*pte != f->old)) {
		ret = -EAGAIN;
	} else {
		*pte = new;
		if (page && page_has_flag(page, PAGE_ANON))
			f->vma->flags |= VMA_HAS_ANON;
	}
	spin_unlock(&mm->pt_lock);
	if (unlikely(ret))
		return ret;

	if (page && !pte_page(f->old))
		atomic64_add_relaxed(&mm->rss, 1);
	/* Harts may remember that there was nothing, or less. */
	if (f->old & PTE_V)
		tlb_flush_user(mm->root, &mm->harts, f->addr,
			       f->addr + PAGE_SIZE);
	else
		tlb_flush_page_local(f->addr);
	return 0;
}

void page_sync_icache(struct page *page)
{
	if (page_has_flag(page, PAGE_ICACHE_CLEAN))
		return;
	icache_flush_all();
	atomic_fetch_or(&page->flags, PAGE_ICACHE_CLEAN);
}
