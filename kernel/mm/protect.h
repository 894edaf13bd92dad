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
void mm_change_flags_all(struct mm *mm, unsigned flags, bool set);
