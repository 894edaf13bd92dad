// SPDX-License-Identifier: MIT
/*
 * Read-ahead.
 *
 * A miss where the last window ended, or at the start of the file, is taken
 * for sequential reading: the window doubles up to READAHEAD_MAX.  Other
 * misses start over with a small one.  The page in the middle of a window
 * carries PAGE_READAHEAD; whoever reads it starts the next window, so that a
 * steady reader never waits.  The numbers in struct mapping are hints that
 * readers may race for.
 */
#include "readahead.h"

#include <mm/page.h>

#include "mm_internal.h"

#define READAHEAD_MIN 4  /* pages */
#define READAHEAD_MAX 32 /* 128 KiB */
#define ASKED_PART    4  /* of free memory is read at once when asked to */

static void read_each(struct mapping *mapping, uint64_t index, unsigned nr)
{
	for (; nr; nr--, index++) {
		struct page *page = pagecache_add(mapping, index);

		if (!page)
			continue;
		/* An error shows when the page is wanted and not up to date. */
		(void)mapping->ops->read_page(mapping, page);
		page_put(page);
	}
}

void readahead_start(struct mapping *mapping, uint64_t index, unsigned nr)
{
	uint64_t end;

	if (!mapping->host || mapping->no_writeback)
		return;
	end = DIV_ROUND_UP((uint64_t)mapping_size(mapping), PAGE_SIZE);
	if (index >= end)
		return;
	if (nr > end - index)
		nr = (unsigned)(end - index);
	if (mapping->ops->read_ahead)
		mapping->ops->read_ahead(mapping, index, nr);
	else
		read_each(mapping, index, nr);
}

static void start_window(struct mapping *mapping, uint64_t index, unsigned nr)
{
	struct page *page;

	mapping->ra_next = (uint32_t)(index + nr);
	mapping->ra_size = nr;
	readahead_start(mapping, index, nr);
	page = pagecache_find(mapping, index + nr / 2);
	if (!page)
		return;
	atomic_fetch_or(&page->flags, PAGE_READAHEAD);
	page_put(page);
}

void readahead_miss(struct mapping *mapping, uint64_t index)
{
	unsigned nr = READAHEAD_MIN;

	if (index && index == mapping->ra_next)
		nr = MIN(MAX(mapping->ra_size, 1u) * 2,
			 (unsigned)READAHEAD_MAX);
	else if (!index)
		nr = READAHEAD_MIN * 2;
	start_window(mapping, index, nr);
}

void readahead_continue(struct mapping *mapping, struct page *page)
{
	atomic_fetch_and(&page->flags, ~PAGE_READAHEAD);
	if (page->index >= mapping->ra_next ||
	    mapping->ra_next - page->index > READAHEAD_MAX)
		return; /* of a window long ago */
	start_window(
		mapping, mapping->ra_next,
		MIN(MAX(mapping->ra_size, 1u) * 2, (unsigned)READAHEAD_MAX));
}

void pagecache_read_ahead(struct mapping *mapping, uint64_t first, uint64_t end)
{
	uint64_t most = page_nr_free() / ASKED_PART;

	if (first < end)
		readahead_start(mapping, first,
				(unsigned)MIN(end - first, most));
}
