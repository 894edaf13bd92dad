// SPDX-License-Identifier: MIT
/* Stacks, which grow with what is touched below them. */
#include <linux/resource.h>

#include <lib/errno.h>

#include "fault_internal.h"
#include "mmap.h"
#include "vma.h"

#define STACK_GUARD_GAP (256 * PAGE_SIZE)

/*
 * A stack grows down to addr if its limit allows and a gap to the area below
 * stays.  mm->lock is held for writing.  0, -EFAULT or -ENOMEM.
 */
static int stack_grow_locked(struct mm *mm, uintptr_t addr)
{
	struct vma *vma = mm_find_vma(mm, addr);
	const struct vma *below;
	uint64_t pages;

	if (!vma)
		return -EFAULT;
	if (vma->start <= addr)
		return 0; /* another thread did it */
	if (!(vma->flags & VMA_GROWSDOWN))
		return -EFAULT;
	addr = ALIGN_DOWN(addr, PAGE_SIZE);
	if (vma->end - addr > mm_limit(RLIMIT_STACK))
		return -EFAULT;
	below = RB_PREV(vma_tree, &mm->areas, vma);
	if (addr < PAGE_SIZE ||
	    (below && addr - MIN(addr, STACK_GUARD_GAP) < below->end))
		return -EFAULT;
	pages = (vma->start - addr) >> PAGE_SHIFT;
	if (mm->total_pages + pages > mm_limit(RLIMIT_AS) >> PAGE_SHIFT)
		return -ENOMEM;
	vma_resize(vma, addr, vma->end);
	return 0;
}

int stack_grow(struct mm *mm, uintptr_t addr)
{
	int ret;

	rwsem_write_lock(&mm->lock);
	ret = stack_grow_locked(mm, addr);
	rwsem_write_unlock(&mm->lock);
	return ret;
}
