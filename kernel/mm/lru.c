// SPDX-License-Identifier: MIT
/*
 * Which file pages were used lately.
 *
 * New pages go to the front of the inactive list.  A reader only sets
 * PAGE_REFERENCED; the scan, from the back, moves pages that have it to the
 * active list, and evicts what has not been used between two visits.  The
 * active list feeds its oldest pages back when it grows longer than the other.
 * Pages without a disk behind them are on no list.  See try_evict() for mapped
 * ones.
 *
 * lru_lock covers the lists and PAGE_LRU, PAGE_ACTIVE.  A page leaves its list
 * when it leaves its file; the scan holds a reference and works without the
 * lock.
 */
#include <core/thread.h>
#include <core/time.h>

#include "mm_internal.h"
#include "rmap.h"

struct lru {
	struct page_list list;
	uint64_t nr;
};

static spinlock_t lru_lock = SPINLOCK_INIT(LOCK_LRU);
static struct lru inactive, active; /* [lru_lock] */

static void lru_push_locked(struct page *page, bool to_active)
{
	struct lru *lru = to_active ? &active : &inactive;

	page_list_push(&lru->list, page);
	lru->nr++;
	atomic_fetch_or(&page->flags,
			to_active ? PAGE_LRU | PAGE_ACTIVE : PAGE_LRU);
}

static void lru_take_locked(struct page *page)
{
	struct lru *lru =
		page_has_flag(page, PAGE_ACTIVE) ? &active : &inactive;

	page_list_remove(&lru->list, page);
	lru->nr--;
	atomic_fetch_and(&page->flags, ~(PAGE_LRU | PAGE_ACTIVE));
}

void lru_add(struct page *page)
{
	spin_lock(&lru_lock);
	lru_push_locked(page, false);
	spin_unlock(&lru_lock);
}

void lru_remove(struct page *page)
{
	spin_lock(&lru_lock);
	if (page_has_flag(page, PAGE_LRU))
		lru_take_locked(page);
	spin_unlock(&lru_lock);
}

/* The oldest active pages become candidates. */
static void balance_locked(void)
{
	while (active.nr > inactive.nr) {
		struct page *page = page_list_last(&active.list);

		lru_take_locked(page);
		atomic_fetch_and(&page->flags, ~PAGE_REFERENCED);
		lru_push_locked(page, false);
	}
}

/*
 * The next candidate, with a reference; it moves to the front meanwhile.
 * NULL: this one was used, or there is none (*scan is 0 then).
 */
static struct page *next_candidate(size_t *scan)
{
	struct page *page;
	bool used;

	spin_lock(&lru_lock);
	balance_locked();
	page = page_list_last(&inactive.list);
	if (!page) {
		*scan = 0;
		spin_unlock(&lru_lock);
		return NULL;
	}
	--*scan;
	used = atomic_fetch_and(&page->flags, ~PAGE_REFERENCED) &
	       PAGE_REFERENCED;
	lru_take_locked(page);
	lru_push_locked(page, used);
	if (used || !refcount_get_unless_zero(&page->refs))
		page = NULL;
	spin_unlock(&lru_lock);
	return page;
}

/*
 * A page that programs map tells of its use only by faults: it is unmapped
 * first, and evicted if nobody has faulted for it until the next visit.
 */
static bool try_evict(struct page *page)
{
	if (atomic_load(&page->mapcount) > 0) {
		mapping_unmap_unlocked(page->mapping, page->index);
		return false;
	}
	return pagecache_evict(page);
}

size_t lru_nr_pages(void)
{
	return inactive.nr + active.nr;
}

size_t lru_shrink(size_t nr, size_t scan)
{
	size_t freed = 0;

	while (scan && freed < nr) {
		struct page *page = next_candidate(&scan);

		if (!page)
			continue;
		if (page_trylock(page)) {
			if (page->mapping && try_evict(page)) {
				freed++;
				continue;
			}
			page_unlock(page);
		}
		page_put(page);
	}
	return freed;
}
