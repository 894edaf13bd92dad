// SPDX-License-Identifier: MIT
/*
 * The buddy system.
 *
 * A free block of 2^order pages starts at a multiple of its size and sits on
 * free[order] by its first page, which carries PAGE_FREE and the order; the
 * other pages of the block carry nothing.  A block's buddy differs from it in
 * one bit of the frame number.  Blocks never grow beyond a chunk of
 * 2^PAGE_ORDER_MAX pages, and so the entries of other chunks are never read.
 *
 * The caller holds the lock of the struct buddy.
 */
#include "buddy.h"

static void buddy_push(struct buddy *buddy, struct page *page, unsigned order)
{
	atomic_store(&page->flags,
		     PAGE_FREE | (int)(order << PAGE_ORDER_SHIFT));
	page_list_push(&buddy->free[order], page);
}

static bool page_is_free_block(const struct page *page, unsigned order)
{
	return page && atomic_load(&page->flags) ==
			       (PAGE_FREE | (int)(order << PAGE_ORDER_SHIFT));
}

struct page *buddy_alloc(struct buddy *buddy, unsigned order)
{
	struct page *page = NULL;
	unsigned found;

	for (found = order; found <= PAGE_ORDER_MAX; found++) {
		page = page_list_first(&buddy->free[found]);
		if (page)
			break;
	}
	if (!page)
		return NULL;

	page_list_remove(&buddy->free[found], page);
	/* The upper halves go back, down to the size that was asked for. */
	while (found > order) {
		found--;
		buddy_push(buddy, page + (1ul << found), found);
	}
	atomic_store(&page->flags, 0);
	buddy->nr_free -= 1ul << order;
	return page;
}

void buddy_free(struct buddy *buddy, struct page *page, unsigned order)
{
	uint64_t pfn = page_to_pfn(page);

	BUG_ON(page_has_flag(page, PAGE_FREE));
	buddy->nr_free += 1ul << order;
	for (; order < PAGE_ORDER_MAX; order++) {
		struct page *other = pfn_to_page(pfn ^ (1ul << order));

		if (!page_is_free_block(other, order))
			break;
		page_list_remove(&buddy->free[order], other);
		/* The block that ends inside the larger one is no head. */
		atomic_store(&other->flags, 0);
		pfn &= ~(1ul << order);
	}
	buddy_push(buddy, pfn_to_page(pfn), order);
}
