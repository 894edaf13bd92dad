// SPDX-License-Identifier: MIT
/*
 * The page cache: which pages of a file are in memory.
 *
 * A page in the cache has page->mapping and page->index set, holds a reference
 * of the cache's, and is in mapping->tree.  It is filled, written and removed
 * with its lock held; mapping->lock covers the tree and the counters.
 *
 * pagecache_find() takes no lock.  The tree keeps its nodes (radix.c), and
 * struct page never goes away, so a stale pointer is still a page: a reference
 * is taken unless the count is zero, and then the page must still say that it
 * is this one.  Whoever removes a page by force (pagecache_evict()) first
 * brings its count to zero, so that finders cannot get hold of it.
 */
#include <mm/pagecache.h>

#include <string.h>

#include <lib/barrier.h>
#include <lib/errno.h>

#include <core/thread.h>
#include <core/time.h>
#include <mm/mm.h>
#include <mm/page.h>

#include "mm_internal.h"
#include "readahead.h"
#include "rmap.h"

#define REMOVE_BATCH 16

void mapping_init(struct mapping *mapping, struct inode *host,
		  const struct mapping_ops *ops)
{
	memset(mapping, 0, sizeof(*mapping));
	mapping->host = host;
	mapping->ops = ops;
	spin_init(&mapping->lock, LOCK_MAPPING);
	mutex_init(&mapping->vmas_lock, LOCK_SLEEP_LEAF);
	TAILQ_INIT(&mapping->vmas);
}

static bool page_is_at(const struct page *page, const struct mapping *mapping,
		       uint64_t index)
{
	return __atomic_load_n(&page->mapping, __ATOMIC_RELAXED) == mapping &&
	       __atomic_load_n(&page->index, __ATOMIC_RELAXED) == index;
}

struct page *pagecache_find(struct mapping *mapping, uint64_t index)
{
	struct page *page;

	while ((page = radix_find(&mapping->tree, index))) {
		if (unlikely(!refcount_get_unless_zero(&page->refs)))
			continue;
		if (likely(page_is_at(page, mapping, index)))
			return page;
		page_put(page);
	}
	return NULL;
}

void pagecache_find_range(struct mapping *mapping, uint64_t first, unsigned nr,
			  struct page **pages)
{
	for (unsigned i = 0; i < nr; i++) {
		struct page *page = pagecache_find(mapping, first + i);

		if (page && !page_has_flag(page, PAGE_UPTODATE)) {
			page_put(page);
			page = NULL;
		}
		pages[i] = page;
	}
}

/* Put a new, locked page into the tree.  0, -EEXIST or -ENOMEM. */
static int pagecache_insert(struct mapping *mapping, struct page *page,
			    uint64_t index)
{
	unsigned long irq;
	int ret;

	page->index = (uint32_t)index;
	page->mapping = mapping;
	page_get(page);
	irq = spin_lock_irqsave(&mapping->lock);
	ret = radix_insert(&mapping->tree, index, page);
	if (!ret)
		mapping->nr_pages++;
	spin_unlock_irqrestore(&mapping->lock, irq);
	if (ret) {
		page->mapping = NULL;
		page_put(page);
		return ret;
	}
	atomic64_add_relaxed(&page_counts.cached, 1);
	if (mapping->no_writeback)
		atomic64_add_relaxed(&page_counts.shmem, 1);
	else
		lru_add(page);
	return 0;
}

/* A new page at index, locked.  0, -EEXIST or -ENOMEM. */
static int pagecache_create(struct mapping *mapping, uint64_t index,
			    unsigned flags, struct page **result)
{
	struct page *page;
	int ret;

	if (index > UINT32_MAX)
		return -ENOMEM;
	page = page_alloc(0, ALLOC_USER | ALLOC_NOFS | flags);
	if (!page)
		return -ENOMEM;
	atomic_store(&page->flags, PAGE_LOCKED);
	ret = pagecache_insert(mapping, page, index);
	if (ret) {
		page_put(page);
		return ret;
	}
	*result = page;
	return 0;
}

struct page *pagecache_add(struct mapping *mapping, uint64_t index)
{
	struct page *page;

	/* Reading ahead is not worth a reclaim. */
	if (page_nr_free() < page_low_watermark())
		return NULL;
	if (radix_find(&mapping->tree, index))
		return NULL;
	return pagecache_create(mapping, index, 0, &page) ? NULL : page;
}

struct page *pagecache_grab(struct mapping *mapping, uint64_t index)
{
	struct page *page;
	int ret;

	for (;;) {
		page = pagecache_find(mapping, index);
		if (!page) {
			ret = pagecache_create(mapping, index, 0, &page);
			if (!ret)
				return page;
			if (ret == -EEXIST)
				continue;
			return NULL;
		}
		page_lock(page);
		if (likely(page->mapping == mapping))
			return page;
		page_unlock(page);
		page_put(page);
	}
}

/* Have a locked page read; returns when it is unlocked again. */
static int page_fill(struct mapping *mapping, struct page *page)
{
	int ret;

	if (page_has_flag(page, PAGE_UPTODATE)) {
		page_unlock(page);
		return 0;
	}
	atomic_fetch_and(&page->flags, ~PAGE_ERROR);
	ret = mapping->ops->read_page(mapping, page);
	if (ret)
		return ret;
	page_wait_locked(page);
	return page_has_flag(page, PAGE_UPTODATE) ? 0 : -EIO;
}

int pagecache_read(struct mapping *mapping, uint64_t index,
		   struct page **result)
{
	struct page *page = pagecache_find(mapping, index);
	int ret;

	if (!page) {
		readahead_miss(mapping, index);
		page = pagecache_find(mapping, index);
	}
	if (page && page_has_flag(page, PAGE_READAHEAD))
		readahead_continue(mapping, page);
	if (page && page_has_flag(page, PAGE_UPTODATE)) {
		page_mark_used(page);
		*result = page;
		return 0;
	}
	if (page)
		page_put(page);

	page = pagecache_grab(mapping, index);
	if (!page)
		return -ENOMEM;
	ret = page_fill(mapping, page);
	if (ret) {
		page_put(page);
		return ret;
	}
	*result = page;
	return 0;
}

void pagecache_zero_page(struct page *page)
{
	memset(page_to_virt(page), 0, PAGE_SIZE);
	atomic_fetch_or(&page->flags, PAGE_UPTODATE);
	page_unlock(page);
}

/* Forget what was dirty; mapping->lock held. */
static void forget_dirty_locked(struct mapping *mapping, struct page *page)
{
	if (!(atomic_fetch_and(&page->flags, ~PAGE_DIRTY) & PAGE_DIRTY))
		return;
	if (mapping->no_writeback)
		return;
	mapping->nr_dirty--;
	atomic64_add_relaxed(&page_counts.dirty, -1);
}

/* Out of the tree; mapping->lock held.  The cache's reference is still there. */
static void remove_locked(struct mapping *mapping, struct page *page)
{
	void *item = radix_remove(&mapping->tree, page->index);

	BUG_ON(item != page);
	mapping->nr_pages--;
	forget_dirty_locked(mapping, page);
	__atomic_store_n(&page->mapping, NULL, __ATOMIC_RELAXED);
	atomic64_add_relaxed(&page_counts.cached, -1);
	if (mapping->no_writeback)
		atomic64_add_relaxed(&page_counts.shmem, -1);
}

static void release_private(struct mapping *mapping, struct page *page)
{
	if (page_has_flag(page, PAGE_PRIVATE) && mapping->ops->release_page)
		mapping->ops->release_page(mapping, page);
}

/* Remove a page that was found with a reference, whatever its state. */
static void remove_page(struct mapping *mapping, struct page *page)
{
	unsigned long irq;

	page_lock(page);
	if (page->mapping != mapping) {
		page_unlock(page);
		return;
	}
	page_wait_writeback(page);
	release_private(mapping, page);
	irq = spin_lock_irqsave(&mapping->lock);
	remove_locked(mapping, page);
	spin_unlock_irqrestore(&mapping->lock, irq);
	lru_remove(page);
	page_unlock(page);
	page_put(page);
}

/* Pages from *index up to last, with references; *index moves behind them. */
static unsigned find_batch(struct mapping *mapping, uint64_t *index,
			   uint64_t last, struct page **pages)
{
	unsigned long irq = spin_lock_irqsave(&mapping->lock);
	unsigned nr = 0;

	while (nr < REMOVE_BATCH && *index <= last) {
		struct page *page = radix_next(&mapping->tree, index, false);

		if (!page || *index > last)
			break;
		/* In the tree and the tree locked: the count is not zero. */
		page_get(page);
		pages[nr++] = page;
		++*index;
	}
	spin_unlock_irqrestore(&mapping->lock, irq);
	return nr;
}

static void remove_range(struct mapping *mapping, uint64_t first, uint64_t last)
{
	struct page *pages[REMOVE_BATCH];
	uint64_t index = first;
	unsigned nr;

	while ((nr = find_batch(mapping, &index, last, pages))) {
		for (unsigned i = 0; i < nr; i++) {
			remove_page(mapping, pages[i]);
			page_put(pages[i]);
		}
		thread_resched_point();
	}
	/* Pairs with the barrier in fault_map_file(): one sees the other. */
	smp_mb();
	mapping_unmap_range(mapping, first, last);
}

static void zero_tail(struct mapping *mapping, off_t size)
{
	uint64_t index = (uint64_t)size >> PAGE_SHIFT;
	size_t offset = (size_t)size & PAGE_MASK;
	struct page *page = pagecache_find(mapping, index);

	if (!page)
		return;
	page_lock(page);
	if (page->mapping == mapping && page_has_flag(page, PAGE_UPTODATE))
		memset((char *)page_to_virt(page) + offset, 0,
		       PAGE_SIZE - offset);
	page_unlock(page);
	page_put(page);
}

void pagecache_truncate(struct mapping *mapping, off_t size)
{
	if ((size_t)size & PAGE_MASK)
		zero_tail(mapping, size);
	remove_range(mapping, DIV_ROUND_UP((uint64_t)size, PAGE_SIZE),
		     UINT32_MAX);
}

bool pagecache_evict(struct page *page)
{
	struct mapping *mapping = page->mapping;
	unsigned long irq;
	int expected = 2; /* the cache's and the caller's */

	if (atomic_load(&page->flags) & (PAGE_DIRTY | PAGE_WRITEBACK))
		return false;
	if (atomic_load(&page->mapcount) > 0)
		mapping_unmap_unlocked(mapping, page->index);
	release_private(mapping, page);

	irq = spin_lock_irqsave(&mapping->lock);
	if (!atomic_cmpxchg(&page->refs.count, &expected, 0)) {
		spin_unlock_irqrestore(&mapping->lock, irq);
		return false;
	}
	/* It may have been written to before it was unmapped. */
	if (page_has_flag(page, PAGE_DIRTY)) {
		refcount_set(&page->refs, 2);
		spin_unlock_irqrestore(&mapping->lock, irq);
		return false;
	}
	remove_locked(mapping, page);
	spin_unlock_irqrestore(&mapping->lock, irq);
	lru_remove(page);
	page_unlock(page);
	page_free_frozen(page);
	return true;
}

void pagecache_drop(struct mapping *mapping, uint64_t first, uint64_t last)
{
	struct page *pages[REMOVE_BATCH];
	uint64_t index = first;
	unsigned nr;

	if (mapping->no_writeback)
		return;
	while ((nr = find_batch(mapping, &index, last, pages))) {
		for (unsigned i = 0; i < nr; i++) {
			struct page *page = pages[i];

			if (page_trylock(page)) {
				if (page->mapping == mapping &&
				    pagecache_evict(page))
					continue;
				page_unlock(page);
			}
			page_put(page);
		}
	}
}

void mapping_destroy(struct mapping *mapping)
{
	ASSERT(TAILQ_EMPTY(&mapping->vmas));
	if (mapping->tree)
		remove_range(mapping, 0, UINT32_MAX);
	BUG_ON(mapping->nr_pages);
	radix_destroy(&mapping->tree);
}

void pagecache_init(void)
{
	flusher_init();
	reclaim_init();
}
