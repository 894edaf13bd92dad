// SPDX-License-Identifier: MIT
/*
 * Lists of pages, doubly linked by frame number through page->prev and next.
 * Frame 0 ends a list; page_alloc_init() never gives it out.
 * Whoever owns a list guards it.
 */
#pragma once

#include <mm/page.h>

struct page_list {
	uint32_t first, last; /* pfn, 0: empty */
};

static inline bool page_list_is_empty(const struct page_list *list)
{
	return !list->first;
}

static inline struct page *page_list_first(const struct page_list *list)
{
	return list->first ? pfn_to_page(list->first) : NULL;
}

static inline struct page *page_list_last(const struct page_list *list)
{
	return list->last ? pfn_to_page(list->last) : NULL;
}

static inline void page_list_push(struct page_list *list, struct page *page)
{
	uint32_t pfn = (uint32_t)page_to_pfn(page);

	page->prev = 0;
	page->next = list->first;
	if (list->first)
		pfn_to_page(list->first)->prev = pfn;
	else
		list->last = pfn;
	list->first = pfn;
}

static inline void page_list_remove(struct page_list *list, struct page *page)
{
	if (page->prev)
		pfn_to_page(page->prev)->next = page->next;
	else
		list->first = page->next;
	if (page->next)
		pfn_to_page(page->next)->prev = page->prev;
	else
		list->last = page->prev;
}
