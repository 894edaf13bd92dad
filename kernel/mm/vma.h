// SPDX-License-Identifier: MIT
/*
 * Areas: finding, inserting, cutting and joining them.  Private to mm/.
 * Everything here wants mm->lock, for writing where it changes something.
 */
#pragma once

#include <mm/mm.h>

RB_PROTOTYPE(vma_tree, vma, link, vma_compare);

/* What fs/ registered: how to ask files. */
extern const struct mm_file_ops *mm_files; /* [I] after boot */

void vma_init(void); /* makes the cache */

static inline uint64_t vma_nr_pages(const struct vma *vma)
{
	return (vma->end - vma->start) >> PAGE_SHIFT;
}

/*
 * A new area, in no tree yet.  It takes references of its own on file, and
 * tells ops->open.  NULL: no memory.  May sleep.
 */
struct vma *vma_create(struct mm *mm, const struct vma *like);
/* Drop one that is in no tree. */
void vma_destroy(struct vma *vma);

/*
 * Into and out of the tree and the list of the file.  Counts pages.  A new
 * address space that nobody else can reach needs no lock for the insertion.
 */
void vma_insert(struct vma *vma);
void vma_remove(struct vma *vma);
/* Move the ends of an area in the tree; pgoff follows start. */
void vma_resize(struct vma *vma, uintptr_t start, uintptr_t end);

/* Change what is counted with the pages. */
void vma_set_prot(struct vma *vma, unsigned prot);
void vma_set_flags(struct vma *vma, unsigned flags);

/*
 * Cut so that addr, which lies inside, becomes a boundary: vma keeps the lower
 * part.  0 or -ENOMEM.
 */
int vma_split(struct vma *vma, uintptr_t addr);
/* Cut so that no area crosses start or end.  0 or -ENOMEM. */
int vma_split_range(struct mm *mm, uintptr_t start, uintptr_t end);
/* Join with the neighbours where they are alike; returns what it became. */
struct vma *vma_merge(struct vma *vma);

/* Does any area overlap [start, end)? */
bool vma_range_is_free(struct mm *mm, uintptr_t start, uintptr_t end);
/* Is all of it covered by areas? */
bool vma_range_is_full(struct mm *mm, uintptr_t start, uintptr_t end);

/*
 * The highest hole of len bytes (page-aligned) in [low, high): its end, or 0.
 * Logarithmic: the tree knows the largest gap of each subtree.
 */
uintptr_t vma_find_hole(struct mm *mm, size_t len, uintptr_t low,
			uintptr_t high);
