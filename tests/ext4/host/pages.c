// SPDX-License-Identifier: MIT
/* A page cache, which has all pages in one array and searches that. */
#include <string.h>

#include <sys/mman.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/thread.h>
#include <fs/inode.h>
#include <mm/page.h>
#include <mm/pagecache.h>

#include "host_internal.h"

#define NR_PAGES 12288

uintptr_t unit_direct_map;

static struct page pages[NR_PAGES];
static uint8_t *page_data;
static uint8_t page_used[NR_PAGES];
static unsigned pages_end; /* all behind are free */
static unsigned page_hand;

static bool is_cache_page(const struct page *page)
{
	return page >= pages && page < pages + NR_PAGES;
}

void *page_to_virt(const struct page *page)
{
	if (is_cache_page(page))
		return page_data + (size_t)(page - pages) * PAGE_SIZE;
	return (void *)(uintptr_t)page;
}

struct page *virt_to_page(const void *addr)
{
	return (struct page *)((uintptr_t)addr & ~PAGE_MASK);
}

void page_put(struct page *page)
{
	if (refcount_put(&page->refs))
		page_used[page - pages] = 0;
}

/* Out of the cache with it, which the caller has locked, or knows as idle. */
static void page_remove(struct mapping *mapping, struct page *page)
{
	BUG_ON(page_has_flag(page, PAGE_WRITEBACK));
	if (page_has_flag(page, PAGE_PRIVATE))
		mapping->ops->release_page(mapping, page);
	if (page_has_flag(page, PAGE_DIRTY))
		mapping->nr_dirty--;
	atomic_fetch_and(&page->flags, ~PAGE_DIRTY);
	mapping->nr_pages--;
	page->mapping = NULL;
	page_put(page);
}

static struct page *page_take(unsigned n, struct mapping *mapping,
			      uint64_t index)
{
	page_used[n] = 1;
	pages_end = MAX(pages_end, n + 1);
	memset(&pages[n], 0, sizeof(pages[n]));
	refcount_set(&pages[n].refs, 2);
	pages[n].mapping = mapping;
	pages[n].index = (uint32_t)index;
	atomic_store(&pages[n].flags, PAGE_LOCKED);
	memset(page_to_virt(&pages[n]), 0x5a, PAGE_SIZE);
	mapping->nr_pages++;
	return &pages[n];
}

static bool page_is_idle(const struct page *page)
{
	return refcount_read(&page->refs) == 1 &&
	       !(atomic_load(&page->flags) &
		 (PAGE_LOCKED | PAGE_DIRTY | PAGE_WRITEBACK));
}

static struct page *page_new(struct mapping *mapping, uint64_t index)
{
	if (!page_data)
		page_data =
			mmap(NULL, NR_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (host_alloc_fails())
		return NULL;
	for (unsigned n = 0; n < NR_PAGES; n++) {
		if (!page_used[n])
			return page_take(n, mapping, index);
	}
	for (unsigned i = 0; i < NR_PAGES; i++) {
		unsigned n = page_hand++ % NR_PAGES;

		if (!page_is_idle(&pages[n]))
			continue;
		page_remove(pages[n].mapping, &pages[n]);
		return page_take(n, mapping, index);
	}
	panic("out of pages");
}

void page_lock(struct page *page)
{
	BUG_ON(current_thread()->fs_transaction);
	host_may_sleep();
	while (page_has_flag(page, PAGE_LOCKED))
		host_sleep();
	atomic_fetch_or(&page->flags, PAGE_LOCKED);
}

void page_unlock(struct page *page)
{
	BUG_ON(!page_has_flag(page, PAGE_LOCKED));
	atomic_fetch_and(&page->flags, ~PAGE_LOCKED);
	host_wake();
}

void page_wait_writeback(struct page *page)
{
	while (page_has_flag(page, PAGE_WRITEBACK))
		host_sleep();
}

void page_end_writeback(struct page *page)
{
	BUG_ON(!page_has_flag(page, PAGE_WRITEBACK));
	atomic_fetch_and(&page->flags, ~PAGE_WRITEBACK);
	host_wake();
}

void mapping_init(struct mapping *mapping, struct inode *host,
		  const struct mapping_ops *ops)
{
	memset(mapping, 0, sizeof(*mapping));
	mapping->host = host;
	mapping->ops = ops;
}

/* The page of the mapping with the lowest index from index on that has flags. */
struct page *host_page_next(struct mapping *mapping, uint64_t index, int flags)
{
	struct page *best = NULL;

	for (unsigned i = 0; mapping->nr_pages && i < pages_end; i++) {
		struct page *page = &pages[i];

		if (page_used[i] && page->mapping == mapping &&
		    page->index >= index &&
		    (atomic_load(&page->flags) & flags) == flags &&
		    (!best || page->index < best->index))
			best = page;
	}
	return best;
}

static struct page *page_find(struct mapping *mapping, uint64_t index)
{
	for (unsigned i = 0; mapping->nr_pages && i < pages_end; i++) {
		if (page_used[i] && pages[i].mapping == mapping &&
		    pages[i].index == index)
			return &pages[i];
	}
	return NULL;
}

struct page *pagecache_add(struct mapping *mapping, uint64_t index)
{
	return page_find(mapping, index) ? NULL : page_new(mapping, index);
}

struct page *host_page_grab(struct mapping *mapping, uint64_t index)
{
	for (;;) {
		struct page *page = page_find(mapping, index);

		if (!page)
			return page_new(mapping, index);
		page_get(page);
		page_lock(page);
		if (page->mapping == mapping)
			return page;
		/* Somebody removed it while we slept. */
		page_unlock(page);
		page_put(page);
	}
}

int pagecache_read(struct mapping *mapping, uint64_t index,
		   struct page **result)
{
	struct page *page;
	int ret = 0;

	/* Now and then as a reader of long runs would. */
	if (index % 3 == 0 && mapping->ops->read_ahead)
		mapping->ops->read_ahead(mapping, index, 7);
	page = host_page_grab(mapping, index);
	if (!page)
		return -ENOMEM;
	if (page_has_flag(page, PAGE_UPTODATE))
		page_unlock(page);
	else
		ret = mapping->ops->read_page(mapping, page);
	while (page_has_flag(page, PAGE_LOCKED))
		host_sleep();
	if (!ret && !page_has_flag(page, PAGE_UPTODATE))
		ret = -EIO;
	if (ret)
		page_put(page);
	*result = page;
	return ret;
}

void page_set_dirty(struct page *page)
{
	BUG_ON(!page_has_flag(page, PAGE_LOCKED));
	/* Only the first one tells the inode, as in the kernel. */
	if (!(atomic_fetch_or(&page->flags, PAGE_DIRTY) & PAGE_DIRTY) &&
	    !page->mapping->nr_dirty++)
		inode_mark_dirty_pages(page->mapping->host);
}

void page_clear_dirty_for_io(struct page *page)
{
	BUG_ON(!page_has_flag(page, PAGE_LOCKED));
	if (atomic_fetch_and(&page->flags, ~PAGE_DIRTY) & PAGE_DIRTY)
		page->mapping->nr_dirty--;
	atomic_fetch_or(&page->flags, PAGE_WRITEBACK);
}

struct page *pagecache_next_dirty(struct mapping *mapping, uint64_t *index,
				  uint64_t last)
{
	struct page *page;

	while ((page = host_page_next(mapping, *index, PAGE_DIRTY))) {
		if (page->index > last)
			break;
		*index = page->index + 1;
		page_get(page);
		page_lock(page);
		page_wait_writeback(page);
		if (page->mapping == mapping && page_has_flag(page, PAGE_DIRTY))
			return page;
		page_unlock(page);
		page_put(page);
	}
	return NULL;
}

int pagecache_sync(struct mapping *mapping, uint64_t first, uint64_t last,
		   bool wait)
{
	int ret = 0;

	BUG_ON(current_thread()->fs_transaction);
	if (mapping->nr_dirty)
		ret = mapping->ops->write_pages(mapping, first, last, wait);
	while (wait && host_page_next(mapping, first, PAGE_WRITEBACK))
		host_sleep();
	if (wait && !ret)
		ret = mapping->error;
	if (wait)
		mapping->error = 0;
	return ret;
}

static void zero_tail(struct mapping *mapping, off_t size)
{
	size_t tail = (size_t)size & PAGE_MASK;
	struct page *page = page_find(mapping, (uint64_t)size / PAGE_SIZE);

	if (!tail || !page)
		return;
	page_get(page);
	page_lock(page);
	if (page->mapping == mapping)
		memset((char *)page_to_virt(page) + tail, 0, PAGE_SIZE - tail);
	page_unlock(page);
	page_put(page);
}

void pagecache_truncate(struct mapping *mapping, off_t size)
{
	uint64_t first = DIV_ROUND_UP((uint64_t)size, PAGE_SIZE);
	struct page *page;

	BUG_ON(mapping->nr_pages && current_thread()->fs_transaction);
	zero_tail(mapping, size);
	while ((page = host_page_next(mapping, first, 0))) {
		page_get(page);
		page_lock(page);
		page_wait_writeback(page);
		if (page->mapping == mapping)
			page_remove(mapping, page);
		page_unlock(page);
		page_put(page);
	}
}

int pagecache_prepare_hole(struct mapping *mapping)
{
	pagecache_truncate(mapping, mapping_size(mapping));
	return mapping->ops->prepare_hole(mapping);
}

void host_pages_drop(struct mapping *mapping)
{
	for (unsigned i = 0; i < pages_end; i++) {
		if (page_used[i] && pages[i].mapping == mapping &&
		    page_is_idle(&pages[i]))
			page_remove(mapping, &pages[i]);
	}
}

void host_pages_check_unused(const struct super *super)
{
	for (unsigned i = 0; i < pages_end; i++)
		BUG_ON(page_used[i] && pages[i].mapping &&
		       pages[i].mapping->host->super == super);
}
