// SPDX-License-Identifier: MIT
/*
 * One page fault on its way through the files that handle it: fault.c finds out
 * what is wanted, fault_anon.c and fault_file.c bring the page, and
 * fault_map.c enters it.
 *
 * All of these are called with mm->lock held for reading and may sleep.  They
 * return 0, -EAGAIN (another thread was faster: the access is tried again),
 * -ENOMEM, or what the file says.
 */
#pragma once

#include <mm/mm.h>
#include <mm/page.h>

struct fault {
	struct mm *mm;
	struct vma *vma;
	uintptr_t addr; /* page-aligned */
	uint64_t pgoff; /* in the file */
	enum fault_access access;
	pte_t old; /* the entry as it was found */
};

/* --- fault_map.c ------------------------------------------------------ */

/*
 * Replace the entry, which must still be f->old, and count the page.  The
 * reference on page goes with it.  -EAGAIN: it changed; -ENOMEM: no table.
 */
int fault_set_pte(struct fault *f, pte_t new, struct page *page);
/* Instructions that were just stored must be seen by every hart's fetch. */
void page_sync_icache(struct page *page);

/* --- fault_anon.c ----------------------------------------------------- */

/* No entry yet, in an area of no file. */
int fault_anon(struct fault *f);
/* Give the process a copy of source, which may be NULL for zeros. */
int fault_copy(struct fault *f, struct page *source);

/* --- fault_file.c ----------------------------------------------------- */

/* No entry yet, in an area of a file or with operations of its own. */
int fault_file(struct fault *f);

/* --- stack.c ---------------------------------------------------------- */

/*
 * Make the stack above addr, if that is what is there, reach down to it.
 * 0: look again, maybe another thread did it; -EFAULT or -ENOMEM.
 * Takes mm->lock for writing; may sleep.
 */
int stack_grow(struct mm *mm, uintptr_t addr);
