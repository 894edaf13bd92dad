// SPDX-License-Identifier: MIT
/*
 * Changing the flags of areas; for syscall/memory.c.  mprotect(2) itself is
 * mm_protect() of mm/mm.h.
 */
#pragma once

#include <mm/mm.h>

/*
 * Set or clear VMA_* flags of [start, end).  0, or -ENOMEM: not all of it is
 * mapped, or no memory.  Takes mm->lock; may sleep.
 */
int mm_change_flags(struct mm *mm, uintptr_t start, uintptr_t end,
		    unsigned flags, bool set);

/*
 * mlock(2): set VMA_LOCKED of [start, end) if then no more than max_pages are
 * locked.  0, or -ENOMEM: too many, not all mapped, or no memory.  Takes
 * mm->lock; may sleep.
 */
int mm_lock_range(struct mm *mm, uintptr_t start, uintptr_t end,
		  uint64_t max_pages);
/*
 * mlockall(2): lock all that is mapped (now), and what will be only if later
 * is set.  0, or -ENOMEM and nothing changed: more than max_pages are mapped.
 * Takes mm->lock; may sleep.
 */
int mm_lock_all(struct mm *mm, bool now, bool later, uint64_t max_pages);
/* munlockall(2): undoes both.  Takes mm->lock; may sleep. */
void mm_unlock_all(struct mm *mm);
