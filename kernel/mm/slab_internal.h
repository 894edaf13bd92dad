// SPDX-License-Identifier: MIT
/*
 * A cache of objects, as slab.c, which keeps it, kmalloc.c and slab_debug.c
 * see it.
 */
#pragma once

#include "mm_internal.h"

/* Who calls the function that this stands in; nobody asks in release builds. */
#define CALLER (KEEL_DEBUG ? (uintptr_t)__builtin_return_address(0) : 0)

/*
 * One kind of object.  Made by slab_cache_create(), never freed.
 * [I] immutable, [l] lock
 */
struct slab_cache {
	spinlock_t lock;          /* rank LOCK_SLAB; irqsave */
	struct page_list partial; /* [l] slabs with a free object */
	unsigned nr_empty;        /* [l] of these, without any in use */
	uint16_t id;              /* [I] index in slab_caches */
	uint16_t batch;           /* [I] objects moved to a hart at a time */
	uint32_t stride;          /* [I] bytes from object to object */
	uint32_t size;            /* [I] of these, the user's */
	uint32_t link_offset;    /* [I] of the free chain's word in an object */
	uint16_t per_slab;       /* [I] objects */
	uint8_t order;           /* [I] of a slab's block */
	void (*ctor)(void *obj); /* [I] or NULL */
	const char *name;        /* [I] */
};

/* --- slab.c ----------------------------------------------------------- */

/*
 * slab_alloc() for the caller at pc, who may touch the first size bytes: debug
 * builds see to that.  flags: ALLOC_ATOMIC or 0.
 */
void *slab_alloc_flags(struct slab_cache *cache, size_t size, unsigned flags,
		       uintptr_t pc);
/* slab_free() by the caller at pc. */
void slab_free_from(struct slab_cache *cache, void *obj, uintptr_t pc);

/* --- slab_debug.c, debug builds only ---------------------------------- */

/* A new object: nobody allocated it yet, and its constructor may fill it. */
void slab_debug_made(const struct slab_cache *cache, void *obj);
/* Nobody may touch it until it is allocated again. */
void slab_debug_freed(const struct slab_cache *cache, void *obj);
/*
 * Its first size bytes may be touched from now on, by the caller at pc.  Panics
 * if it was written to while it was free.
 */
void slab_debug_allocated(const struct slab_cache *cache, void *obj,
			  size_t size, uintptr_t pc);
/* The caller at pc is about to free it: panics unless it is in use. */
void slab_debug_check_free(const struct slab_cache *cache, const void *obj,
			   uintptr_t pc);
