// SPDX-License-Identifier: MIT
/* What the parts of the small kernel share. */
#pragma once

#include "host.h"

struct mapping;
struct page;

/* Is it this allocation that shall fail? */
bool host_alloc_fails(void);

/* The page, locked, with a reference; a new one is not up to date. */
struct page *host_page_grab(struct mapping *mapping, uint64_t index);
/*
 * The page of the mapping with the lowest index from index on that has flags.
 */
struct page *host_page_next(struct mapping *mapping, uint64_t index, int flags);
/* Out of the cache with it; what it holds is lost. */
void host_page_remove(struct mapping *mapping, struct page *page);
/* After an unmount: is the whole array free? */
void host_pages_check_unused(void);

/* As the last reference of it goes. */
void host_inode_evict(struct inode *inode);
