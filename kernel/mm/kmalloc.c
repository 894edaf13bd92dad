// SPDX-License-Identifier: MIT
/*
 * kmalloc(): bytes from the cache of the next larger objects, or, beyond
 * KMALLOC_SLAB_MAX, whole pages.
 *
 * kfree() tells them apart by the page: slabs are marked and know their cache.
 */
#include "slab_internal.h"

#include <string.h>

#include <core/panic.h>
#include <mm/kasan.h>

#define KMALLOC_SLAB_MAX 2048
#define KMALLOC_MAX      (1ul << 20)

static const uint16_t kmalloc_sizes[] = {
	16,  32,  48,  64,  96,   128,  192,
	256, 384, 512, 768, 1024, 1536, KMALLOC_SLAB_MAX
};
static struct slab_cache *kmalloc_caches[ARRAY_SIZE(kmalloc_sizes)]; /* [I] */
/* [I] the index in these two, by (size - 1) / 16 */
static uint8_t kmalloc_index[KMALLOC_SLAB_MAX / 16];

void kmalloc_init(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(kmalloc_sizes); i++) {
		size_t size = kmalloc_sizes[i];

		/* Powers of two are aligned to their size. */
		kmalloc_caches[i] = slab_cache_create(
			"kmalloc", size, size & (size - 1) ? 16 : size, NULL);
		while (n < size / 16)
			kmalloc_index[n++] = (uint8_t)i;
	}
	slab_init_hart();
}

static void *kmalloc_pages(size_t size, unsigned flags)
{
	unsigned order = 0;
	struct page *page;
	void *pages;

	if (size > KMALLOC_MAX)
		return NULL;
	while (PAGE_SIZE << order < size)
		order++;
	page = page_alloc(order, flags);
	if (!page)
		return NULL;
	pages = page_to_virt(page);
	kasan_poison(pages, PAGE_SIZE << order, KASAN_PAGE_TAIL);
	kasan_unpoison(pages, size);
	return pages;
}

static void *kmalloc_flags(size_t size, unsigned flags, uintptr_t pc)
{
	if (unlikely(size > KMALLOC_SLAB_MAX))
		return kmalloc_pages(size, flags);
	if (unlikely(!size))
		size = 1;
	return slab_alloc_flags(kmalloc_caches[kmalloc_index[(size - 1) / 16]],
				size, flags, pc);
}

void *kmalloc(size_t size)
{
	return kmalloc_flags(size, 0, CALLER);
}

void *kmalloc_atomic(size_t size)
{
	return kmalloc_flags(size, ALLOC_ATOMIC, CALLER);
}

static void *kzalloc_for(size_t size, uintptr_t pc)
{
	void *ptr = kmalloc_flags(size, 0, pc);

	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

void *kzalloc(size_t size)
{
	return kzalloc_for(size, CALLER);
}

void *kcalloc(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kzalloc_for(bytes, CALLER);
}

char *kstrdup(const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = kmalloc_flags(size, 0, CALLER);

	if (copy)
		memcpy(copy, s, size);
	return copy;
}

void kfree(void *ptr)
{
	struct page *page;

	if (!ptr)
		return;
	page = virt_to_page(ptr);
	BUG_ON(!page);
	if (likely(page_has_flag(page, PAGE_SLAB))) {
		slab_free_from(page->slab.cache, ptr, CALLER);
		return;
	}
	if (KEEL_DEBUG && kasan_is_poisoned(ptr))
		kasan_report_free(ptr, CALLER);
	page_free(page, page_order(page));
}
