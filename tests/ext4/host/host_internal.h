// SPDX-License-Identifier: MIT
/* What the parts of the small kernel share. */
#pragma once

#include "host.h"

struct mapping;
struct page;

/* Is it this allocation that shall fail? */
bool host_alloc_fails(void);

/* By lot, from 0 to n - 1; for what no operation decides. */
unsigned host_lot(unsigned n);

/* A disk with those contents, without a cache. */
void host_disk_init(struct host_disk *disk, uint8_t *data, size_t size);

/* One of the transfers under way ends, if there is any. */
void host_queue_step(void);
bool host_queue_is_empty(void);
/* No transfer ends any more. */
void host_queue_abandon(void);

/* The page, locked, with a reference; a new one is not up to date. */
struct page *host_page_grab(struct mapping *mapping, uint64_t index);
/*
 * The page of the mapping with the lowest index from index on that has flags.
 */
struct page *host_page_next(struct mapping *mapping, uint64_t index, int flags);
/* Pages that are clean and unused go. */
void host_pages_drop(struct mapping *mapping);
/* After an unmount: are all of its pages gone? */
void host_pages_check_unused(const struct super *super);

/* As the last reference of it goes. */
void host_inode_evict(struct inode *inode);
/* What is clean and unused goes. */
void host_inodes_drop(struct super *super);
