// SPDX-License-Identifier: MIT
/*
 * Caches of equal small objects; kmalloc() is a row of them (kmalloc.c).
 *
 * A slab is a block of 2^order pages cut into objects.  Free objects of a slab
 * are chained through a word of their own: the first, or one behind the object
 * where a constructor's work must survive.  page->slab.free is the first one's
 * offset in the slab in units of 8 bytes, plus 1.  Slabs with free objects are
 * on cache->partial; full ones are on no list, as kfree() finds a slab by
 * address: page->slab.head leads from any page of it to the first.
 *
 * Each hart has, for each cache, a stack of free objects of its own, so that
 * most calls take no lock.  It is touched with interrupts off.  cache->lock
 * covers the slabs.  Objects on a hart's stack count as in use.
 *
 * In debug builds slab_debug.c watches over the objects.  Free ones may not be
 * touched then, so this file is not instrumented.
 */
#include "slab_internal.h"

#include <string.h>

#include <arch/hart.h>
#include <core/printk.h>
#include <mm/kasan.h>

#define SLAB_CACHES_MAX 64
#define SLAB_ORDER_MAX  3

/* A hart's own free objects of one cache.  [h] */
struct slab_hart {
	void *free;
	uint32_t count;
};

static struct slab_cache slab_caches[SLAB_CACHES_MAX];
static unsigned nr_slab_caches; /* changed at boot only, by one hart */

static void **slab_link(const struct slab_cache *cache, void *obj)
{
	return (void **)((char *)obj + cache->link_offset);
}

static void object_init(const struct slab_cache *cache, void *obj)
{
	if (KEEL_DEBUG)
		slab_debug_made(cache, obj);
	if (cache->ctor)
		cache->ctor(obj);
	if (KEEL_DEBUG)
		slab_debug_freed(cache, obj);
}

static void *slab_object(const struct slab_cache *cache, struct page *slab,
			 unsigned n)
{
	return (char *)page_to_virt(slab) + n * cache->stride;
}

/* Give obj back to its slab's chain.  Lock held. */
static void slab_push(const struct slab_cache *cache, struct page *slab,
		      void *obj)
{
	char *base = page_to_virt(slab);

	*slab_link(cache, obj) =
		slab->slab.free ? base + (slab->slab.free - 1) * 8 : NULL;
	slab->slab.free = (uint16_t)(((char *)obj - base) / 8 + 1);
}

static void *slab_pop(const struct slab_cache *cache, struct page *slab)
{
	char *base = page_to_virt(slab);
	void *obj = base + (slab->slab.free - 1) * 8;
	char *next = *slab_link(cache, obj);

	slab->slab.free = next ? (uint16_t)((next - base) / 8 + 1) : 0;
	return obj;
}

static struct page *slab_create(struct slab_cache *cache, unsigned flags)
{
	struct page *slab = page_alloc(cache->order, flags);

	if (!slab)
		return NULL;
	for (unsigned i = 0; i < 1u << cache->order; i++) {
		atomic_store(&slab[i].flags,
			     PAGE_SLAB | cache->order << PAGE_ORDER_SHIFT);
		slab[i].slab.cache = cache;
		slab[i].slab.head = (uint16_t)i;
	}
	slab->slab.free = 0;
	slab->slab.in_use = 0;
	kasan_poison(page_to_virt(slab), PAGE_SIZE << cache->order,
		     KASAN_REDZONE);
	/* The lowest object ends up on top. */
	for (unsigned n = cache->per_slab; n--;) {
		void *obj = slab_object(cache, slab, n);

		object_init(cache, obj);
		slab_push(cache, slab, obj);
	}
	atomic64_add_relaxed(&page_counts.slab, 1 << cache->order);
	return slab;
}

static void slab_destroy(struct slab_cache *cache, struct page *slab)
{
	atomic64_add_relaxed(&page_counts.slab, -(1 << cache->order));
	for (unsigned i = 0; i < 1u << cache->order; i++)
		atomic_store(&slab[i].flags, 0);
	page_free(slab, cache->order);
}

/* Take one object from the cache's slabs; NULL: all are full.  Lock held. */
static void *cache_pop_locked(struct slab_cache *cache)
{
	struct page *slab = page_list_first(&cache->partial);

	if (!slab)
		return NULL;
	if (!slab->slab.in_use++)
		cache->nr_empty--;
	if (slab->slab.in_use == cache->per_slab)
		page_list_remove(&cache->partial, slab);
	return slab_pop(cache, slab);
}

/* Give one back; a slab that nobody needs any more is returned.  Lock held. */
static struct page *cache_push_locked(struct slab_cache *cache, void *obj)
{
	struct page *slab = virt_to_page(obj);

	slab -= slab->slab.head;
	slab_push(cache, slab, obj);
	if (slab->slab.in_use-- == cache->per_slab)
		page_list_push(&cache->partial, slab);
	if (slab->slab.in_use)
		return NULL;
	/* One empty slab stays, so that a lonely object does not thrash. */
	if (!cache->nr_empty) {
		cache->nr_empty = 1;
		return NULL;
	}
	page_list_remove(&cache->partial, slab);
	return slab;
}

static void cache_add_slab(struct slab_cache *cache, struct page *slab)
{
	unsigned long irq = spin_lock_irqsave(&cache->lock);

	page_list_push(&cache->partial, slab);
	cache->nr_empty++;
	spin_unlock_irqrestore(&cache->lock, irq);
}

static void hart_push(const struct slab_cache *cache, struct slab_hart *own,
		      void *obj)
{
	*slab_link(cache, obj) = own->free;
	own->free = obj;
	own->count++;
}

static void *hart_pop(const struct slab_cache *cache, struct slab_hart *own)
{
	void *obj = own->free;

	own->free = *slab_link(cache, obj);
	own->count--;
	return obj;
}

/* One object for the caller, and a batch for this hart, from what is there. */
static void *cache_refill(struct slab_cache *cache)
{
	unsigned long irq = spin_lock_irqsave(&cache->lock);
	struct hart *hart = this_hart();
	void *obj = cache_pop_locked(cache);

	if (obj && hart->slabs) {
		struct slab_hart *own = &hart->slabs[cache->id];

		while (own->count < cache->batch) {
			void *more = cache_pop_locked(cache);

			if (!more)
				break;
			hart_push(cache, own, more);
		}
	}
	spin_unlock_irqrestore(&cache->lock, irq);
	return obj;
}

static void *slab_alloc_slow(struct slab_cache *cache, unsigned flags)
{
	struct page *slab;
	void *obj;

	while (!(obj = cache_refill(cache))) {
		slab = slab_create(cache, flags);
		if (!slab)
			return NULL;
		cache_add_slab(cache, slab);
	}
	return obj;
}

void *slab_alloc_flags(struct slab_cache *cache, size_t size, unsigned flags,
		       uintptr_t pc)
{
	unsigned long irq = irq_save();
	struct slab_hart *slabs = this_hart()->slabs;
	void *obj;

	if (likely(slabs && slabs[cache->id].free)) {
		obj = hart_pop(cache, &slabs[cache->id]);
		irq_restore(irq);
	} else {
		irq_restore(irq);
		obj = slab_alloc_slow(cache, flags);
		if (!obj)
			return NULL;
	}
	if (KEEL_DEBUG)
		slab_debug_allocated(cache, obj, size, pc);
	return obj;
}

void *slab_alloc(struct slab_cache *cache)
{
	return slab_alloc_flags(cache, cache->size, 0, CALLER);
}

void *slab_alloc_atomic(struct slab_cache *cache)
{
	return slab_alloc_flags(cache, cache->size, ALLOC_ATOMIC, CALLER);
}

void *slab_zalloc(struct slab_cache *cache)
{
	void *obj = slab_alloc_flags(cache, cache->size, 0, CALLER);

	if (obj)
		memset(obj, 0, cache->size);
	return obj;
}

/* Move objects of this hart back to their slabs.  Interrupts off. */
static void hart_drain(struct slab_cache *cache, struct slab_hart *own,
		       unsigned keep)
{
	struct page *unused;

	while (own->count > keep) {
		spin_lock(&cache->lock);
		unused = NULL;
		while (own->count > keep && !unused)
			unused = cache_push_locked(cache, hart_pop(cache, own));
		spin_unlock(&cache->lock);
		if (unused)
			slab_destroy(cache, unused);
	}
}

/* A hart without a stack of its own yet. */
static void slab_free_slow(struct slab_cache *cache, void *obj)
{
	unsigned long irq = spin_lock_irqsave(&cache->lock);
	struct page *unused = cache_push_locked(cache, obj);

	spin_unlock_irqrestore(&cache->lock, irq);
	if (unused)
		slab_destroy(cache, unused);
}

void slab_free_from(struct slab_cache *cache, void *obj, uintptr_t pc)
{
	struct slab_hart *slabs;
	unsigned long irq;

	if (KEEL_DEBUG) {
		slab_debug_check_free(cache, obj, pc);
		slab_debug_freed(cache, obj);
	}
	irq = irq_save();
	slabs = this_hart()->slabs;
	if (likely(slabs != NULL)) {
		struct slab_hart *own = &slabs[cache->id];

		hart_push(cache, own, obj);
		if (unlikely(own->count > 2u * cache->batch))
			hart_drain(cache, own, cache->batch);
		irq_restore(irq);
	} else {
		irq_restore(irq);
		slab_free_slow(cache, obj);
	}
}

void slab_free(struct slab_cache *cache, void *obj)
{
	slab_free_from(cache, obj, CALLER);
}

static size_t cache_shrink(struct slab_cache *cache)
{
	struct page *slab, *next;
	struct page_list unused = {};
	unsigned long irq;
	size_t nr = 0;

	irq = spin_lock_irqsave(&cache->lock);
	for (slab = page_list_first(&cache->partial); slab && cache->nr_empty;
	     slab = next) {
		next = slab->next ? pfn_to_page(slab->next) : NULL;
		if (slab->slab.in_use)
			continue;
		page_list_remove(&cache->partial, slab);
		page_list_push(&unused, slab);
		cache->nr_empty--;
	}
	spin_unlock_irqrestore(&cache->lock, irq);

	while ((slab = page_list_first(&unused))) {
		page_list_remove(&unused, slab);
		slab_destroy(cache, slab);
		nr += 1ul << cache->order;
	}
	return nr;
}

size_t slab_shrink(void)
{
	unsigned long irq = irq_save();
	struct slab_hart *slabs = this_hart()->slabs;
	size_t nr = 0;

	for (unsigned i = 0; slabs && i < nr_slab_caches; i++)
		hart_drain(&slab_caches[i], &slabs[i], 0);
	irq_restore(irq);
	for (unsigned i = 0; i < nr_slab_caches; i++)
		nr += cache_shrink(&slab_caches[i]);
	return nr;
}

/* The smallest block that wastes no more than an eighth. */
static unsigned slab_choose_order(size_t size)
{
	unsigned order;

	for (order = 0; order < SLAB_ORDER_MAX; order++) {
		size_t bytes = PAGE_SIZE << order;

		if (size <= bytes && bytes % size <= bytes / 8)
			break;
	}
	return order;
}

struct slab_cache *slab_cache_create(const char *name, size_t size,
				     size_t align, void (*ctor)(void *obj))
{
	struct slab_cache *cache;
	size_t stride;

	if (nr_slab_caches == SLAB_CACHES_MAX)
		panic("more than %d slab caches: %s", SLAB_CACHES_MAX, name);
	if (size > PAGE_SIZE << SLAB_ORDER_MAX)
		panic("slab %s: objects of %zu bytes are too large", name,
		      size);
	cache = &slab_caches[nr_slab_caches];
	spin_init(&cache->lock, LOCK_SLAB);
	cache->id = (uint16_t)nr_slab_caches++;
	cache->name = name;
	cache->ctor = ctor;
	cache->size = (uint32_t)size;
	stride = ALIGN_UP(size, sizeof(void *));
	if (ctor) {
		cache->link_offset = (uint32_t)stride;
		stride += sizeof(void *);
	}
	stride = MAX(stride + KASAN_SLAB_REDZONE, 16ul);
	stride = ALIGN_UP(stride, MAX(align, 8ul));
	cache->stride = (uint32_t)stride;
	cache->order = (uint8_t)slab_choose_order(stride);
	cache->per_slab = (uint16_t)((PAGE_SIZE << cache->order) / stride);
	/* About half a page, so that idle harts keep little. */
	cache->batch = (uint16_t)MIN(MAX(PAGE_SIZE / 2 / stride, 2ul), 32ul);
	return cache;
}

void slab_init_hart(void)
{
	this_hart()->slabs = kcalloc(SLAB_CACHES_MAX, sizeof(struct slab_hart));
	if (!this_hart()->slabs)
		panic("no memory for the slab caches of a hart");
}
