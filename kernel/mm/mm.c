// SPDX-License-Identifier: MIT
/*
 * Address spaces: birth, fork and death.
 *
 * fork copies the areas, and the page tables only where a fault could not
 * rebuild them: private pages.  These are shared from then on, read-only on
 * both sides, until one side writes (fault.c).  Text and shared memory come
 * back by faults, a handful of pages at a time.
 */
#include <mm/mm.h>

#include <string.h>

#include <lib/errno.h>

#include <arch/hart.h>
#include <core/thread.h>
#include <mm/pagecache.h>
#include <mm/radix.h>

#include "fault.h"
#include "mm_internal.h"
#include "pte.h"
#include "vma.h"
#include "zap.h"

static struct slab_cache *mm_cache;

void mm_init(void)
{
	mm_cache = slab_cache_create("mm", sizeof(struct mm), 16, NULL);
	vma_init();
	fault_init();
	page_lock_init();
	radix_init();
}

struct mm *mm_create(void)
{
	struct mm *mm = slab_zalloc(mm_cache);

	if (!mm)
		return NULL;
	mm->root = pgtable_root_alloc();
	if (!mm->root) {
		slab_free(mm_cache, mm);
		return NULL;
	}
	refcount_set(&mm->users, 1);
	rwsem_init(&mm->lock, LOCK_MM);
	spin_init(&mm->pt_lock, LOCK_VM_TLB);
	RB_INIT(&mm->areas);
	mm->mmap_top = USER_TOP - PAGE_SIZE;
	return mm;
}

/* Free every area of an address space that is empty of pages, leaves first. */
static void destroy_areas(struct mm *mm)
{
	struct vma *vma = RB_ROOT(&mm->areas);

	while (vma) {
		struct mapping *mapping = vma->mapping;
		struct vma *parent = RB_PARENT(vma, link);

		if (RB_LEFT(vma, link)) {
			vma = RB_LEFT(vma, link);
			continue;
		}
		if (RB_RIGHT(vma, link)) {
			vma = RB_RIGHT(vma, link);
			continue;
		}
		if (parent && RB_LEFT(parent, link) == vma)
			RB_LEFT(parent, link) = NULL;
		else if (parent)
			RB_RIGHT(parent, link) = NULL;
		if (mapping) {
			mutex_lock(&mapping->vmas_lock);
			TAILQ_REMOVE(&mapping->vmas, vma, mapping_link);
			mutex_unlock(&mapping->vmas_lock);
		}
		vma_destroy(vma);
		vma = parent;
	}
}

static void share_exe(struct mm *child, const struct mm *parent)
{
	if (!parent->exe)
		return;
	child->exe = mm_files->get_program(parent->exe);
}

static void drop_exe(struct mm *mm)
{
	if (mm->exe)
		mm_files->put_program(mm->exe);
}

void mm_put(struct mm *mm)
{
	if (!refcount_put(&mm->users))
		return;
	zap_all(mm);
	destroy_areas(mm);
	drop_exe(mm);
	pgtable_root_free(mm->root);
	slab_free(mm_cache, mm);
}

/*
 * Share the pages of one table's entries.  Returns how many; *flush: entries
 * of the parent lost their write permission.
 */
static uint64_t fork_copy_table(pte_t *from, pte_t *to, size_t nr,
				bool anon_only, bool *flush)
{
	uint64_t copied = 0;

	for (size_t i = 0; i < nr; i++) {
		pte_t pte = from[i];
		struct page *page;

		if (!pte)
			continue;
		page = pte_page(pte);
		if (anon_only && (!page || !page_has_flag(page, PAGE_ANON)))
			continue;
		if (pte & PTE_W) {
			pte &= ~(PTE_W | PTE_D);
			from[i] = pte;
			*flush = true;
		}
		if (page) {
			page_get(page);
			copied++;
		}
		to[i] = pte;
	}
	return copied;
}

/* Share the private pages of vma with child.  0 or -ENOMEM. */
static int fork_copy_pages(struct vma *vma, struct mm *child, bool *flush)
{
	struct mm *parent = vma->mm;
	bool anon_only = vma->file || vma->ops;
	uintptr_t addr = vma->start;
	uint64_t copied = 0;
	int ret = 0;
	pte_t *from, *to;

	spin_lock(&parent->pt_lock);
	while ((from = pte_next_table(parent->root, &addr, vma->end))) {
		uintptr_t end = pte_table_end(addr, vma->end);

		to = pgtable_walk(child->root, addr, true);
		if (!to) {
			ret = -ENOMEM;
			break;
		}
		copied += fork_copy_table(from, to, (end - addr) >> PAGE_SHIFT,
					  anon_only, flush);
		addr = end;
	}
	spin_unlock(&parent->pt_lock);
	atomic64_add_relaxed(&child->rss, (int64_t)copied);
	return ret;
}

static int fork_area(struct vma *vma, struct mm *child, bool *flush)
{
	struct vma *copy;

	if (vma->flags & VMA_DONTFORK)
		return 0;
	copy = vma_create(child, vma);
	if (!copy)
		return -ENOMEM;
	copy->flags &= ~(unsigned)VMA_LOCKED;
	if (vma->flags & VMA_WIPEONFORK)
		copy->flags &= ~(unsigned)VMA_HAS_ANON;
	vma_insert(copy);
	if (!(copy->flags & VMA_HAS_ANON))
		return 0;
	return fork_copy_pages(vma, child, flush);
}

static void fork_copy_numbers(struct mm *child, const struct mm *parent)
{
	child->brk_start = parent->brk_start;
	child->brk = parent->brk;
	child->mmap_top = parent->mmap_top;
	child->stack_top = parent->stack_top;
	child->arg_start = parent->arg_start;
	child->arg_end = parent->arg_end;
	child->env_start = parent->env_start;
	child->env_end = parent->env_end;
	memcpy(child->auxv, parent->auxv, sizeof(child->auxv));
}

struct mm *mm_fork(struct mm *parent)
{
	struct mm *child = mm_create();
	bool flush = false;
	struct vma *vma;
	int ret = 0;

	if (!child)
		return NULL;
	rwsem_write_lock(&parent->lock);
	fork_copy_numbers(child, parent);
	share_exe(child, parent);
	RB_FOREACH (vma, vma_tree, &parent->areas) {
		ret = fork_area(vma, child, &flush);
		if (ret)
			break;
	}
	if (flush)
		tlb_flush_user(parent->root, &parent->harts, 0, USER_TOP);
	rwsem_write_unlock(&parent->lock);
	if (ret) {
		mm_put(child);
		return NULL;
	}
	return child;
}

/* The page at addr, present for the access, with a reference. */
static int access_page(struct mm *mm, uintptr_t addr, bool write,
		       struct page **page)
{
	uint64_t need = write ? PTE_V | PTE_W : PTE_V | PTE_R;
	int ret;
	pte_t *pte;

	for (;;) {
		spin_lock(&mm->pt_lock);
		pte = pte_lookup(mm->root, addr);
		if (pte && (*pte & need) == need) {
			*page = phys_to_page(pte_paddr(*pte));
			if (*page)
				page_get(*page);
			spin_unlock(&mm->pt_lock);
			return *page ? 0 : -EFAULT;
		}
		spin_unlock(&mm->pt_lock);
		ret = mm_fault_in(mm, addr, write ? FAULT_WRITE : FAULT_READ);
		if (ret)
			return -EFAULT;
	}
}

ssize_t mm_access(struct mm *mm, uintptr_t addr, void *buf, size_t len,
		  bool write)
{
	size_t done = 0;

	while (done < len) {
		uintptr_t at = addr + done;
		size_t offset = at & PAGE_MASK;
		size_t n = MIN(len - done, PAGE_SIZE - offset);
		struct page *page;
		char *data;

		if (at < addr || at >= USER_TOP ||
		    access_page(mm, at, write, &page))
			break;
		data = (char *)page_to_virt(page) + offset;
		if (write)
			memcpy(data, (char *)buf + done, n);
		else
			memcpy((char *)buf + done, data, n);
		page_put(page);
		done += n;
	}
	return done || !len ? (ssize_t)done : -EFAULT;
}
