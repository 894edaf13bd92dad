// SPDX-License-Identifier: MIT
/* What the files of mm/ share with one another and nobody else. */
#pragma once

#include <core/lock.h>
#include <mm/page.h>

#include "buddy.h"

/* --- page_range.c: RAM as it was found at boot ------------------------ */

/* Note the ranges, place the page array; returns usable pages. */
uint64_t page_range_init(const struct mem_range *ram, size_t nr_ram,
			 const struct mem_range *reserved, size_t nr_reserved);
/*
 * Initialise the entries of the next chunk and give its free pages to the
 * buddy system.  False: all of RAM is in use.  Context: page allocator locked.
 */
bool page_range_grow(struct buddy *buddy);
/* The same until the frame is initialised.  False: no such frame. */
bool page_range_grow_to(struct buddy *buddy, uint64_t pfn);

/* --- page_alloc.c ----------------------------------------------------- */

/* Free pages, roughly (without lock), and the level reclaim keeps free. */
uint64_t page_nr_free(void);
uint64_t page_low_watermark(void);

/* The page, with no reference left, came out of the page cache by force. */
void page_free_frozen(struct page *page);

/* --- slab.c ----------------------------------------------------------- */

/* Give empty slabs back; pages freed. */
size_t slab_shrink(void);

/* --- slab_debug.c, debug builds only ---------------------------------- */

struct slab_object {
	const struct slab_cache *owner;
	const char *cache; /* its name */
	uintptr_t start;
	size_t size;
	uintptr_t allocator, freer; /* return addresses, 0: nobody yet */
};
/* The object at addr, or before it.  False: no slab is there.  Any context. */
bool slab_find_object(const void *addr, struct slab_object *object);

/* --- writeback.c ------------------------------------------------------ */

void flusher_init(void); /* thread context */
/* A writer made pages dirty: wait here if there are too many.  May sleep. */
void writeback_throttle(struct mapping *mapping);

/* --- pagecache.c ------------------------------------------------------ */

/*
 * Take a clean page that only the cache holds (besides the caller, who locked
 * it) out of its file and free it.  False: it is in use or dirty.
 */
bool pagecache_evict(struct page *page);

/* --- lru.c ------------------------------------------------------------ */

/* Pages of files with a disk are on a list by when they were used. */
void lru_add(struct page *page);
void lru_remove(struct page *page);
/* The page was used; cheap.  Any context. */
static inline void page_mark_used(struct page *page)
{
	if (!page_has_flag(page, PAGE_REFERENCED))
		atomic_fetch_or(&page->flags, PAGE_REFERENCED);
}
/* Evict up to nr pages, looking at no more than scan; returns how many. */
size_t lru_shrink(size_t nr, size_t scan);
size_t lru_nr_pages(void); /* roughly */

/* --- reclaim.c -------------------------------------------------------- */

/* Try to free nr pages; returns how many.  flags: ALLOC_*.  May sleep. */
size_t reclaim_pages(size_t nr, unsigned flags);
/* Wake the reclaim thread.  Any context. */
void reclaim_kick(void);
void reclaim_init(void); /* thread context */
