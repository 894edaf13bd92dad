// SPDX-License-Identifier: MIT
/* madvise(2), msync(2) and mincore(2), for syscall/memory.c. */
#pragma once

#include <mm/mm.h>

/* As madvise(2): 0, -EINVAL, -ENOMEM, -EAGAIN.  Takes mm->lock; may sleep. */
int mm_advise(struct mm *mm, uintptr_t start, uintptr_t end, int advice);

/* As msync(2), MS_* flags: 0, -ENOMEM, -EBUSY, -EIO. */
int mm_sync(struct mm *mm, uintptr_t start, uintptr_t end, unsigned flags);

/* present[i] = 1 if page i from addr on is in memory.  0 or -ENOMEM. */
int mm_pages_present(struct mm *mm, uintptr_t addr, size_t nr,
		     unsigned char *present);

/* Touch all pages of [start, end), as far as that succeeds.  May sleep. */
void mm_populate(struct mm *mm, uintptr_t start, uintptr_t end);
