// SPDX-License-Identifier: MIT
/*
 * Memory for everyone: bytes (kmalloc) and pages.  The contract stands here, in
 * the lowest part that needs it; mm/kmalloc.c, slab.c and page_alloc.c keep it.
 */
#pragma once

#include <lib/types.h>

#include <arch/layout.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  4096ul
#define PAGE_MASK  (PAGE_SIZE - 1)

struct page;

/*
 * Bytes, aligned to 16 (to the size for powers of two up to a page).  Larger
 * than 1 MiB fails.  NULL: no memory, after reclaim was tried.
 * Context: thread; may sleep in reclaim.  With kmalloc_atomic(): any, uses the
 * reserve and never reclaims.
 */
void *kmalloc(size_t size);
void *kzalloc(size_t size);
void *kcalloc(size_t n, size_t size); /* checks n * size */
void *kmalloc_atomic(size_t size);
char *kstrdup(const char *s);
void kfree(void *ptr); /* NULL is fine; any context */

/* Caches of equal objects, for what is made and freed all the time. */
struct slab_cache;
/* Made once at boot; never fails (panics).  ctor may be NULL; it runs when a page
 * of objects is made, and freed objects keep what it set up. */
struct slab_cache *slab_cache_create(const char *name, size_t size,
				     size_t align, void (*ctor)(void *obj));
void *slab_alloc(struct slab_cache *cache); /* context as kmalloc() */
void *slab_zalloc(struct slab_cache *cache);
void *slab_alloc_atomic(struct slab_cache *cache); /* as kmalloc_atomic() */
void slab_free(struct slab_cache *cache, void *obj);

/* What page_alloc() may do. */
#define ALLOC_ZERO   (1u << 0) /* fill with zeros */
#define ALLOC_ATOMIC (1u << 1) /* may not sleep: no reclaim, use the reserve */
#define ALLOC_USER   (1u << 2) /* for a user: leave the reserve alone */
#define ALLOC_NOFS   (1u << 3) /* reclaim must not call file systems */

/*
 * 2^order physically contiguous pages, reference count 1.  NULL: no memory.
 * Context: thread, may sleep (unless ALLOC_ATOMIC).
 */
struct page *page_alloc(unsigned order, unsigned flags);
void page_free(struct page *page, unsigned order);

/* The same as kernel addresses in the direct map, single pages. */
void *page_alloc_virt(unsigned flags);
void page_free_virt(void *addr);

/* Of the direct map. */
static inline paddr_t virt_to_phys(const void *addr)
{
	return (uintptr_t)addr - DIRECT_MAP_BASE;
}

static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)(uintptr_t)(pa + DIRECT_MAP_BASE);
}
