// SPDX-License-Identifier: MIT
/* A page cache, which has all pages in one array and searches that. */
#include <string.h>

#include <sys/mman.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/thread.h>
#include <mm/page.h>
#include <mm/pagecache.h>

#include "host_internal.h"

#define NR_PAGES 12288

uintptr_t unit_direct_map;

static struct page pages[NR_PAGES];
static uint8_t *page_data;
static uint8_t page_used[NR_PAGES];
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

void host_page_remove(struct mapping *mapping, struct page *page)
{
	BUG_ON(page_has_flag(page, PAGE_LOCKED | PAGE_WRITEBACK));
	if (page_has_flag(page, PAGE_PRIVATE))
		mapping->ops->release_page(mapping, page);
	if (page_has_flag(page, PAGE_DIRTY))
		mapping->nr_dirty--;
	mapping->nr_pages--;
	page->mapping = NULL;
	page_put(page);
}

static struct page *page_take(unsigned n, struct mapping *mapping,
			      uint64_t index)
{
	page_used[n] = 1;
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
	/* In the second round, clean pages go. */
	for (unsigned i = 0; i < 2 * NR_PAGES; i++) {
		unsigned n = page_hand++ % NR_PAGES;

		if (page_used[n] && i >= NR_PAGES && page_is_idle(&pages[n]))
			host_page_remove(pages[n].mapping, &pages[n]);
		if (!page_used[n])
			return page_take(n, mapping, index);
	}
	panic("out of pages");
}

void page_lock(struct page *page)
{
	BUG_ON(page_has_flag(page, PAGE_LOCKED));
	BUG_ON(host_thread.fs_transaction);
	atomic_fetch_or(&page->flags, PAGE_LOCKED);
}

void page_unlock(struct page *page)
{
	BUG_ON(!page_has_flag(page, PAGE_LOCKED));
	atomic_fetch_and(&page->flags, ~PAGE_LOCKED);
}

void page_end_writeback(struct page *page)
{
	BUG_ON(!page_has_flag(page, PAGE_WRITEBACK));
	atomic_fetch_and(&page->flags, ~PAGE_WRITEBACK);
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

	for (unsigned i = 0; mapping->nr_pages && i < NR_PAGES; i++) {
		struct page *page = &pages[i];

		if (page_used[i] && page->mapping == mapping &&
		    page->index >= index &&
		    (atomic_load(&page->flags) & flags) == flags &&
		    (!best || page->index < best->index))
			best = page;
	}
	return best;
}

static struct page *host_page_find(struct mapping *mapping, uint64_t index)
{
	for (unsigned i = 0; mapping->nr_pages && i < NR_PAGES; i++) {
		if (page_used[i] && pages[i].mapping == mapping &&
		    pages[i].index == index)
			return &pages[i];
	}
	return NULL;
}

struct page *pagecache_add(struct mapping *mapping, uint64_t index)
{
	return host_page_find(mapping, index) ? NULL : page_new(mapping, index);
}

struct page *host_page_grab(struct mapping *mapping, uint64_t index)
{
	struct page *page = host_page_find(mapping, index);

	if (!page)
		return page_new(mapping, index);
	page_get(page);
	page_lock(page);
	return page;
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
	BUG_ON(page_has_flag(page, PAGE_LOCKED));
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
	if (!(atomic_fetch_or(&page->flags, PAGE_DIRTY) & PAGE_DIRTY))
		page->mapping->nr_dirty++;
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
	struct page *page = host_page_next(mapping, *index, PAGE_DIRTY);

	if (!page || page->index > last)
		return NULL;
	page_get(page);
	page_lock(page);
	*index = page->index + 1;
	return page;
}

int pagecache_sync(struct mapping *mapping, uint64_t first, uint64_t last,
		   bool wait)
{
	BUG_ON(host_thread.fs_transaction);
	return mapping->nr_dirty
		       ? mapping->ops->write_pages(mapping, first, last, wait)
		       : 0;
}

void pagecache_truncate(struct mapping *mapping, off_t size)
{
	uint64_t first = DIV_ROUND_UP((uint64_t)size, PAGE_SIZE);
	size_t tail = (size_t)size & PAGE_MASK;
	struct page *page;

	BUG_ON(mapping->nr_pages && host_thread.fs_transaction);
	page = tail ? host_page_find(mapping, (uint64_t)size / PAGE_SIZE)
		    : NULL;
	if (page)
		memset((char *)page_to_virt(page) + tail, 0, PAGE_SIZE - tail);
	while ((page = host_page_next(mapping, first, 0)))
		host_page_remove(mapping, page);
}

void host_pages_check_unused(void)
{
	for (unsigned i = 0; i < NR_PAGES; i++)
		BUG_ON(page_used[i]);
}
