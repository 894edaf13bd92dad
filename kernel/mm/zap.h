// SPDX-License-Identifier: MIT
/* Taking pages out of an address space.  Private to mm/. */
#pragma once

#include <mm/mm.h>

/*
 * Remove the pages of [start, end), which lies in vma, flush the TLBs and drop
 * the pages.  mm->lock held either way.  May sleep.
 */
void zap_range(struct vma *vma, uintptr_t start, uintptr_t end);

/* The same only for pages of the file, not for private copies of them. */
void zap_file_range(struct vma *vma, uintptr_t start, uintptr_t end);

/*
 * Free all pages, and the page tables but for the upper levels.  The address
 * space runs nowhere any more, so no flush is needed.
 */
void zap_all(struct mm *mm);

/* Free all page tables without an entry.  mm->lock held for writing. */
void zap_tables(struct mm *mm);
