// SPDX-License-Identifier: MIT
/*
 * Waiting for a page: its lock bit and its write-back bit.
 *
 * Sleepers share a few wait queues by the page's address.  PAGE_WAITERS tells
 * the waker that there may be any: a waiter queues itself, sets the bit and
 * looks again; the waker takes both bits away in one step and wakes if it was
 * set.  Somebody who still has to wait sets it again.
 */
#include <core/waitq.h>
#include <mm/page.h>

#define PAGE_WAITQ_SHIFT 4

static struct waitq page_waitqs[1 << PAGE_WAITQ_SHIFT];

void page_lock_init(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(page_waitqs); i++)
		waitq_init(&page_waitqs[i]);
}

static struct waitq *page_waitq(const struct page *page)
{
	uint64_t hash = ((uintptr_t)page / sizeof(*page)) * 0x9e3779b97f4a7c15;

	return &page_waitqs[hash >> (64 - PAGE_WAITQ_SHIFT)];
}

/* Is the flag clear?  If not, whoever clears it will wake us. */
static bool page_flag_is_clear(struct page *page, int flag)
{
	int old = atomic_fetch_or(&page->flags, PAGE_WAITERS);

	return !(old & flag);
}

bool page_trylock(struct page *page)
{
	return !(atomic_fetch_or(&page->flags, PAGE_LOCKED) & PAGE_LOCKED);
}

void page_lock(struct page *page)
{
	if (likely(page_trylock(page)))
		return;
	waitq_wait(page_waitq(page),
		   page_flag_is_clear(page, PAGE_LOCKED) && page_trylock(page));
}

static void page_clear_and_wake(struct page *page, int flag)
{
	int old = atomic_fetch_and(&page->flags, ~(flag | PAGE_WAITERS));

	ASSERT(old & flag);
	if (unlikely(old & PAGE_WAITERS))
		waitq_wake_all(page_waitq(page));
}

void page_unlock(struct page *page)
{
	page_clear_and_wake(page, PAGE_LOCKED);
}

void page_wait_locked(struct page *page)
{
	if (page_has_flag(page, PAGE_LOCKED))
		waitq_wait(page_waitq(page),
			   page_flag_is_clear(page, PAGE_LOCKED));
}

void page_wait_writeback(struct page *page)
{
	if (page_has_flag(page, PAGE_WRITEBACK))
		waitq_wait(page_waitq(page),
			   page_flag_is_clear(page, PAGE_WRITEBACK));
}

void page_end_writeback(struct page *page)
{
	page_clear_and_wake(page, PAGE_WRITEBACK);
}
