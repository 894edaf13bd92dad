// SPDX-License-Identifier: MIT
/* Reading files before they are asked for.  Private to mm/. */
#pragma once

#include <mm/pagecache.h>

/* index is not in the cache and is wanted now. */
void readahead_miss(struct mapping *mapping, uint64_t index);
/* page, which carries PAGE_READAHEAD, was reached: time for the next window. */
void readahead_continue(struct mapping *mapping, struct page *page);
/* Start reading [index, index + nr), as far as the file goes. */
void readahead_start(struct mapping *mapping, uint64_t index, unsigned nr);
