// SPDX-License-Identifier: MIT
/* The buddy system: kernel/mm/buddy.c. */
#include "unit.h"

#include <stdarg.h>

#include <mm/buddy.h>

#define NR_PAGES 4096
#define BASE_PFN 0x80200 /* aligned to less than the largest block */

uintptr_t unit_direct_map;
struct page_range page_ranges[PAGE_RANGES_MAX];
unsigned nr_page_ranges = 1;

static struct page pages[NR_PAGES];
static unsigned char owner[NR_PAGES]; /* 0: free */

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

static void setup(struct buddy *buddy)
{
	*buddy = (struct buddy){};
	memset(pages, 0, sizeof(pages));
	memset(owner, 0, sizeof(owner));
	page_ranges[0] = (struct page_range){
		.start_pfn = BASE_PFN,
		.nr_pages = NR_PAGES,
		.pages = pages,
	};
	for (size_t i = 0; i < NR_PAGES; i++)
		buddy_free(buddy, &pages[i], 0);
}

static size_t count_blocks(const struct buddy *buddy, unsigned order)
{
	struct page *page = page_list_first(&buddy->free[order]);
	size_t nr = 0;

	while (page) {
		nr++;
		page = page->next ? pfn_to_page(page->next) : NULL;
	}
	return nr;
}

static size_t count_all_pages(const struct buddy *buddy)
{
	size_t nr = 0;

	for (unsigned order = 0; order <= PAGE_ORDER_MAX; order++)
		nr += count_blocks(buddy, order) << order;
	return nr;
}

TEST(buddy_merges_single_pages_into_largest_blocks)
{
	struct buddy buddy;

	setup(&buddy);
	EXPECT_EQ(buddy.nr_free, NR_PAGES);
	/* 0x80200 to 0x80400 is half a block, and so is the end. */
	EXPECT_EQ(count_blocks(&buddy, PAGE_ORDER_MAX), 3);
	EXPECT_EQ(count_blocks(&buddy, PAGE_ORDER_MAX - 1), 2);
	EXPECT_EQ(count_all_pages(&buddy), NR_PAGES);
}

TEST(buddy_aligns_blocks_to_their_size)
{
	struct buddy buddy;

	setup(&buddy);
	for (unsigned order = 0; order <= PAGE_ORDER_MAX; order++) {
		struct page *page = buddy_alloc(&buddy, order);

		EXPECT(page != NULL);
		EXPECT_EQ(page_to_pfn(page) & ((1ul << order) - 1), 0);
		buddy_free(&buddy, page, order);
	}
	EXPECT_EQ(buddy.nr_free, NR_PAGES);
}

TEST(buddy_fails_when_no_block_is_large_enough)
{
	struct buddy buddy;
	size_t nr = 0;

	setup(&buddy);
	while (buddy_alloc(&buddy, PAGE_ORDER_MAX))
		nr++;
	EXPECT_EQ(nr, 3);
	EXPECT_EQ(buddy.nr_free, NR_PAGES - (3ul << PAGE_ORDER_MAX));
	EXPECT(buddy_alloc(&buddy, PAGE_ORDER_MAX - 1) != NULL);
}

static void claim(struct page *page, unsigned order)
{
	size_t first = (size_t)(page - pages);

	for (size_t i = first; i < first + (1ul << order); i++) {
		EXPECT(i < NR_PAGES);
		EXPECT_EQ(owner[i], 0);
		owner[i] = 1;
	}
}

static void disown(struct page *page, unsigned order)
{
	memset(&owner[page - pages], 0, 1ul << order);
}

TEST(buddy_never_gives_a_page_twice)
{
	static struct {
		struct page *page;
		unsigned order;
	} held[256];
	struct buddy buddy;

	setup(&buddy);
	srand(1);
	for (int round = 0; round < 50000; round++) {
		unsigned i = (unsigned)rand() % 256;

		if (held[i].page) {
			disown(held[i].page, held[i].order);
			buddy_free(&buddy, held[i].page, held[i].order);
			held[i].page = NULL;
			continue;
		}
		held[i].order = (unsigned)rand() % 7;
		held[i].page = buddy_alloc(&buddy, held[i].order);
		if (held[i].page)
			claim(held[i].page, held[i].order);
	}
	for (unsigned i = 0; i < 256; i++) {
		if (held[i].page)
			buddy_free(&buddy, held[i].page, held[i].order);
		held[i].page = NULL;
	}
	EXPECT_EQ(buddy.nr_free, NR_PAGES);
	EXPECT_EQ(count_blocks(&buddy, PAGE_ORDER_MAX), 3);
}
