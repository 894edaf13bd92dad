// SPDX-License-Identifier: MIT
/*
 * The buddy system: free blocks of 2^order frames, split and merged.
 * Pure bookkeeping over struct page; page_alloc.c adds locks and policy.
 */
#pragma once

#include <mm/page_list.h>

#define PAGE_ORDER_MAX 10 /* 4 MiB */
#define PAGE_CHUNK     (1ul << PAGE_ORDER_MAX)

struct buddy {
	struct page_list free[PAGE_ORDER_MAX + 1];
	uint64_t nr_free; /* pages */
};

/* Take a block; NULL: none of that order or larger.  Its flags are 0. */
struct page *buddy_alloc(struct buddy *buddy, unsigned order);
/* Give a block back and merge it with its free neighbours. */
void buddy_free(struct buddy *buddy, struct page *page, unsigned order);
