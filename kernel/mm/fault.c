// SPDX-License-Identifier: MIT
/*
 * Page faults: pages appear when they are touched.
 *
 *   anonymous, read    the shared zero page, read-only (one thread only)
 *   anonymous, write   a page of its own
 *   file, read         the page-cache page, and its cached neighbours with it
 *   file, write        private: a copy; shared: the cache page, after the file
 *                      system has agreed (pagecache_make_writable())
 *   write to a page    reuse it if nobody else has it, else copy
 *   that is shared
 *
 * The handler holds mm->lock for reading, so areas stay; entries change under
 * mm->pt_lock.  Work that may sleep is done before that lock is taken, and the
 * entry is compared with what was seen: where another thread was faster
 * (-EAGAIN inside) the access is simply tried again.
 */
#include "fault.h"

#include <lib/errno.h>

#include <arch/hart.h>
#include <arch/trap.h>
#include <core/thread.h>
#include <mm/pagecache.h>

#include "fault_internal.h"
#include "pte.h"
#include "vma.h"

/* Give write permission to the page that the entry maps already. */
static int fault_reuse(struct fault *f)
{
	uint64_t bits = pte_prot_bits(f->vma->prot, true);

	return fault_set_pte(f, pte_make(pte_paddr(f->old), bits), NULL);
}

/* Write to a page that is mapped read-only in a writable area. */
static int fault_write_protected(struct fault *f)
{
	struct page *page = pte_page(f->old);
	struct mm *mm = f->mm;
	pte_t *pte;
	int ret;

	if (!page) /* the zero page */
		return fault_copy(f, NULL);
	if (page_has_flag(page, PAGE_ANON) && refcount_read(&page->refs) == 1)
		return fault_reuse(f);

	/* Hold the page: the entry's reference may go at any time. */
	spin_lock(&mm->pt_lock);
	pte = pte_lookup(mm->root, f->addr);
	if (!pte || *pte != f->old) {
		spin_unlock(&mm->pt_lock);
		return -EAGAIN;
	}
	page_get(page);
	spin_unlock(&mm->pt_lock);

	if (f->vma->flags & VMA_SHARED) {
		ret = 0;
		if (f->vma->mapping)
			ret = pagecache_make_writable(f->vma->mapping, page);
		if (!ret) {
			ret = fault_reuse(f);
			if (f->vma->mapping)
				page_unlock(page);
		}
	} else {
		ret = fault_copy(f, page);
	}
	page_put(page);
	return ret;
}

static bool access_allowed(unsigned prot, enum fault_access access)
{
	if (access == FAULT_WRITE)
		return prot & PROT_WRITE;
	if (access == FAULT_EXEC)
		return prot & PROT_EXEC;
	/* Sv39 cannot forbid reading what may be written. */
	return prot & (PROT_READ | PROT_WRITE);
}

static bool pte_allows(pte_t pte, enum fault_access access)
{
	uint64_t need = access == FAULT_WRITE  ? PTE_W
			: access == FAULT_EXEC ? PTE_X
					       : PTE_R;

	return pte & PTE_V && pte & need;
}

static pte_t read_pte(struct mm *mm, uintptr_t addr)
{
	pte_t *pte, old;

	spin_lock(&mm->pt_lock);
	pte = pte_lookup(mm->root, addr);
	old = pte ? *pte : 0;
	spin_unlock(&mm->pt_lock);
	return old;
}

/* One try in an area that allows the access.  -EAGAIN: another one, please. */
static int fault_once(struct fault *f)
{
	f->old = read_pte(f->mm, f->addr);
	if (!f->old)
		return f->vma->file || f->vma->ops ? fault_file(f)
						   : fault_anon(f);
	if (pte_allows(f->old, f->access)) {
		/* This hart remembered less than there is now. */
		tlb_flush_page_local(f->addr);
		return 0;
	}
	if (f->access == FAULT_WRITE)
		return fault_write_protected(f);
	return -EACCES;
}

int fault_handle(struct vma *vma, uintptr_t addr, int access)
{
	struct fault f = {
		.mm = vma->mm,
		.vma = vma,
		.addr = ALIGN_DOWN(addr, PAGE_SIZE),
		.access = (enum fault_access)access,
	};
	int ret;

	ASSERT(rwsem_is_held(&vma->mm->lock));
	if (!access_allowed(vma->prot, f.access))
		return -EACCES;
	f.pgoff = vma->pgoff + ((f.addr - vma->start) >> PAGE_SHIFT);
	while ((ret = fault_once(&f)) == -EAGAIN) {
		/* Let whoever changes the entry or the file get on with it. */
		thread_resched_point();
	}
	return ret;
}

int mm_fault_in(struct mm *mm, uintptr_t addr, int access)
{
	struct vma *vma;
	int ret;

	for (;;) {
		rwsem_read_lock(&mm->lock);
		vma = mm_find_vma(mm, addr);
		if (likely(vma && addr >= vma->start))
			break;
		rwsem_read_unlock(&mm->lock);
		if (!vma || !(vma->flags & VMA_GROWSDOWN))
			return -EFAULT;
		ret = stack_grow(mm, addr);
		if (ret)
			return ret;
	}
	__atomic_store_n(&mm->hint, vma, __ATOMIC_RELAXED);
	ret = fault_handle(vma, addr, access);
	rwsem_read_unlock(&mm->lock);
	return ret;
}

int mm_fault(uintptr_t addr, enum fault_access access)
{
	struct mm *mm = current_thread()->mm;

	if (!mm || addr >= USER_TOP)
		return -EFAULT;
	return mm_fault_in(mm, addr, access);
}
