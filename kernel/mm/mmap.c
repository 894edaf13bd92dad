// SPDX-License-Identifier: MIT
/*
 * Making and removing areas: mmap(2), munmap(2), brk(2), and what exec needs.
 *
 * All checks come before the first change.  Limits are those of the current
 * process (getrlimit(2)); memory is promised freely, except to requests that
 * could not be met by an empty machine.
 */
#include <string.h>

#include <linux/mman.h>
#include <linux/resource.h>

#include <lib/errno.h>

#include <core/thread.h>
#include <core/time.h>
#include <mm/advise.h>
#include <mm/mm.h>
#include <mm/page.h>
#include <mm/shmem.h>

#include "fault.h"
#include "mmap.h"
#include "pte.h"
#include "vma.h"
#include "zap.h"

#define MMAP_MIN_ADDR 0x10000ul /* so that NULL and its neighbours fault */
#define AREAS_MAX     65530     /* as vm.max_map_count */
#define UNPRUNED_MAX  64        /* page tables */

uint64_t (*mm_limit)(unsigned resource);

void mm_register_limits(uint64_t (*limit)(unsigned resource))
{
	mm_limit = limit;
}

static uint64_t total_ram_pages(void)
{
	struct mem_stats stats;

	mem_stats_get(&stats);
	return stats.total;
}

int mm_check_limits(struct mm *mm, size_t len, unsigned prot, unsigned flags)
{
	uint64_t pages = len >> PAGE_SHIFT;
	bool data = prot & PROT_WRITE && !(flags & VMA_SHARED);

	if (mm->nr_areas >= AREAS_MAX)
		return -ENOMEM;
	if (mm->total_pages + pages > mm_limit(RLIMIT_AS) >> PAGE_SHIFT)
		return -ENOMEM;
	if (data &&
	    mm->data_pages + pages > mm_limit(RLIMIT_DATA) >> PAGE_SHIFT)
		return -ENOMEM;
	if (flags & VMA_LOCKED &&
	    mm->locked_pages + pages > mm_limit(RLIMIT_MEMLOCK) >> PAGE_SHIFT)
		return -EAGAIN;
	return 0;
}

/* More than there could ever be: better said now than by a kill later. */
static bool request_is_hopeless(size_t len, unsigned prot, unsigned map_flags)
{
	if (map_flags & MAP_NORESERVE || !(prot & PROT_WRITE))
		return false;
	return len >> PAGE_SHIFT > total_ram_pages();
}

bool mm_range_is_valid(uintptr_t addr, size_t len)
{
	return IS_ALIGNED(addr, PAGE_SIZE) && len <= USER_TOP &&
	       addr <= USER_TOP - len;
}

uintptr_t mm_choose_address(struct mm *mm, uintptr_t wish, size_t len)
{
	uintptr_t end;

	wish = ALIGN_DOWN(wish, PAGE_SIZE);
	if (wish >= MMAP_MIN_ADDR && mm_range_is_valid(wish, len) &&
	    vma_range_is_free(mm, wish, wish + len))
		return wish;
	end = vma_find_hole(mm, len, MMAP_MIN_ADDR, mm->mmap_top);
	if (!end)
		end = vma_find_hole(mm, len, MMAP_MIN_ADDR, USER_TOP);
	return end ? end - len : 0;
}

/*
 * Empty page tables are looked for now and then only: the next area often
 * needs the same ones.  At most UNPRUNED_MAX of them can be idle.
 */
static void note_unmapped(struct mm *mm, size_t len)
{
	mm->unpruned += 1 + (unsigned)(len / PTE_TABLE_SPAN);
	if (mm->unpruned >= UNPRUNED_MAX)
		zap_tables(mm);
}

/* Remove [start, end): nothing crosses its borders any more. */
static void unmap_whole_areas(struct mm *mm, uintptr_t start, uintptr_t end)
{
	struct vma *vma = mm_find_vma(mm, start);

	while (vma && vma->start < end) {
		struct vma *next = RB_NEXT(vma_tree, &mm->areas, vma);

		zap_range(vma, vma->start, vma->end);
		vma_remove(vma);
		vma_destroy(vma);
		vma = next;
	}
	note_unmapped(mm, end - start);
}

int mm_unmap_locked(struct mm *mm, uintptr_t addr, size_t len)
{
	int ret;

	if (vma_range_is_free(mm, addr, addr + len))
		return 0;
	if (mm->nr_areas >= AREAS_MAX)
		return -ENOMEM;
	ret = vma_split_range(mm, addr, addr + len);
	if (ret)
		return ret;
	unmap_whole_areas(mm, addr, addr + len);
	return 0;
}

int mm_unmap(struct mm *mm, uintptr_t addr, size_t len)
{
	int ret;

	if (!len || len > USER_TOP)
		return -EINVAL;
	len = ALIGN_UP(len, PAGE_SIZE);
	if (!mm_range_is_valid(addr, len))
		return -EINVAL;
	rwsem_write_lock(&mm->lock);
	ret = mm_unmap_locked(mm, addr, len);
	rwsem_write_unlock(&mm->lock);
	return ret;
}

static int check_type(unsigned flags)
{
	const unsigned validated = MAP_SHARED_VALIDATE | MAP_FIXED |
				   MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_LOCKED |
				   MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK |
				   MAP_STACK | MAP_FIXED_NOREPLACE |
				   MAP_DENYWRITE | MAP_EXECUTABLE;

	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
	case MAP_PRIVATE:
		return 0;
	case MAP_SHARED_VALIDATE:
		return flags & ~validated ? -EOPNOTSUPP : 0;
	default:
		return -EINVAL;
	}
}

static unsigned area_flags(const struct mm *mm, const struct file *file,
			   unsigned flags)
{
	unsigned result = VMA_MAYWRITE | mm->map_flags;

	if ((flags & MAP_TYPE) != MAP_PRIVATE) {
		result |= VMA_SHARED;
		if (file && !mm_files->may_write(file))
			result &= ~(unsigned)VMA_MAYWRITE;
	}
	if (flags & MAP_GROWSDOWN)
		result |= VMA_GROWSDOWN;
	if (flags & MAP_LOCKED)
		result |= VMA_LOCKED;
	return result;
}

/* Where the area will be, after making room if the caller insists. */
static int place_area(struct mm *mm, struct vma *like, uintptr_t addr,
		      size_t len, unsigned flags)
{
	int ret;

	if (!(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))) {
		addr = mm_choose_address(mm, addr, len);
		if (!addr)
			return -ENOMEM;
	} else {
		if (!mm_range_is_valid(addr, len))
			return IS_ALIGNED(addr, PAGE_SIZE) ? -ENOMEM : -EINVAL;
		if (addr < MMAP_MIN_ADDR)
			return -EPERM;
		if (flags & MAP_FIXED_NOREPLACE &&
		    !vma_range_is_free(mm, addr, addr + len))
			return -EEXIST;
		ret = mm_unmap_locked(mm, addr, len);
		if (ret)
			return ret;
	}
	like->start = addr;
	like->end = addr + len;
	return 0;
}

/* An anonymous area may simply be the continuation of the one below. */
static struct vma *extend_below(struct mm *mm, const struct vma *like)
{
	struct vma *below;

	if (like->file || like->ops || like->flags & VMA_GROWSDOWN)
		return NULL;
	below = like->start ? mm_find_vma(mm, like->start - 1) : NULL;
	if (!below || below->end != like->start || below->file || below->ops ||
	    below->prot != like->prot ||
	    (below->flags & ~(unsigned)VMA_HAS_ANON) != like->flags)
		return NULL;
	vma_resize(below, below->start, like->end);
	return below;
}

static int insert_area(struct mm *mm, const struct vma *like)
{
	struct vma *vma = extend_below(mm, like);
	int ret;

	if (!vma) {
		vma = vma_create(mm, like);
		if (!vma)
			return -ENOMEM;
		if (vma->file) {
			ret = mm_files->map(vma->file, vma);
			if (ret) {
				vma_destroy(vma);
				return ret;
			}
		}
		vma_insert(vma);
	}
	vma_merge(vma);
	return 0;
}

static int map_locked(struct mm *mm, uintptr_t addr, size_t len, unsigned prot,
		      unsigned flags, struct file *file, uint64_t pgoff,
		      uintptr_t *start)
{
	struct vma like = {
		.prot = prot,
		.flags = area_flags(mm, file, flags),
		.file = file,
		.pgoff = pgoff,
	};
	int ret;

	ret = mm_check_limits(mm, len, prot, like.flags);
	if (ret)
		return ret;
	ret = place_area(mm, &like, addr, len, flags);
	if (ret)
		return ret;
	*start = like.start;
	if (file || !(like.flags & VMA_SHARED))
		return insert_area(mm, &like);

	like.ops = &shmem_vma_ops;
	like.private = shmem_create();
	if (!like.private)
		return -ENOMEM;
	ret = insert_area(mm, &like);
	/* The area has its own reference. */
	shmem_put(like.private);
	return ret;
}

void mm_populate(struct mm *mm, uintptr_t start, uintptr_t end)
{
	for (uintptr_t addr = start; addr < end; addr += PAGE_SIZE) {
		struct vma *vma;
		int ret = -EFAULT;

		rwsem_read_lock(&mm->lock);
		vma = mm_find_vma(mm, addr);
		if (vma && vma->start <= addr)
			ret = fault_handle(
				vma, addr,
				vma->prot & PROT_WRITE &&
						!(vma->flags & VMA_SHARED)
					? FAULT_WRITE
					: FAULT_READ);
		rwsem_read_unlock(&mm->lock);
		if (ret)
			return;
		thread_resched_point();
	}
}

long mm_map(struct mm *mm, uintptr_t addr, size_t len, unsigned prot,
	    unsigned flags, struct file *file, uint64_t offset)
{
	uintptr_t start = 0;
	int ret;

	if (!len || !IS_ALIGNED(offset, PAGE_SIZE))
		return -EINVAL;
	if (len > USER_TOP)
		return -ENOMEM;
	len = ALIGN_UP(len, PAGE_SIZE);
	if (offset + len < offset)
		return -EOVERFLOW;
	prot &= PROT_READ | PROT_WRITE | PROT_EXEC;
	ret = check_type(flags);
	if (!ret && file)
		ret = mm_files->check_map(file, prot,
					  (flags & MAP_TYPE) != MAP_PRIVATE);
	if (ret)
		return ret;
	if (!file && request_is_hopeless(len, prot, flags))
		return -ENOMEM;

	rwsem_write_lock(&mm->lock);
	ret = map_locked(mm, addr, len, prot, flags, file,
			 file ? offset >> PAGE_SHIFT : 0, &start);
	rwsem_write_unlock(&mm->lock);
	if (ret)
		return ret;
	if (flags & (MAP_POPULATE | MAP_LOCKED) || mm->map_flags & VMA_LOCKED)
		mm_populate(mm, start, start + len);
	return (long)start;
}

/* Grow or shrink the heap to [brk_start, brk).  Lock held. */
static int brk_locked(struct mm *mm, uintptr_t brk)
{
	uintptr_t old_end = ALIGN_UP(mm->brk, PAGE_SIZE);
	uintptr_t end = ALIGN_UP(brk, PAGE_SIZE);
	struct vma like = {
		.start = old_end,
		.end = end,
		.prot = PROT_READ | PROT_WRITE,
		.flags = VMA_MAYWRITE | VMA_HEAP | mm->map_flags,
	};
	int ret;

	if (end < old_end)
		return mm_unmap_locked(mm, end, old_end - end);
	if (end == old_end)
		return 0;
	if (request_is_hopeless(end - old_end, PROT_WRITE, 0) ||
	    brk - mm->brk_start > mm_limit(RLIMIT_DATA))
		return -ENOMEM;
	ret = mm_check_limits(mm, end - old_end, like.prot, like.flags);
	if (ret)
		return ret;
	if (!vma_range_is_free(mm, old_end, end + PAGE_SIZE))
		return -ENOMEM;
	return insert_area(mm, &like);
}

long mm_brk(struct mm *mm, uintptr_t brk)
{
	uintptr_t old;

	rwsem_write_lock(&mm->lock);
	old = mm->brk;
	if (brk >= mm->brk_start && brk < USER_TOP - PAGE_SIZE &&
	    brk_locked(mm, brk) == 0)
		mm->brk = brk;
	brk = mm->brk;
	rwsem_write_unlock(&mm->lock);
	if (brk > old && mm->map_flags & VMA_LOCKED)
		mm_populate(mm, ALIGN_UP(old, PAGE_SIZE), brk);
	return (long)brk;
}

static int map_fresh(struct mm *mm, const struct vma *like)
{
	int ret = -EEXIST;

	rwsem_write_lock(&mm->lock);
	if (vma_range_is_free(mm, like->start, like->end))
		ret = insert_area(mm, like);
	rwsem_write_unlock(&mm->lock);
	return ret;
}

int mm_map_special(struct mm *mm, uintptr_t addr, size_t len, unsigned prot,
		   unsigned vma_flags, const struct vma_ops *ops, void *private)
{
	struct vma like = {
		.start = addr,
		.end = addr + ALIGN_UP(len, PAGE_SIZE),
		.prot = prot,
		.flags = vma_flags,
		.ops = ops,
		.private = private,
	};

	if (!len || len > USER_TOP ||
	    !mm_range_is_valid(addr, ALIGN_UP(len, PAGE_SIZE)))
		return -EINVAL;
	return map_fresh(mm, &like);
}

int mm_map_stack(struct mm *mm, uintptr_t top, size_t initial, bool executable)
{
	struct vma like = {
		.start = ALIGN_DOWN(top - initial, PAGE_SIZE),
		.end = top,
		.prot = PROT_READ | PROT_WRITE,
		.flags = VMA_GROWSDOWN | VMA_STACK | VMA_MAYWRITE,
	};

	if (executable)
		like.prot |= PROT_EXEC;
	if (initial > top || !IS_ALIGNED(top, PAGE_SIZE) || top > USER_TOP)
		return -EINVAL;
	mm->stack_top = top;
	return map_fresh(mm, &like);
}
