// SPDX-License-Identifier: MIT
/* See write_cache.h; and what a loss of power leaves of the disk. */
#include "write_cache.h"

#include <stdlib.h>
#include <string.h>

#include <core/panic.h>

#include "host.h"
#include "host_internal.h"

#define SECTOR  512
#define GARBAGE 0xdb

struct host_write *host_cache_add(struct host_cache *cache, size_t at,
				  size_t len)
{
	struct host_write *write = malloc(sizeof(*write) + len);

	write->at = at;
	write->len = len;
	write->ended = 0;
	TAILQ_INSERT_TAIL(&cache->writes, write, link);
	return write;
}

void host_cache_end(struct host_cache *cache, struct host_write *write)
{
	write->ended = ++cache->now;
	TAILQ_REMOVE(&cache->writes, write, link);
	TAILQ_INSERT_TAIL(&cache->writes, write, link);
}

void host_cache_flush(struct host_cache *cache, uint64_t upto)
{
	struct host_write *write, *next;

	for (write = TAILQ_FIRST(&cache->writes); write; write = next) {
		next = TAILQ_NEXT(write, link);
		if (!write->ended || write->ended > upto)
			continue;
		memcpy(cache->stable + write->at, write->data, write->len);
		TAILQ_REMOVE(&cache->writes, write, link);
		free(write);
	}
}

void host_disk_add_cache(struct host_disk *disk)
{
	struct host_cache *cache = calloc(1, sizeof(*cache));

	cache->stable = malloc(disk->size);
	memcpy(cache->stable, disk->data, disk->size);
	TAILQ_INIT(&cache->writes);
	disk->cache = cache;
}

void host_disk_remove_cache(struct host_disk *disk)
{
	struct host_cache *cache = disk->cache;

	BUG_ON(!host_queue_is_empty());
	host_cache_flush(cache, UINT64_MAX);
	/* Those that failed are left. */
	while (!TAILQ_EMPTY(&cache->writes)) {
		struct host_write *write = TAILQ_FIRST(&cache->writes);

		TAILQ_REMOVE(&cache->writes, write, link);
		free(write);
	}
	free(cache->stable);
	free(cache);
	disk->cache = NULL;
}

/* --- loss of power --- */

static void cut_write(uint8_t *after, const struct host_write *write,
		      const struct host_cut *cut)
{
	if (!cut->torn) {
		if (host_lot(100) < cut->percent)
			memcpy(after + write->at, write->data, write->len);
		return;
	}
	for (size_t i = 0; i < write->len; i += SECTOR) {
		if (host_lot(100) < cut->percent)
			memcpy(after + write->at + i, write->data + i, SECTOR);
	}
}

/* The power went in the middle of a sector. */
static void cut_garbage(uint8_t *after, const struct host_cache *cache,
			const struct host_cut *cut)
{
	const struct host_write *write = TAILQ_FIRST(&cache->writes);
	unsigned nr = 0;
	size_t at;

	if (!write)
		return;
	TAILQ_FOREACH (write, &cache->writes, link)
		nr++;
	write = TAILQ_FIRST(&cache->writes);
	for (unsigned n = host_lot(nr); n; n--)
		write = TAILQ_NEXT(write, link);
	at = write->at + host_lot((unsigned)write->len / SECTOR) * SECTOR;
	if (at >= cut->spared_from && at < cut->spared_end)
		return;
	memset(after + at + host_lot(2) * (SECTOR / 2), GARBAGE, SECTOR / 2);
}

void host_disk_cut(const struct host_disk *disk, const struct host_cut *cut,
		   struct host_disk *after)
{
	const struct host_write *write;
	uint8_t *data = malloc(disk->size);

	memcpy(data, disk->cache->stable, disk->size);
	TAILQ_FOREACH (write, &disk->cache->writes, link)
		cut_write(data, write, cut);
	if (cut->garbage)
		cut_garbage(data, disk->cache, cut);
	host_disk_init(after, data, disk->size);
}
