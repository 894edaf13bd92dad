// SPDX-License-Identifier: MIT
/*
 * Changing what areas allow: mprotect(2), mlock(2), and the flags of
 * madvise(2).
 *
 * Entries get their new bits at once, with one flush at the end; write
 * permission only where no fault is needed first, which is for private pages
 * that nobody shares.
 */
#include <mm/protect.h>

#include <lib/errno.h>

#include <mm/page.h>

#include "mmap.h"
#include "pte.h"
#include "vma.h"

static bool page_is_sole_private(const struct page *page)
{
	return page && page_has_flag(page, PAGE_ANON) &&
	       refcount_read(&page->refs) == 1;
}

static void protect_table(struct vma *vma, pte_t *pte, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		pte_t old = pte[i];
		bool writable;

		if (!old)
			continue;
		writable = old & PTE_W || page_is_sole_private(pte_page(old));
		pte[i] = pte_make(pte_paddr(old),
				  pte_prot_bits(vma->prot, writable) |
					  (old & PTE_SPECIAL));
	}
}

static void protect_pages(struct vma *vma)
{
	struct mm *mm = vma->mm;
	uintptr_t addr = vma->start;
	pte_t *pte;

	spin_lock(&mm->pt_lock);
	while ((pte = pte_next_table(mm->root, &addr, vma->end))) {
		uintptr_t end = pte_table_end(addr, vma->end);

		protect_table(vma, pte, (end - addr) >> PAGE_SHIFT);
		addr = end;
	}
	spin_unlock(&mm->pt_lock);
}

/* May all of [start, end) get that protection?  0, -ENOMEM or -EACCES. */
static int protect_check(struct mm *mm, uintptr_t start, uintptr_t end,
			 unsigned prot)
{
	struct vma *vma;

	if (!vma_range_is_full(mm, start, end))
		return -ENOMEM;
	for (vma = mm_find_vma(mm, start); vma && vma->start < end;
	     vma = RB_NEXT(vma_tree, &mm->areas, vma)) {
		if (prot & PROT_WRITE && !(vma->flags & VMA_MAYWRITE))
			return -EACCES;
		if (vma->flags & VMA_NOCHANGE)
			return -EACCES;
	}
	return 0;
}

/*
 * Cut [start, end) out of its neighbours, call change for each area, and join
 * what became alike.  0 or -ENOMEM.  mm->lock held for writing.
 */
static int change_areas(struct mm *mm, uintptr_t start, uintptr_t end,
			void (*change)(struct vma *vma, unsigned value),
			unsigned value)
{
	struct vma *vma;
	int ret;

	ret = vma_split_range(mm, start, end);
	if (ret)
		return ret;
	for (vma = mm_find_vma(mm, start); vma && vma->start < end;
	     vma = RB_NEXT(vma_tree, &mm->areas, vma)) {
		change(vma, value);
		vma = vma_merge(vma);
	}
	return 0;
}

static void change_prot(struct vma *vma, unsigned prot)
{
	if (vma->prot == prot)
		return;
	vma_set_prot(vma, prot);
	protect_pages(vma);
}

static int protect_locked(struct mm *mm, uintptr_t start, uintptr_t end,
			  unsigned prot)
{
	int ret = protect_check(mm, start, end, prot);

	/* Pages that are there become executable without a fault. */
	if (!ret && prot & PROT_EXEC)
		icache_flush_all();
	if (!ret)
		ret = change_areas(mm, start, end, change_prot, prot);
	if (!ret)
		tlb_flush_user(mm->root, &mm->harts, start, end);
	return ret;
}

int mm_protect(struct mm *mm, uintptr_t addr, size_t len, unsigned prot)
{
	int ret;

	if (!IS_ALIGNED(addr, PAGE_SIZE))
		return -EINVAL;
	if (!len)
		return 0;
	if (len > USER_TOP ||
	    !mm_range_is_valid(addr, ALIGN_UP(len, PAGE_SIZE)))
		return -ENOMEM;
	rwsem_write_lock(&mm->lock);
	ret = protect_locked(mm, addr, addr + ALIGN_UP(len, PAGE_SIZE), prot);
	rwsem_write_unlock(&mm->lock);
	return ret;
}

static void change_set_flags(struct vma *vma, unsigned flags)
{
	vma_set_flags(vma, vma->flags | flags);
}

static void change_clear_flags(struct vma *vma, unsigned flags)
{
	vma_set_flags(vma, vma->flags & ~flags);
}

int mm_change_flags(struct mm *mm, uintptr_t start, uintptr_t end,
		    unsigned flags, bool set)
{
	int ret = -ENOMEM;

	rwsem_write_lock(&mm->lock);
	if (vma_range_is_full(mm, start, end))
		ret = change_areas(mm, start, end,
				   set ? change_set_flags : change_clear_flags,
				   flags);
	rwsem_write_unlock(&mm->lock);
	return ret;
}

int mm_lock_range(struct mm *mm, uintptr_t start, uintptr_t end,
		  uint64_t max_pages)
{
	uint64_t pages = (end - start) >> PAGE_SHIFT;
	int ret = -ENOMEM;

	rwsem_write_lock(&mm->lock);
	if (pages <= max_pages && mm->locked_pages <= max_pages - pages &&
	    vma_range_is_full(mm, start, end))
		ret = change_areas(mm, start, end, change_set_flags,
				   VMA_LOCKED);
	rwsem_write_unlock(&mm->lock);
	return ret;
}

int mm_lock_all(struct mm *mm, bool now, bool later, uint64_t max_pages)
{
	struct vma *vma;
	int ret = -ENOMEM;

	rwsem_write_lock(&mm->lock);
	if (!now || mm->total_pages <= max_pages) {
		mm->map_flags = later ? VMA_LOCKED : 0;
		if (now)
			RB_FOREACH (vma, vma_tree, &mm->areas)
				change_set_flags(vma, VMA_LOCKED);
		ret = 0;
	}
	rwsem_write_unlock(&mm->lock);
	return ret;
}

void mm_unlock_all(struct mm *mm)
{
	struct vma *vma;

	rwsem_write_lock(&mm->lock);
	mm->map_flags = 0;
	RB_FOREACH (vma, vma_tree, &mm->areas)
		change_clear_flags(vma, VMA_LOCKED);
	rwsem_write_unlock(&mm->lock);
}
