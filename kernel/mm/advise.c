// SPDX-License-Identifier: MIT
/*
 * What programs tell and ask about their pages: madvise(2), msync(2),
 * mincore(2).
 */
#include <mm/advise.h>

#include <string.h>

#include <linux/mman.h>

#include <lib/errno.h>

#include <mm/page.h>
#include <mm/pagecache.h>
#include <mm/protect.h>

#include "pte.h"
#include "readahead.h"
#include "vma.h"
#include "zap.h"

/* The file page shown at addr. */
static uint64_t vma_index(const struct vma *vma, uintptr_t addr)
{
	return vma->pgoff + ((addr - vma->start) >> PAGE_SHIFT);
}

static int advise_dontneed(struct vma *vma, uintptr_t start, uintptr_t end)
{
	if (vma->flags & (VMA_LOCKED | VMA_IO | VMA_NOCHANGE))
		return -EINVAL;
	zap_range(vma, start, end);
	return 0;
}

/* Free at leisure; we do it at once. */
static int advise_free(struct vma *vma, uintptr_t start, uintptr_t end)
{
	if (vma->file || vma->ops || vma->flags & VMA_SHARED)
		return -EINVAL;
	return advise_dontneed(vma, start, end);
}

static int advise_willneed(struct vma *vma, uintptr_t start, uintptr_t end)
{
	struct mapping *mapping = vma->mapping;

	if (mapping)
		readahead_start(mapping, vma_index(vma, start),
				(unsigned)((end - start) >> PAGE_SHIFT));
	return 0;
}

/* Call fn for the part of [start, end) in each area; holes give -ENOMEM. */
static int for_each_part(struct mm *mm, uintptr_t start, uintptr_t end,
			 int (*fn)(struct vma *vma, uintptr_t start,
				   uintptr_t end))
{
	struct vma *vma;
	int ret = 0;

	rwsem_read_lock(&mm->lock);
	if (!vma_range_is_full(mm, start, end))
		ret = -ENOMEM;
	for (vma = mm_find_vma(mm, start); vma && vma->start < end;
	     vma = RB_NEXT(vma_tree, &mm->areas, vma)) {
		int error = fn(vma, MAX(start, vma->start), MIN(end, vma->end));

		if (error) {
			ret = error;
			break;
		}
	}
	rwsem_read_unlock(&mm->lock);
	return ret;
}

int mm_advise(struct mm *mm, uintptr_t start, uintptr_t end, int advice)
{
	if (start == end)
		return 0;
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
		return for_each_part(mm, start, end, advise_dontneed);
	case MADV_FREE:
		return for_each_part(mm, start, end, advise_free);
	case MADV_WILLNEED:
		return for_each_part(mm, start, end, advise_willneed);
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		mm_populate(mm, start, end);
		return 0;
	case MADV_DONTFORK:
	case MADV_DOFORK:
		return mm_change_flags(mm, start, end, VMA_DONTFORK,
				       advice == MADV_DONTFORK);
	case MADV_WIPEONFORK:
	case MADV_KEEPONFORK:
		return mm_change_flags(mm, start, end, VMA_WIPEONFORK,
				       advice == MADV_WIPEONFORK);
	case MADV_NORMAL:
	case MADV_RANDOM:
	case MADV_SEQUENTIAL:
	case MADV_MERGEABLE:
	case MADV_UNMERGEABLE:
	case MADV_HUGEPAGE:
	case MADV_NOHUGEPAGE:
	case MADV_DONTDUMP:
	case MADV_DODUMP:
	case MADV_COLD:
	case MADV_PAGEOUT:
		return 0; /* hints that change nothing here */
	default:
		return -EINVAL;
	}
}

static int sync_part(struct vma *vma, uintptr_t start, uintptr_t end)
{
	off_t from = (off_t)(vma_index(vma, start) << PAGE_SHIFT);

	if (!(vma->flags & VMA_SHARED) || !vma->mapping)
		return 0;
	return mm_files->sync(vma->file, from, from + (off_t)(end - start) - 1);
}

static int check_unlocked(struct vma *vma, uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
	return vma->flags & VMA_LOCKED ? -EBUSY : 0;
}

static int check_nothing(struct vma *vma, uintptr_t start, uintptr_t end)
{
	(void)vma;
	(void)start;
	(void)end;
	return 0;
}

/*
 * fsync takes inode locks, which come before mm->lock: the file is held and
 * written with the lock dropped, one area after the other.
 */
static int sync_next(struct mm *mm, uintptr_t *start, uintptr_t end)
{
	struct vma part;
	const struct vma *vma;
	int ret;

	rwsem_read_lock(&mm->lock);
	vma = mm_find_vma(mm, *start);
	if (!vma || vma->start >= end) {
		rwsem_read_unlock(&mm->lock);
		*start = end;
		return 0;
	}
	part = *vma;
	if (part.file)
		mm_files->get(part.file);
	rwsem_read_unlock(&mm->lock);

	ret = sync_part(&part, MAX(*start, part.start), MIN(end, part.end));
	*start = part.end;
	if (part.file)
		mm_files->put(part.file);
	return ret;
}

int mm_sync(struct mm *mm, uintptr_t start, uintptr_t end, unsigned flags)
{
	int ret;

	if (start == end)
		return 0;
	ret = for_each_part(mm, start, end,
			    flags & MS_INVALIDATE ? check_unlocked
						  : check_nothing);
	if (ret && ret != -ENOMEM)
		return ret;
	while (flags & MS_SYNC && start < end) {
		int error = sync_next(mm, &start, end);

		if (error)
			return error;
	}
	return ret;
}

static bool page_is_present(struct vma *vma, uintptr_t addr)
{
	struct mapping *mapping = vma->mapping;
	struct page *page;
	pte_t *pte;
	bool present;

	spin_lock(&vma->mm->pt_lock);
	pte = pte_lookup(vma->mm->root, addr);
	present = pte && *pte;
	spin_unlock(&vma->mm->pt_lock);
	if (present || !mapping)
		return present;
	page = pagecache_find(mapping, vma_index(vma, addr));
	if (!page)
		return false;
	present = page_has_flag(page, PAGE_UPTODATE);
	page_put(page);
	return present;
}

int mm_pages_present(struct mm *mm, uintptr_t addr, size_t nr,
		     unsigned char *present)
{
	int ret = 0;

	rwsem_read_lock(&mm->lock);
	for (size_t i = 0; i < nr; i++, addr += PAGE_SIZE) {
		struct vma *vma = mm_find_vma(mm, addr);

		if (!vma || vma->start > addr) {
			ret = -ENOMEM;
			break;
		}
		present[i] = page_is_present(vma, addr);
	}
	rwsem_read_unlock(&mm->lock);
	return ret;
}
