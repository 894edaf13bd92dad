// SPDX-License-Identifier: MIT
/*
 * mremap(2): areas that grow, shrink and move.
 *
 * A move makes a second area of the same kind, carries the entries over and
 * unmaps the first.  No page is copied and none can be missed by truncation
 * meanwhile, as the file's list of areas is locked over the move.
 */
#include <mm/remap.h>

#include <linux/mman.h>

#include <lib/errno.h>

#include <mm/page.h>
#include <mm/pagecache.h>

#include "mmap.h"
#include "pte.h"
#include "vma.h"
#include "zap.h"

/* Tables for the target, so that nothing can fail once pages move. */
static int make_tables(struct mm *mm, uintptr_t from, uintptr_t to, size_t len)
{
	int ret = 0;

	mm->unpruned++; /* should the move fail after all */
	spin_lock(&mm->pt_lock);
	for (uintptr_t offset = 0; offset < len && !ret; offset += PAGE_SIZE) {
		uintptr_t addr = from + offset;

		if (!pte_next_table(mm->root, &addr, from + len))
			break;
		offset = addr - from;
		if (!pgtable_walk(mm->root, to + offset, true))
			ret = -ENOMEM;
	}
	spin_unlock(&mm->pt_lock);
	return ret;
}

static void move_entries(struct mm *mm, uintptr_t from, uintptr_t to,
			 size_t len)
{
	uintptr_t addr = from;
	pte_t *pte;

	spin_lock(&mm->pt_lock);
	while ((pte = pte_next_table(mm->root, &addr, from + len))) {
		uintptr_t end = pte_table_end(addr, from + len);

		for (; addr < end; addr += PAGE_SIZE, pte++) {
			if (!*pte)
				continue;
			*pte_lookup(mm->root, to + (addr - from)) = *pte;
			*pte = 0;
		}
	}
	spin_unlock(&mm->pt_lock);
	tlb_flush_user(mm->root, &mm->harts, from, from + len);
}

/* Show vma's first pages, new_len bytes of them, at the free place to. */
static int copy_area(struct vma *vma, uintptr_t to, size_t new_len,
		     struct vma **result)
{
	struct vma *copy = vma_create(vma->mm, vma);

	if (!copy)
		return -ENOMEM;
	copy->start = to;
	copy->end = to + new_len;
	vma_insert(copy);
	*result = copy;
	return 0;
}

/* Move the area [from, from + len), which stands alone.  0 or -ENOMEM. */
static int move_area(struct vma *vma, uintptr_t to, size_t new_len)
{
	struct mm *mm = vma->mm;
	uintptr_t from = vma->start;
	size_t len = vma->end - vma->start;
	struct mapping *mapping = vma->mapping;
	struct vma *copy;
	int ret;

	ret = make_tables(mm, from, to, MIN(len, new_len));
	if (!ret)
		ret = copy_area(vma, to, new_len, &copy);
	if (ret)
		return ret;
	if (mapping)
		mutex_lock(&mapping->vmas_lock);
	move_entries(mm, from, to, MIN(len, new_len));
	if (mapping)
		mutex_unlock(&mapping->vmas_lock);
	(void)mm_unmap_locked(mm, from, len);
	vma_merge(copy);
	return 0;
}

/* Grow in place if there is room.  0 or -ENOMEM. */
static int grow_area(struct vma *vma, size_t more)
{
	if (!mm_range_is_valid(vma->start, vma->end - vma->start + more) ||
	    !vma_range_is_free(vma->mm, vma->end, vma->end + more))
		return -ENOMEM;
	vma_resize(vma, vma->start, vma->end + more);
	vma_merge(vma);
	return 0;
}

/* The area holding all of [addr, addr + len), or NULL. */
static struct vma *whole_area(struct mm *mm, uintptr_t addr, size_t len)
{
	struct vma *vma = mm_find_vma(mm, addr);

	if (!vma || vma->start > addr || vma->end - addr < len)
		return NULL;
	return vma;
}

static long remap_locked(struct mm *mm, uintptr_t addr, size_t len,
			 size_t new_len, unsigned flags, uintptr_t to)
{
	struct vma *vma = whole_area(mm, addr, len);
	int ret;

	if (!vma)
		return -EFAULT;
	if (vma->flags & VMA_NOCHANGE)
		return -EINVAL;
	if (!len)
		return -EINVAL;
	if (new_len > len) {
		ret = mm_check_limits(mm, new_len - len, vma->prot, vma->flags);
		if (ret)
			return ret;
	}
	if (!(flags & MREMAP_FIXED) && new_len <= len) {
		ret = new_len < len ? mm_unmap_locked(mm, addr + new_len,
						      len - new_len)
				    : 0;
		return ret ? ret : (long)addr;
	}
	if (!(flags & MREMAP_FIXED) && vma->end == addr + len &&
	    !grow_area(vma, new_len - len))
		return (long)addr;
	if (!(flags & MREMAP_MAYMOVE))
		return -ENOMEM;

	if (flags & MREMAP_FIXED)
		ret = mm_unmap_locked(mm, to, new_len);
	else
		ret = (to = mm_choose_address(mm, 0, new_len)) ? 0 : -ENOMEM;
	if (!ret)
		ret = vma_split_range(mm, addr, addr + len);
	if (!ret)
		ret = move_area(mm_find_vma(mm, addr), to, new_len);
	return ret ? ret : (long)to;
}

long mm_remap(struct mm *mm, uintptr_t addr, size_t len, size_t new_len,
	      unsigned flags, uintptr_t to)
{
	long ret;

	if (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) ||
	    (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE)))
		return -EINVAL;
	if (!new_len || len > USER_TOP || new_len > USER_TOP)
		return -EINVAL;
	len = ALIGN_UP(len, PAGE_SIZE);
	new_len = ALIGN_UP(new_len, PAGE_SIZE);
	if (!mm_range_is_valid(addr, len))
		return -EINVAL;
	if (flags & MREMAP_FIXED && (!mm_range_is_valid(to, new_len) ||
				     (to < addr + len && addr < to + new_len)))
		return -EINVAL;

	rwsem_write_lock(&mm->lock);
	ret = remap_locked(mm, addr, len, new_len, flags, to);
	rwsem_write_unlock(&mm->lock);
	return ret;
}
