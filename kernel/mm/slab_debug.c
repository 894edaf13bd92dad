// SPDX-License-Identifier: MIT
/*
 * What debug builds know of small objects.
 *
 * Free ones are filled with SLAB_POISON, and that nobody wrote to them is
 * checked when they are allocated again.  Behind each object lies a redzone,
 * which ends in struct slab_track; kasan.h is told what may be touched.  As
 * free objects may not, this file is not instrumented.
 */
#include "slab_internal.h"

#include <string.h>

#include <core/printk.h>
#include <mm/kasan.h>

#define SLAB_POISON 0x6b

/*
 * Who made and freed an object last: return addresses, which 32 bits of the
 * image's address tell apart.
 */
struct slab_track {
	int32_t allocator, freer;
};

static struct slab_track *slab_track(const struct slab_cache *cache,
				     const void *obj)
{
	return (struct slab_track *)((uintptr_t)obj + cache->stride) - 1;
}

bool slab_find_object(const void *addr, struct slab_object *object)
{
	const struct page *page = virt_to_page(addr);
	const struct slab_track *track;
	const struct slab_cache *cache;
	uintptr_t base;
	size_t n;

	if (!page || !page_has_flag(page, PAGE_SLAB))
		return false;
	cache = page->slab.cache;
	base = (uintptr_t)page_to_virt(page - page->slab.head);
	n = MIN(((uintptr_t)addr - base) / cache->stride, cache->per_slab - 1u);
	*object = (struct slab_object){
		.owner = cache,
		.cache = cache->name,
		.start = base + n * cache->stride,
		.size = cache->size,
	};
	track = slab_track(cache, (const void *)object->start);
	object->allocator = (uintptr_t)(intptr_t)track->allocator;
	object->freer = (uintptr_t)(intptr_t)track->freer;
	return true;
}

void slab_debug_made(const struct slab_cache *cache, void *obj)
{
	kasan_unpoison(obj, cache->size);
	*slab_track(cache, obj) = (struct slab_track){ 0 };
}

void slab_debug_freed(const struct slab_cache *cache, void *obj)
{
	kasan_unpoison(obj, cache->size);
	if (!cache->ctor)
		memset((char *)obj + sizeof(void *), SLAB_POISON,
		       cache->size - sizeof(void *));
	kasan_poison(obj, ALIGN_UP(cache->size, KASAN_GRANULE),
		     KASAN_FREE_OBJECT);
}

void slab_debug_allocated(const struct slab_cache *cache, void *obj,
			  size_t size, uintptr_t pc)
{
	const unsigned char *bytes = obj;

	for (size_t i = sizeof(void *); !cache->ctor && i < cache->size; i++) {
		if (bytes[i] != SLAB_POISON)
			panic("slab %s: object %p was written at +%zu after it was freed: %#x",
			      cache->name, obj, i, bytes[i]);
	}
	slab_track(cache, obj)->allocator = (int32_t)pc;
	kasan_poison(obj, ALIGN_UP(cache->size, KASAN_GRANULE), KASAN_REDZONE);
	kasan_unpoison(obj, size);
}

void slab_debug_check_free(const struct slab_cache *cache, const void *obj,
			   uintptr_t pc)
{
	struct slab_object object;

	if (!slab_find_object(obj, &object) || object.start != (uintptr_t)obj ||
	    object.owner != cache || kasan_is_poisoned(obj))
		kasan_report_free(obj, pc);
	slab_track(cache, obj)->freer = (int32_t)pc;
}
