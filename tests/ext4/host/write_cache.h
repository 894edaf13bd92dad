// SPDX-License-Identifier: MIT
/*
 * The disk's write cache: what was written is lost with the power until a flush
 * has ended that began after it.
 */
#pragma once

#include <sys/queue.h>

#include <lib/types.h>

/* What may be lost: written, or on the way, since the last flush. */
struct host_write {
	TAILQ_ENTRY(host_write) link;
	size_t at, len; /* bytes */
	uint64_t ended; /* when; 0: on the way, or failed */
	uint8_t data[];
};

TAILQ_HEAD(host_write_list, host_write);

struct host_cache {
	uint8_t *stable;               /* what no loss of power can take away */
	struct host_write_list writes; /* the rest, oldest first */
	uint64_t now;                  /* counts the ends of writes */
};

/* A write begins; the caller fills in its data. */
struct host_write *host_cache_add(struct host_cache *cache, size_t at,
				  size_t len);
/* It has ended, and is the last one that did. */
void host_cache_end(struct host_cache *cache, struct host_write *write);
/* What had ended by then (host_cache.now) is stable. */
void host_cache_flush(struct host_cache *cache, uint64_t upto);
