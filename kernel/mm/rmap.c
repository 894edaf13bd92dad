// SPDX-License-Identifier: MIT
/*
 * From a file's pages back to the entries that map them.
 *
 * A mapping lists the areas that show it; where a page lies in each follows
 * from its index.  Private copies that processes made of file pages are their
 * own and stay, except that truncation removes nothing of them either (as
 * POSIX leaves open; Linux removes them).
 *
 * mapping->vmas_lock keeps the areas and their address spaces in place.
 */
#include "rmap.h"

#include <mm/pagecache.h>

#include "pte.h"
#include "vma.h"
#include "zap.h"

/* The part of vma that shows pages [first, last]: false if none. */
static bool vma_clip(const struct vma *vma, uint64_t first, uint64_t last,
		     uintptr_t *start, uintptr_t *end)
{
	uint64_t vma_last = vma->pgoff + vma_nr_pages(vma) - 1;

	if (first > vma_last || last < vma->pgoff)
		return false;
	first = MAX(first, vma->pgoff);
	last = MIN(last, vma_last);
	*start = vma->start + ((first - vma->pgoff) << PAGE_SHIFT);
	*end = vma->start + ((last + 1 - vma->pgoff) << PAGE_SHIFT);
	return true;
}

void mapping_unmap_range(struct mapping *mapping, uint64_t first, uint64_t last)
{
	uintptr_t start, end;
	struct vma *vma;

	if (TAILQ_EMPTY(&mapping->vmas))
		return;
	mutex_lock(&mapping->vmas_lock);
	TAILQ_FOREACH (vma, &mapping->vmas, mapping_link) {
		if (vma_clip(vma, first, last, &start, &end))
			zap_file_range(vma, start, end);
	}
	mutex_unlock(&mapping->vmas_lock);
}

void mapping_unmap_unlocked(struct mapping *mapping, uint64_t index)
{
	uintptr_t start, end;
	struct vma *vma;

	mutex_lock(&mapping->vmas_lock);
	TAILQ_FOREACH (vma, &mapping->vmas, mapping_link) {
		if (!(vma->flags & VMA_LOCKED) &&
		    vma_clip(vma, index, index, &start, &end))
			zap_file_range(vma, start, end);
	}
	mutex_unlock(&mapping->vmas_lock);
}

/* Make one entry read-only; true if it was not. */
static bool pte_write_protect(struct mm *mm, uintptr_t addr)
{
	bool changed = false;
	pte_t *pte;

	spin_lock(&mm->pt_lock);
	pte = pte_lookup(mm->root, addr);
	if (pte && *pte & PTE_W) {
		*pte &= ~(PTE_W | PTE_D);
		changed = true;
	}
	spin_unlock(&mm->pt_lock);
	if (changed)
		tlb_flush_user(mm->root, &mm->harts, addr, addr + PAGE_SIZE);
	return changed;
}

bool mapping_write_protect(struct mapping *mapping, uint64_t index)
{
	bool changed = false;
	uintptr_t start, end;
	struct vma *vma;

	if (TAILQ_EMPTY(&mapping->vmas))
		return false;
	mutex_lock(&mapping->vmas_lock);
	TAILQ_FOREACH (vma, &mapping->vmas, mapping_link) {
		if (vma->flags & VMA_SHARED &&
		    vma_clip(vma, index, index, &start, &end))
			changed |= pte_write_protect(vma->mm, start);
	}
	mutex_unlock(&mapping->vmas_lock);
	return changed;
}
