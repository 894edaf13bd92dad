// SPDX-License-Identifier: MIT
/* Page faults: private memory of processes, of zeros or copied. */
#include "fault_internal.h"

#include <string.h>

#include <lib/errno.h>

#include <core/panic.h>

#include "fault.h"
#include "pte.h"

static struct page *zero_page;

void fault_init(void)
{
	zero_page = page_alloc(0, ALLOC_ZERO);
	if (!zero_page)
		panic("no memory for the zero page");
}

static struct page *anon_page_alloc(unsigned flags)
{
	struct page *page = page_alloc(0, ALLOC_USER | flags);

	if (page) {
		atomic_store(&page->flags, PAGE_ANON | PAGE_UPTODATE);
		atomic64_add_relaxed(&page_counts.anon, 1);
	}
	return page;
}

/* Map a private page of ours; drops it on failure. */
static int fault_map_anon(struct fault *f, struct page *page)
{
	uint64_t bits = pte_prot_bits(f->vma->prot, true);
	int ret;

	if (f->vma->prot & PROT_EXEC)
		page_sync_icache(page);
	ret = fault_set_pte(f, pte_make(page_to_phys(page), bits), page);
	if (ret)
		page_put(page);
	return ret;
}

/*
 * The zero page saves memory where a program only looks.  With threads the
 * write that mostly follows would have to tell every hart of the replacement.
 */
static bool zero_page_pays(const struct fault *f)
{
	return !(f->vma->prot & PROT_WRITE) ||
	       refcount_read(&f->mm->users) == 1;
}

int fault_anon(struct fault *f)
{
	struct page *page;
	uint64_t bits;

	if (f->access != FAULT_WRITE && zero_page_pays(f)) {
		bits = pte_prot_bits(f->vma->prot, false) | PTE_SPECIAL;
		return fault_set_pte(f, pte_make(page_to_phys(zero_page), bits),
				     NULL);
	}
	page = anon_page_alloc(ALLOC_ZERO);
	return page ? fault_map_anon(f, page) : -ENOMEM;
}

int fault_copy(struct fault *f, struct page *source)
{
	struct page *page = anon_page_alloc(source ? 0 : ALLOC_ZERO);
	struct page *old = pte_page(f->old);
	int ret;

	if (!page)
		return -ENOMEM;
	if (source)
		memcpy(page_to_virt(page), page_to_virt(source), PAGE_SIZE);
	ret = fault_map_anon(f, page);
	if (ret || !old)
		return ret;
	/* The entry's reference on the page that it replaced. */
	if (!page_has_flag(old, PAGE_ANON))
		atomic_add_relaxed(&old->mapcount, -1);
	page_put(old);
	return 0;
}
