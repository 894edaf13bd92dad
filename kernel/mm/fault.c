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
 *
 * A page may leave the cache (truncation) while it is being mapped.  Both
 * sides change first and look after: here the entry is set, then page->mapping
 * read; truncation clears page->mapping and then removes entries.
 */
#include "fault.h"

#include <string.h>

#include <linux/resource.h>

#include <lib/barrier.h>
#include <lib/errno.h>

#include <arch/hart.h>
#include <arch/trap.h>
#include <core/thread.h>
#include <core/time.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <mm/pagecache.h>
#include <proc/task.h>

#include "pte.h"
#include "vma.h"
#include "zap.h"

#define FAULT_AROUND_PAGES 16 /* aligned, like a table's lines in the cache */
#define STACK_GUARD_GAP    (256 * PAGE_SIZE)

/* One fault on its way through the functions below. */
struct fault {
	struct mm *mm;
	struct vma *vma;
	uintptr_t addr; /* page-aligned */
	uint64_t pgoff; /* in the file */
	enum fault_access access;
	pte_t old; /* the entry as it was found */
};

static struct page *zero_page;

void fault_init(void)
{
	zero_page = page_alloc(0, ALLOC_ZERO);
	if (!zero_page)
		panic("no memory for the zero page");
}

/*
 * Replace the entry, which must still be f->old, and count the page.  The
 * reference on page goes with it.  -EAGAIN: it changed; -ENOMEM: no table.
 */
static int fault_set_pte(struct fault *f, pte_t new, struct page *page)
{
	struct mm *mm = f->mm;
	int ret = 0;
	pte_t *pte;

	spin_lock(&mm->pt_lock);
	pte = pte_lookup(mm->root, f->addr);
	if (unlikely(!pte))
		pte = pgtable_walk(mm->root, f->addr, true);
	if (unlikely(!pte)) {
		ret = -ENOMEM;
	} else if (unlikely(*pte != f->old)) {
		ret = -EAGAIN;
	} else {
		*pte = new;
		if (page && page_has_flag(page, PAGE_ANON))
			f->vma->flags |= VMA_HAS_ANON;
	}
	spin_unlock(&mm->pt_lock);
	if (unlikely(ret))
		return ret;

	if (page && !pte_page(f->old))
		atomic64_add_relaxed(&mm->rss, 1);
	/* Harts may remember that there was nothing, or less. */
	if (f->old & PTE_V)
		tlb_flush_user(mm->root, &mm->harts, f->addr,
			       f->addr + PAGE_SIZE);
	else
		tlb_flush_page_local(f->addr);
	return 0;
}

static struct page *anon_page_alloc(unsigned flags)
{
	struct page *page = page_alloc(0, ALLOC_USER | flags);

	if (page) {
		atomic_store(&page->flags, PAGE_ANON | PAGE_UPTODATE);
		atomic64_add_relaxed(&page_counts.anon, 1);
	}
	return page;
}

/* Instructions that were just stored must be seen by every hart's fetch. */
static void page_sync_icache(struct page *page)
{
	if (page_has_flag(page, PAGE_ICACHE_CLEAN))
		return;
	icache_flush_all();
	atomic_fetch_or(&page->flags, PAGE_ICACHE_CLEAN);
}

/* Map a private page of ours; drops it on failure. */
static int fault_map_anon(struct fault *f, struct page *page)
{
	uint64_t bits = pte_prot_bits(f->vma->prot, true);
	int ret;

	if (f->vma->prot & PROT_EXEC)
		page_sync_icache(page);
	ret = fault_set_pte(f, pte_make(page_to_phys(page), bits), page);
	if (ret)
		page_put(page);
	return ret;
}

/*
 * The zero page saves memory where a program only looks.  With threads the
 * write that mostly follows would have to tell every hart of the replacement.
 */
static bool zero_page_pays(const struct fault *f)
{
	return !(f->vma->prot & PROT_WRITE) ||
	       refcount_read(&f->mm->users) == 1;
}

static int fault_anon(struct fault *f)
{
	struct page *page;
	uint64_t bits;

	if (f->access != FAULT_WRITE && zero_page_pays(f)) {
		bits = pte_prot_bits(f->vma->prot, false) | PTE_SPECIAL;
		return fault_set_pte(f, pte_make(page_to_phys(zero_page), bits),
				     NULL);
	}
	page = anon_page_alloc(ALLOC_ZERO);
	return page ? fault_map_anon(f, page) : -ENOMEM;
}

/* Give the process a copy of source, which may be NULL for zeros. */
static int fault_copy(struct fault *f, struct page *source)
{
	struct page *page = anon_page_alloc(source ? 0 : ALLOC_ZERO);
	struct page *old = pte_page(f->old);
	int ret;

	if (!page)
		return -ENOMEM;
	if (source)
		memcpy(page_to_virt(page), page_to_virt(source), PAGE_SIZE);
	ret = fault_map_anon(f, page);
	if (ret || !old)
		return ret;
	/* The entry's reference on the page that it replaced. */
	if (!page_has_flag(old, PAGE_ANON))
		atomic_add_relaxed(&old->mapcount, -1);
	page_put(old);
	return 0;
}

/* Map a page of the file at f->addr; the reference goes with it. */
static int fault_map_file(struct fault *f, struct page *page, bool writable)
{
	struct mapping *mapping = vma_mapping(f->vma);
	uint64_t bits = pte_prot_bits(f->vma->prot, writable);
	pte_t new = pte_make(page_to_phys(page), bits);
	int ret;

	if (f->vma->prot & PROT_EXEC)
		page_sync_icache(page);
	atomic_add_relaxed(&page->mapcount, 1);
	ret = fault_set_pte(f, new, page);
	if (ret) {
		atomic_add_relaxed(&page->mapcount, -1);
		page_put(page);
		return ret;
	}
	/* Pairs with the barrier in pagecache_remove_range(). */
	smp_mb();
	if (mapping &&
	    __atomic_load_n(&page->mapping, __ATOMIC_RELAXED) != mapping) {
		zap_file_range(f->vma, f->addr, f->addr + PAGE_SIZE);
		return -EAGAIN;
	}
	return 0;
}

/*
 * Map the neighbours of f->addr that are in the cache: all are within one
 * table and the area.  Nothing here sleeps or waits; what is missing comes by
 * a fault of its own.
 */
static void fault_around(struct fault *f)
{
	const uintptr_t span = FAULT_AROUND_PAGES * PAGE_SIZE;
	struct vma *vma = f->vma;
	uintptr_t start = MAX(ALIGN_DOWN(f->addr, span), vma->start);
	uintptr_t end = MIN(ALIGN_DOWN(f->addr, span) + span, vma->end);
	uint64_t first = vma->pgoff + ((start - vma->start) >> PAGE_SHIFT);
	struct page *pages[FAULT_AROUND_PAGES];
	uint64_t bits = pte_prot_bits(vma->prot, false);
	struct mapping *mapping = vma_mapping(vma);
	unsigned nr = (unsigned)((end - start) >> PAGE_SHIFT);
	unsigned mapped = 0;
	pte_t *pte;

	pagecache_find_range(mapping, first, nr, pages);
	spin_lock(&f->mm->pt_lock);
	pte = pte_lookup(f->mm->root, start);
	for (unsigned i = 0; i < nr; i++) {
		struct page *page = pages[i];

		if (!page)
			continue;
		if (!pte || pte[i] ||
		    (vma->prot & PROT_EXEC &&
		     !page_has_flag(page, PAGE_ICACHE_CLEAN)) ||
		    atomic_load(&page->flags) & (PAGE_LOCKED | PAGE_ERROR))
			continue;
		atomic_add_relaxed(&page->mapcount, 1);
		pte[i] = pte_make(page_to_phys(page), bits);
		smp_mb(); /* as in fault_map_file() */
		if (__atomic_load_n(&page->mapping, __ATOMIC_RELAXED) !=
		    mapping) {
			pte[i] = 0;
			tlb_flush_page_local(start + i * PAGE_SIZE);
			atomic_add_relaxed(&page->mapcount, -1);
			continue;
		}
		pages[i] = NULL;
		mapped++;
	}
	spin_unlock(&f->mm->pt_lock);
	for (unsigned i = 0; i < nr; i++) {
		if (pages[i])
			page_put(pages[i]);
	}
	atomic64_add_relaxed(&f->mm->rss, mapped);
}

/* A page for f->pgoff, up to date, with a reference. */
static int fault_get_page(struct fault *f, struct page **page)
{
	struct mapping *mapping = vma_mapping(f->vma);
	off_t size;

	if (f->vma->ops)
		return f->vma->ops->fault(f->vma, f->pgoff,
					  f->access == FAULT_WRITE, page);
	size = inode_size(f->vma->file->inode);
	if (f->pgoff >= DIV_ROUND_UP((uint64_t)size, PAGE_SIZE))
		return -ENXIO;
	return pagecache_read(mapping, f->pgoff, page);
}

/* Make a page of a shared mapping writable, and map it so. */
static int fault_shared_write(struct fault *f, struct page *page)
{
	struct mapping *mapping = vma_mapping(f->vma);
	int ret = 0;

	/* Until the entry is there the page must not become clean again. */
	if (mapping) {
		ret = pagecache_make_writable(mapping, page);
		if (ret)
			return ret;
	}
	page_get(page);
	ret = fault_map_file(f, page, true);
	if (mapping)
		page_unlock(page);
	return ret;
}

/* No entry yet, in an area of a file or with operations of its own. */
static int fault_file(struct fault *f)
{
	bool shared = f->vma->flags & VMA_SHARED;
	struct page *page;
	int ret;

	ret = fault_get_page(f, &page);
	if (ret)
		return ret;

	if (f->access != FAULT_WRITE) {
		/* Without write-back nothing needs to know of the first write. */
		ret = fault_map_file(f, page, shared && f->vma->ops);
		if (!ret && !f->vma->ops)
			fault_around(f);
		return ret;
	}
	if (shared)
		ret = fault_shared_write(f, page);
	else
		ret = fault_copy(f, page);
	page_put(page);
	return ret;
}

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
		if (vma_mapping(f->vma))
			ret = pagecache_make_writable(vma_mapping(f->vma),
						      page);
		if (!ret) {
			ret = fault_reuse(f);
			if (vma_mapping(f->vma))
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

/*
 * A stack grows down to addr if its limit allows and a gap to the area below
 * stays.  mm->lock is held for writing.  0, -EFAULT or -ENOMEM.
 */
static int stack_grow_locked(struct mm *mm, uintptr_t addr)
{
	struct vma *vma = mm_find_vma(mm, addr);
	const struct vma *below;
	uint64_t pages;

	if (!vma)
		return -EFAULT;
	if (vma->start <= addr)
		return 0; /* another thread did it */
	if (!(vma->flags & VMA_GROWSDOWN))
		return -EFAULT;
	addr = ALIGN_DOWN(addr, PAGE_SIZE);
	if (vma->end - addr > rlimit_get(RLIMIT_STACK))
		return -EFAULT;
	below = RB_PREV(vma_tree, &mm->areas, vma);
	if (addr < PAGE_SIZE ||
	    (below && addr - MIN(addr, STACK_GUARD_GAP) < below->end))
		return -EFAULT;
	pages = (vma->start - addr) >> PAGE_SHIFT;
	if (mm->total_pages + pages > rlimit_get(RLIMIT_AS) >> PAGE_SHIFT)
		return -ENOMEM;
	vma_resize(vma, addr, vma->end);
	return 0;
}

static int stack_grow(struct mm *mm, uintptr_t addr)
{
	int ret;

	rwsem_write_lock(&mm->lock);
	ret = stack_grow_locked(mm, addr);
	rwsem_write_unlock(&mm->lock);
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
