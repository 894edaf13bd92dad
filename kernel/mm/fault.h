// SPDX-License-Identifier: MIT
/* Page faults, for the other files of mm/. */
#pragma once

#include <mm/mm.h>

void fault_init(void); /* needs pages */

/*
 * Make the page at addr present for an access (enum fault_access).  addr lies
 * in vma; mm->lock is held.  0 or -errno as mm_fault().  May sleep.
 */
int fault_handle(struct vma *vma, uintptr_t addr, int access);

/* mm_fault() for any address space. */
int mm_fault_in(struct mm *mm, uintptr_t addr, int access);
