// SPDX-License-Identifier: MIT
/* Memory: malloc(), poisoned, of which one may be told to fail. */
#include <stdlib.h>
#include <string.h>

#include <core/alloc.h>
#include <mm/page.h>

#include "host_internal.h"

long host_fail_alloc = -1;

bool host_alloc_fails(void)
{
	return host_fail_alloc >= 0 && host_fail_alloc-- == 0;
}

void *kmalloc(size_t size)
{
	void *memory;

	if (size > (1 << 20) || host_alloc_fails())
		return NULL;
	/* Powers of two are aligned to their size, as the kernel's are. */
	if (size >= 512 && !(size & (size - 1)))
		memory = aligned_alloc(size, size);
	else
		memory = malloc(size);
	if (memory)
		memset(memory, 0xa5, size);
	return memory;
}

void *kzalloc(size_t size)
{
	void *memory = kmalloc(size);

	return memory ? memset(memory, 0, size) : NULL;
}

void *kcalloc(size_t n, size_t size)
{
	return kzalloc(n * size);
}

void kfree(void *memory)
{
	free(memory);
}

struct slab_cache {
	size_t size;
};

struct slab_cache *slab_cache_create(const char *name, size_t size,
				     size_t align, void (*ctor)(void *obj))
{
	struct slab_cache *cache = malloc(sizeof(*cache));

	(void)name;
	(void)align;
	(void)ctor;
	cache->size = size;
	return cache;
}

void *slab_alloc(struct slab_cache *cache)
{
	return kmalloc(cache->size);
}

void *slab_zalloc(struct slab_cache *cache)
{
	return kzalloc(cache->size);
}

void slab_free(struct slab_cache *cache, void *obj)
{
	(void)cache;
	kfree(obj);
}

void mem_stats_get(struct mem_stats *stats)
{
	*stats = (struct mem_stats){ .total = 2048 };
}
