// SPDX-License-Identifier: MIT
/*
 * The tree of areas.
 *
 * Areas are in a red-black tree ordered by address.  Each knows the hole below
 * it (gap) and the largest such hole in its subtree (max_gap), so that a place
 * for a new area is found without a walk over the others.  max_gap is kept
 * right by RB_AUGMENT, which <sys/tree.h> calls from a changed node upwards.
 */
#include "vma.h"

#include <linux/mman.h>

#include <lib/errno.h>

#include <mm/pagecache.h>

const struct mm_file_ops *mm_files;

static struct slab_cache *vma_cache;

void mm_register_files(const struct mm_file_ops *ops)
{
	mm_files = ops;
}

static int vma_compare(const struct vma *a, const struct vma *b)
{
	return a->start < b->start ? -1 : a->start > b->start;
}

static void vma_augment(struct vma *vma)
{
	const struct vma *left = RB_LEFT(vma, link);
	const struct vma *right = RB_RIGHT(vma, link);
	uintptr_t max = vma->gap;

	if (left && left->max_gap > max)
		max = left->max_gap;
	if (right && right->max_gap > max)
		max = right->max_gap;
	vma->max_gap = max;
}

#undef RB_AUGMENT
#define RB_AUGMENT(x) vma_augment(x)
RB_GENERATE(vma_tree, vma, link, vma_compare);

void vma_init(void)
{
	vma_cache = slab_cache_create("vma", sizeof(struct vma), 8, NULL);
}

struct vma *vma_create(struct mm *mm, const struct vma *like)
{
	struct vma *vma = slab_alloc(vma_cache);

	if (!vma)
		return NULL;
	*vma = *like;
	vma->mm = mm;
	if (vma->file)
		mm_files->get(vma->file);
	if (vma->ops && vma->ops->open)
		vma->ops->open(vma);
	return vma;
}

void vma_destroy(struct vma *vma)
{
	if (vma->ops && vma->ops->close)
		vma->ops->close(vma);
	if (vma->file)
		mm_files->put(vma->file);
	slab_free(vma_cache, vma);
}

/* The gap below vma changed (NULL: there is none above the change). */
static void gap_update(struct vma *vma)
{
	const struct vma *below;

	if (!vma)
		return;
	below = RB_PREV(vma_tree, &vma->mm->areas, vma);
	vma->gap = vma->start - (below ? below->end : 0);
	for (; vma; vma = RB_PARENT(vma, link))
		vma_augment(vma);
}

static void count_pages(const struct vma *vma, int64_t nr)
{
	struct mm *mm = vma->mm;

	mm->total_pages += (uint64_t)nr;
	if (!(vma->flags & VMA_SHARED) && vma->prot & PROT_WRITE)
		mm->data_pages += (uint64_t)nr;
	if (vma->flags & VMA_LOCKED)
		mm->locked_pages += (uint64_t)nr;
}

void vma_insert(struct vma *vma)
{
	struct mm *mm = vma->mm;
	struct mapping *mapping = vma->mapping;

	vma->gap = 0;
	vma->max_gap = 0;
	RB_INSERT(vma_tree, &mm->areas, vma);
	gap_update(vma);
	gap_update(RB_NEXT(vma_tree, &mm->areas, vma));
	mm->nr_areas++;
	count_pages(vma, (int64_t)vma_nr_pages(vma));
	if (mapping) {
		mutex_lock(&mapping->vmas_lock);
		TAILQ_INSERT_TAIL(&mapping->vmas, vma, mapping_link);
		mutex_unlock(&mapping->vmas_lock);
	}
}

void vma_remove(struct vma *vma)
{
	struct mm *mm = vma->mm;
	struct mapping *mapping = vma->mapping;
	struct vma *next = RB_NEXT(vma_tree, &mm->areas, vma);

	ASSERT(rwsem_is_write_held(&mm->lock));
	if (mapping) {
		mutex_lock(&mapping->vmas_lock);
		TAILQ_REMOVE(&mapping->vmas, vma, mapping_link);
		mutex_unlock(&mapping->vmas_lock);
	}
	RB_REMOVE(vma_tree, &mm->areas, vma);
	gap_update(next);
	mm->nr_areas--;
	mm->hint = NULL;
	count_pages(vma, -(int64_t)vma_nr_pages(vma));
}

void vma_resize(struct vma *vma, uintptr_t start, uintptr_t end)
{
	struct mapping *mapping = vma->mapping;
	int64_t grown = (int64_t)(end - start - (vma->end - vma->start));

	if (mapping)
		mutex_lock(&mapping->vmas_lock);
	vma->pgoff += (uint64_t)((int64_t)(start - vma->start) >> PAGE_SHIFT);
	vma->start = start;
	vma->end = end;
	if (mapping)
		mutex_unlock(&mapping->vmas_lock);
	count_pages(vma, grown >> PAGE_SHIFT);
	gap_update(vma);
	gap_update(RB_NEXT(vma_tree, &vma->mm->areas, vma));
}

void vma_set_prot(struct vma *vma, unsigned prot)
{
	count_pages(vma, -(int64_t)vma_nr_pages(vma));
	vma->prot = prot;
	count_pages(vma, (int64_t)vma_nr_pages(vma));
}

void vma_set_flags(struct vma *vma, unsigned flags)
{
	count_pages(vma, -(int64_t)vma_nr_pages(vma));
	vma->flags = flags;
	count_pages(vma, (int64_t)vma_nr_pages(vma));
}

struct vma *mm_find_vma(struct mm *mm, uintptr_t addr)
{
	struct vma *vma = __atomic_load_n(&mm->hint, __ATOMIC_RELAXED);
	struct vma *found = NULL;

	if (vma && addr - vma->start < vma->end - vma->start)
		return vma;
	vma = RB_ROOT(&mm->areas);
	while (vma) {
		if (addr >= vma->end) {
			vma = RB_RIGHT(vma, link);
			continue;
		}
		found = vma;
		if (addr >= vma->start)
			break;
		vma = RB_LEFT(vma, link);
	}
	return found;
}

int vma_split(struct vma *vma, uintptr_t addr)
{
	struct vma *upper;

	ASSERT(addr > vma->start && addr < vma->end &&
	       IS_ALIGNED(addr, PAGE_SIZE));
	upper = vma_create(vma->mm, vma);
	if (!upper)
		return -ENOMEM;
	upper->start = addr;
	upper->pgoff += (addr - vma->start) >> PAGE_SHIFT;
	/* In this order no page of a file is ever outside of its areas. */
	vma_insert(upper);
	vma_resize(vma, vma->start, addr);
	return 0;
}

int vma_split_range(struct mm *mm, uintptr_t start, uintptr_t end)
{
	struct vma *vma = mm_find_vma(mm, start);
	int ret = 0;

	if (vma && vma->start < start)
		ret = vma_split(vma, start);
	if (ret)
		return ret;
	vma = mm_find_vma(mm, end);
	if (vma && vma->start < end)
		ret = vma_split(vma, end);
	return ret;
}

/* May one area stand for both, the upper following right on the lower? */
static bool vmas_are_alike(const struct vma *lower, const struct vma *upper)
{
	const unsigned kind = ~(unsigned)VMA_HAS_ANON;

	if (lower->end != upper->start || lower->prot != upper->prot ||
	    (lower->flags ^ upper->flags) & kind)
		return false;
	if (lower->file != upper->file || lower->ops || upper->ops)
		return false;
	if (lower->flags & (VMA_GROWSDOWN | VMA_NOCHANGE | VMA_IO))
		return false;
	return !lower->file ||
	       lower->pgoff + vma_nr_pages(lower) == upper->pgoff;
}

/* upper goes; lower grows over it. */
static struct vma *vma_join(struct vma *lower, struct vma *upper)
{
	lower->flags |= upper->flags & VMA_HAS_ANON;
	vma_resize(lower, lower->start, upper->end);
	vma_remove(upper);
	vma_destroy(upper);
	return lower;
}

struct vma *vma_merge(struct vma *vma)
{
	struct vma *other = RB_PREV(vma_tree, &vma->mm->areas, vma);

	if (other && vmas_are_alike(other, vma))
		vma = vma_join(other, vma);
	other = RB_NEXT(vma_tree, &vma->mm->areas, vma);
	if (other && vmas_are_alike(vma, other))
		vma = vma_join(vma, other);
	return vma;
}

bool vma_range_is_free(struct mm *mm, uintptr_t start, uintptr_t end)
{
	const struct vma *vma = mm_find_vma(mm, start);

	return !vma || vma->start >= end;
}

bool vma_range_is_full(struct mm *mm, uintptr_t start, uintptr_t end)
{
	struct vma *vma = mm_find_vma(mm, start);

	while (vma && vma->start <= start) {
		if (vma->end >= end)
			return true;
		start = vma->end;
		vma = RB_NEXT(vma_tree, &mm->areas, vma);
	}
	return false;
}

/* The end of the part of vma's gap that lies in [low, high), if len fits. */
static uintptr_t gap_fits(const struct vma *vma, size_t len, uintptr_t low,
			  uintptr_t high)
{
	uintptr_t bottom = MAX(vma->start - vma->gap, low);
	uintptr_t top = MIN(vma->start, high);

	return top > bottom && top - bottom >= len ? top : 0;
}

static bool subtree_may_fit(const struct vma *vma, size_t len)
{
	return vma && vma->max_gap >= len;
}

/*
 * The search visits areas from the highest down, and enters a subtree only if
 * a gap there is large enough.  Gaps that fail because they cross low or high
 * lie on the two boundaries, so at most two paths are walked in vain.
 */
uintptr_t vma_find_hole(struct mm *mm, size_t len, uintptr_t low,
			uintptr_t high)
{
	struct vma *vma = RB_ROOT(&mm->areas);
	const struct vma *from = NULL; /* where the walk came from */
	const struct vma *last = RB_MAX(vma_tree, &mm->areas);
	uintptr_t above = last ? MAX(last->end, low) : low;
	uintptr_t end;

	if (high > above && high - above >= len)
		return high;
	while (vma) {
		struct vma *right = RB_RIGHT(vma, link);
		struct vma *left = RB_LEFT(vma, link);
		bool came_from_right = from && from == right;
		bool came_from_left = from && from == left;

		if (!came_from_right && !came_from_left && vma->start < high &&
		    subtree_may_fit(right, len)) {
			vma = right;
			from = NULL;
			continue;
		}
		if (!came_from_left) {
			end = gap_fits(vma, len, low, high);
			if (end)
				return end;
			if (vma->start > low && subtree_may_fit(left, len)) {
				vma = left;
				from = NULL;
				continue;
			}
		}
		from = vma;
		vma = RB_PARENT(vma, link);
	}
	return 0;
}
