// SPDX-License-Identifier: MIT
/* kmalloc() and slab caches: kernel/mm/slab.c. */
#include "unit.h"

#include <stdarg.h>

#include <arch/hart.h>
#include <core/alloc.h>
#include <core/thread.h>

#include <mm/mm_internal.h>

#define NR_PAGES 2048
#define BASE_PFN 0x80000ul

uintptr_t unit_direct_map;
struct page_range page_ranges[PAGE_RANGES_MAX];
unsigned nr_page_ranges = 1;
struct page_counts page_counts;

static struct page pages[NR_PAGES];
static struct hart hart;
static struct thread thread = { .hart = &hart };
static struct buddy buddy;
static bool no_memory;

struct thread *current_thread(void)
{
	return &thread;
}

struct page *pfn_to_page_slow(uint64_t pfn)
{
	(void)pfn;
	return NULL;
}

uint64_t page_to_pfn_slow(const struct page *page)
{
	(void)page;
	abort();
}

void panic(const char *fmt, ...)
{
	puts(fmt);
	abort();
}

void kasan_report_free(const void *addr, uintptr_t pc)
{
	printf("kfree(%p) from %lx: not an object\n", addr, (unsigned long)pc);
	abort();
}

struct page *page_alloc(unsigned order, unsigned flags)
{
	struct page *page = no_memory ? NULL : buddy_alloc(&buddy, order);

	(void)flags;
	if (page) {
		atomic_store(&page->flags, (int)(order << PAGE_ORDER_SHIFT));
		refcount_set(&page->refs, 1);
	}
	return page;
}

void page_free(struct page *page, unsigned order)
{
	EXPECT(refcount_put(&page->refs));
	atomic_store(&page->flags, 0);
	buddy_free(&buddy, page, order);
}

static void setup(void)
{
	static void *memory;

	if (memory)
		return;
	memory = aligned_alloc(NR_PAGES * PAGE_SIZE, NR_PAGES * PAGE_SIZE);
	unit_direct_map = (uintptr_t)memory - (BASE_PFN << PAGE_SHIFT);
	page_ranges[0] = (struct page_range){
		.start_pfn = BASE_PFN,
		.nr_pages = NR_PAGES,
		.pages = pages,
	};
	for (size_t i = 0; i < NR_PAGES; i++)
		buddy_free(&buddy, &pages[i], 0);
	kmalloc_init();
}

TEST(slab_aligns_and_separates_objects)
{
	static const size_t sizes[] = {
		1,   16,  17,   48,   64,   100,  200,
		513, 700, 1024, 2048, 2049, 5000, 100000
	};
	void *ptrs[ARRAY_SIZE(sizes)];

	setup();
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		ptrs[i] = kmalloc(sizes[i]);
		EXPECT(ptrs[i] != NULL);
		EXPECT_EQ((uintptr_t)ptrs[i] % 16, 0);
		if (!(sizes[i] & (sizes[i] - 1)) && sizes[i] >= 16)
			EXPECT_EQ((uintptr_t)ptrs[i] % sizes[i], 0);
		memset(ptrs[i], (int)i, sizes[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		const unsigned char *bytes = ptrs[i];

		EXPECT_EQ(bytes[0], i);
		EXPECT_EQ(bytes[sizes[i] - 1], i);
		kfree(ptrs[i]);
	}
}

TEST(slab_zeroes_where_it_says_so)
{
	setup();
	for (int round = 0; round < 100; round++) {
		unsigned char *bytes = kzalloc(96);

		for (int i = 0; i < 96; i++)
			EXPECT_EQ(bytes[i], 0);
		memset(bytes, 0xff, 96);
		kfree(bytes);
	}
}

TEST(slab_refuses_sizes_that_overflow)
{
	setup();
	EXPECT(kmalloc((1ul << 20) + 1) == NULL);
	EXPECT(kmalloc(SIZE_MAX) == NULL);
	EXPECT(kcalloc(SIZE_MAX / 2, 3) == NULL);
	kfree(NULL);
}

static void construct(void *obj)
{
	*(uint64_t *)obj = 0x1234;
}

TEST(slab_keeps_what_the_constructor_made)
{
	struct slab_cache *cache;
	uint64_t *objs[100];

	setup();
	cache = slab_cache_create("test", 40, 8, construct);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(objs); i++) {
			objs[i] = slab_alloc(cache);
			EXPECT_EQ(*objs[i], 0x1234);
		}
		for (size_t i = 0; i < ARRAY_SIZE(objs); i++)
			slab_free(cache, objs[i]);
	}
}

TEST(slab_fails_without_memory_and_recovers)
{
	void *ptr;

	setup();
	no_memory = true;
	while ((ptr = kmalloc(1536)))
		*(char *)ptr = 1; /* lost on purpose: the test's own heap */
	EXPECT(kmalloc(4096) == NULL);
	no_memory = false;
	ptr = kmalloc(1536);
	EXPECT(ptr != NULL);
	kfree(ptr);
}

TEST(slab_gives_everything_back_when_asked)
{
	enum { NR = 3000 };
	static void *ptrs[NR];
	uint64_t before;

	setup();
	slab_shrink();
	before = buddy.nr_free;
	srand(1);
	for (size_t i = 0; i < NR; i++) {
		size_t size = (size_t)rand() % 600 + 1;

		ptrs[i] = kmalloc(size);
		EXPECT(ptrs[i] != NULL);
		memset(ptrs[i], 0xaa, size);
	}
	EXPECT(buddy.nr_free < before);
	for (size_t i = 0; i < NR; i++)
		kfree(ptrs[i * 7 % NR]);
	slab_shrink();
	EXPECT_EQ(buddy.nr_free, before);
}
