// SPDX-License-Identifier: MIT
/*
 * Helpers of mmap.c for the other calls on areas.  Private to mm/ and
 * syscall/memory.c.
 */
#pragma once

#include <mm/mm.h>

/* What proc/ registered: RLIMIT_* of the current process. */
extern uint64_t (*mm_limit)(unsigned resource); /* [I] after boot */

/* Page-aligned, and inside of the user half. */
bool mm_range_is_valid(uintptr_t addr, size_t len);

/*
 * May an area of len more bytes be made?  flags: VMA_*.  0, -ENOMEM, or
 * -EAGAIN (too much locked).  mm->lock held.
 */
int mm_check_limits(struct mm *mm, size_t len, unsigned prot, unsigned flags);

/* The wish if it is free, else the highest hole; 0: none.  mm->lock held. */
uintptr_t mm_choose_address(struct mm *mm, uintptr_t wish, size_t len);

/* mm_unmap() with mm->lock held for writing and a valid range. */
int mm_unmap_locked(struct mm *mm, uintptr_t addr, size_t len);
