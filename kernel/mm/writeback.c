// SPDX-License-Identifier: MIT
/*
 * Dirty pages, and the thread that writes them.
 *
 * A page becomes dirty under its lock, through write(2) or through the first
 * write of a shared mapping.  page_clear_dirty_for_io() starts its way to the
 * disk: it takes write permission from all mappings, so that a later write
 * faults and makes it dirty again.  PAGE_DIRTY, the tree's tag and the
 * counters change together under mapping->lock.
 */
#include <lib/errno.h>

#include <arch/hart.h>
#include <core/printk.h>
#include <core/thread.h>
#include <core/time.h>
#include <core/waitq.h>
#include <mm/page.h>
#include <mm/pagecache.h>

#include "mm_internal.h"
#include "rmap.h"

#define FLUSH_INTERVAL_NS (5 * NSEC_PER_SEC)
#define THROTTLE_PAGES    256 /* written by the writer itself at a time */

static struct waitq flusher_waitq;
static atomic_t flusher_kicked;
static const struct pagecache_hosts *hosts; /* [I] after boot */

void pagecache_register(const struct pagecache_hosts *ops)
{
	hosts = ops;
}

void pagecache_flusher_kick(void)
{
	if (!atomic_xchg(&flusher_kicked, 1))
		waitq_wake_all(&flusher_waitq);
}

/* Half of what may be dirty before writers wait. */
static uint64_t background_limit(void)
{
	return (page_nr_free() + (uint64_t)atomic64_load(&page_counts.cached)) /
	       5;
}

void page_set_dirty(struct page *page)
{
	struct mapping *mapping = page->mapping;
	bool first = false;
	unsigned long irq;

	/* What was written may be instructions. */
	if (page_has_flag(page, PAGE_ICACHE_CLEAN))
		atomic_fetch_and(&page->flags, ~PAGE_ICACHE_CLEAN);
	if (page_has_flag(page, PAGE_DIRTY) || !mapping)
		return;
	irq = spin_lock_irqsave(&mapping->lock);
	if (!(atomic_fetch_or(&page->flags, PAGE_DIRTY) & PAGE_DIRTY) &&
	    !mapping->no_writeback) {
		radix_set_tag(&mapping->tree, page->index);
		first = !mapping->nr_dirty++;
		atomic64_add_relaxed(&page_counts.dirty, 1);
	}
	spin_unlock_irqrestore(&mapping->lock, irq);
	if (first && mapping->host)
		hosts->note_dirty(mapping);
}

void page_clear_dirty_for_io(struct page *page)
{
	struct mapping *mapping = page->mapping;
	unsigned long irq;

	ASSERT(page_has_flag(page, PAGE_LOCKED));
	/*
	 * While this holds the page lock no mapping gets write permission back
	 * (pagecache_make_writable()), and the caller has not read it yet.
	 */
	if (atomic_load(&page->mapcount) > 0)
		mapping_write_protect(mapping, page->index);
	irq = spin_lock_irqsave(&mapping->lock);
	atomic_fetch_or(&page->flags, PAGE_WRITEBACK);
	if (atomic_fetch_and(&page->flags, ~PAGE_DIRTY) & PAGE_DIRTY) {
		radix_clear_tag(&mapping->tree, page->index);
		mapping->nr_dirty--;
		atomic64_add_relaxed(&page_counts.dirty, -1);
	}
	spin_unlock_irqrestore(&mapping->lock, irq);
}

static struct page *find_dirty(struct mapping *mapping, uint64_t *index,
			       uint64_t last)
{
	unsigned long irq = spin_lock_irqsave(&mapping->lock);
	struct page *page = radix_next(&mapping->tree, index, true);

	if (page && *index > last)
		page = NULL;
	if (page)
		page_get(page);
	spin_unlock_irqrestore(&mapping->lock, irq);
	return page;
}

struct page *pagecache_next_dirty(struct mapping *mapping, uint64_t *index,
				  uint64_t last)
{
	struct page *page;

	while ((page = find_dirty(mapping, index, last))) {
		++*index;
		page_lock(page);
		/* One write at a time, or an older one could come last. */
		page_wait_writeback(page);
		if (page->mapping == mapping && page_has_flag(page, PAGE_DIRTY))
			return page;
		page_unlock(page);
		page_put(page);
	}
	return NULL;
}

bool mapping_may_write_again(struct mapping *mapping, int error,
			     unsigned *tries)
{
	return mapping->ops->may_write_again &&
	       mapping->ops->may_write_again(mapping, error, tries);
}

static int make_writable_once(struct mapping *mapping, struct page *page)
{
	unsigned to = PAGE_SIZE;
	uint64_t start = (uint64_t)page->index << PAGE_SHIFT;
	uint64_t size;
	int ret;

	page_lock(page);
	if (page->mapping != mapping) {
		page_unlock(page);
		return -EAGAIN;
	}
	size = (uint64_t)mapping_size(mapping);
	if (start >= size) {
		page_unlock(page);
		return -ENXIO;
	}
	if (size - start < to)
		to = (unsigned)(size - start);
	ret = mapping->ops->write_begin
		      ? mapping->ops->write_begin(mapping, page, 0, to)
		      : 0;
	if (!ret && mapping->ops->write_end)
		ret = mapping->ops->write_end(mapping, page, 0, to);
	if (ret) {
		page_unlock(page);
		return ret;
	}
	page_set_dirty(page);
	hosts->touch(mapping);
	return 0;
}

int pagecache_make_writable(struct mapping *mapping, struct page *page)
{
	unsigned tries = 0;
	int ret;

	do
		ret = make_writable_once(mapping, page);
	while (unlikely(ret) && mapping_may_write_again(mapping, ret, &tries));
	return ret;
}

/* Wait for the pages that are on their way, found by walking the range. */
static void wait_range(struct mapping *mapping, uint64_t first, uint64_t last)
{
	uint64_t index = first;

	while (index <= last) {
		unsigned long irq = spin_lock_irqsave(&mapping->lock);
		struct page *page = radix_next(&mapping->tree, &index, false);

		if (page && index <= last)
			page_get(page);
		else
			page = NULL;
		spin_unlock_irqrestore(&mapping->lock, irq);
		if (!page)
			return;
		page_wait_writeback(page);
		page_put(page);
		index++;
	}
}

int pagecache_sync(struct mapping *mapping, uint64_t first, uint64_t last,
		   bool wait)
{
	unsigned long irq;
	int ret = 0;

	if (mapping->no_writeback)
		return 0;
	if (mapping->nr_dirty && mapping->ops->write_pages)
		ret = mapping->ops->write_pages(mapping, first, last, wait);
	if (!wait)
		return ret;
	wait_range(mapping, first, last);

	irq = spin_lock_irqsave(&mapping->lock);
	if (!ret)
		ret = mapping->error;
	mapping->error = 0;
	spin_unlock_irqrestore(&mapping->lock, irq);
	return ret;
}

void writeback_throttle(struct mapping *mapping)
{
	uint64_t limit = background_limit();
	uint64_t dirty = (uint64_t)atomic64_load(&page_counts.dirty);

	if (likely(dirty < limit))
		return;
	pagecache_flusher_kick();
	/* Too fast for the disk: the writer waits for its own file. */
	if (dirty > 2 * limit)
		(void)pagecache_sync(mapping, 0, UINT32_MAX, true);
}

static void flusher_run(void *arg)
{
	(void)arg;
	for (;;) {
		(void)waitq_wait_state(
			&flusher_waitq, atomic_load(&flusher_kicked),
			THREAD_UNINTERRUPTIBLE, (int64_t)FLUSH_INTERVAL_NS);
		atomic_store(&flusher_kicked, 0);
		/* Metadata may be dirty where no page is. */
		if (hosts)
			(void)hosts->sync_all(false);
	}
}

void flusher_init(void)
{
	struct thread *thread;

	waitq_init(&flusher_waitq);
	thread = thread_create(flusher_run, NULL, "flusher");
	if (!thread)
		panic("no memory for the flusher thread");
	thread_wake(thread);
}
