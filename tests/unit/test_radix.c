// SPDX-License-Identifier: MIT
/* The page cache's radix tree: kernel/mm/radix.c. */
#include "unit.h"

#include <stdarg.h>

#include <core/alloc.h>
#include <lib/errno.h>
#include <mm/radix.h>

#define NR_ITEMS 2000

struct slab_cache {
	size_t size;
	long in_use;
};

uintptr_t unit_direct_map;
static struct slab_cache cache;
static bool no_memory;
static uint64_t items[NR_ITEMS][4]; /* aligned as struct page is */

struct slab_cache *slab_cache_create(const char *name, size_t size,
				     size_t align, void (*ctor)(void *obj))
{
	(void)name;
	(void)align;
	(void)ctor;
	cache.size = size;
	return &cache;
}

void *slab_alloc_atomic(struct slab_cache *from)
{
	if (no_memory)
		return NULL;
	from->in_use++;
	return malloc(from->size);
}

void slab_free(struct slab_cache *to, void *obj)
{
	to->in_use--;
	free(obj);
}

/* Spread out, so that several levels are needed; 0 and 1 are among them. */
static uint64_t index_of(size_t i)
{
	return i < 100 ? i : (uint64_t)i * i * 977 % 0xffffffff;
}

static void fill(radix_root *root)
{
	radix_init();
	*root = NULL;
	for (size_t i = 0; i < NR_ITEMS; i++) {
		int ret = radix_insert(root, index_of(i), items[i]);

		EXPECT(ret == 0 || ret == -EEXIST);
	}
}

TEST(radix_finds_what_was_inserted)
{
	radix_root root;

	fill(&root);
	for (size_t i = 0; i < NR_ITEMS; i++)
		EXPECT(radix_find(&root, index_of(i)) != NULL);
	EXPECT(radix_find(&root, 0) == items[0]);
	EXPECT(radix_find(&root, 99) == items[99]);
	EXPECT(radix_find(&root, 0xfffffffff) == NULL);
	radix_destroy(&root);
	EXPECT_EQ(cache.in_use, 0);
}

TEST(radix_keeps_a_lone_first_item_without_a_node)
{
	radix_root root = NULL;
	uint64_t index = 0;

	radix_init();
	EXPECT_EQ(radix_insert(&root, 0, items[0]), 0);
	EXPECT_EQ(cache.in_use, 0);
	EXPECT(radix_next(&root, &index, true) == NULL);
	radix_set_tag(&root, 0);
	EXPECT(radix_find(&root, 0) == items[0]);
	EXPECT(radix_next(&root, &index, true) == items[0]);
	/* The tag must survive the move into a node. */
	EXPECT_EQ(radix_insert(&root, 70, items[1]), 0);
	index = 0;
	EXPECT(radix_next(&root, &index, true) == items[0]);
	index = 1;
	EXPECT(radix_next(&root, &index, true) == NULL);
	EXPECT(radix_remove(&root, 0) == items[0]);
	EXPECT(radix_find(&root, 0) == NULL);
	EXPECT(radix_find(&root, 70) == items[1]);
	radix_destroy(&root);
	EXPECT_EQ(cache.in_use, 0);
}

TEST(radix_says_what_is_there_already)
{
	radix_root root = NULL;

	radix_init();
	EXPECT_EQ(radix_insert(&root, 5, items[0]), 0);
	EXPECT_EQ(radix_insert(&root, 5, items[1]), -EEXIST);
	EXPECT(radix_find(&root, 5) == items[0]);
	radix_destroy(&root);
}

TEST(radix_survives_lack_of_memory)
{
	radix_root root = NULL;

	radix_init();
	EXPECT_EQ(radix_insert(&root, 0, items[0]), 0);
	no_memory = true;
	EXPECT_EQ(radix_insert(&root, 1 << 20, items[1]), -ENOMEM);
	no_memory = false;
	EXPECT(radix_find(&root, 0) == items[0]);
	EXPECT_EQ(radix_insert(&root, 1 << 20, items[1]), 0);
	EXPECT(radix_find(&root, 1 << 20) == items[1]);
	radix_destroy(&root);
	EXPECT_EQ(cache.in_use, 0);
}

TEST(radix_walks_in_order)
{
	radix_root root;
	uint64_t index = 0, last = 0;
	size_t nr = 0;

	fill(&root);
	while (radix_next(&root, &index, false)) {
		EXPECT(!nr || index > last);
		last = index++;
		nr++;
	}
	EXPECT(nr > NR_ITEMS / 2);
	/* Every one of them can be removed, and then there is none. */
	index = 0;
	while (radix_next(&root, &index, false))
		EXPECT(radix_remove(&root, index) != NULL);
	index = 0;
	EXPECT(radix_next(&root, &index, false) == NULL);
	radix_destroy(&root);
	EXPECT_EQ(cache.in_use, 0);
}

TEST(radix_walks_tagged_items_only)
{
	radix_root root;
	uint64_t index = 0;
	size_t nr = 0;

	fill(&root);
	for (size_t i = 0; i < 100; i += 10)
		radix_set_tag(&root, i);
	radix_set_tag(&root, index_of(1500));
	while (radix_next(&root, &index, true)) {
		EXPECT(index == index_of(1500) || index % 10 == 0);
		index++;
		nr++;
	}
	EXPECT_EQ(nr, 11);
	radix_clear_tag(&root, 50);
	index = 41;
	EXPECT(radix_next(&root, &index, true) == items[60]);
	EXPECT_EQ(index, 60);
	radix_destroy(&root);
}
