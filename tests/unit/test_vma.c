// SPDX-License-Identifier: MIT
/* The tree of areas and the search for holes: kernel/mm/vma.c. */
#include "unit.h"

#include <stdarg.h>

#include <core/alloc.h>
#include <core/mutex.h>
#include <lib/errno.h>
#include <linux/mman.h>

#include <mm/vma.h>

#define LOW  0x10000ul
#define HIGH 0x4000000ul /* 16,368 pages in between */

uintptr_t unit_direct_map;

struct slab_cache {
	size_t size;
};

struct slab_cache *slab_cache_create(const char *name, size_t size,
				     size_t align, void (*ctor)(void *obj))
{
	static struct slab_cache cache;

	(void)name;
	(void)align;
	(void)ctor;
	cache.size = size;
	return &cache;
}

void *slab_alloc(struct slab_cache *from)
{
	return malloc(from->size);
}

void slab_free(struct slab_cache *to, void *obj)
{
	(void)to;
	free(obj);
}

void mutex_lock(struct mutex *mutex)
{
	(void)mutex;
}

void mutex_unlock(struct mutex *mutex)
{
	(void)mutex;
}

bool rwsem_is_write_held(const struct rwsem *sem)
{
	(void)sem;
	return true;
}

void panic(const char *fmt, ...)
{
	puts(fmt);
	abort();
}

static struct mm *setup(void)
{
	static struct mm mm;

	vma_init();
	memset(&mm, 0, sizeof(mm));
	return &mm;
}

static struct vma *add(struct mm *mm, uintptr_t start, uintptr_t end,
		       unsigned prot)
{
	struct vma like = { .start = start, .end = end, .prot = prot };
	struct vma *vma = vma_create(mm, &like);

	vma_insert(vma);
	return vma;
}

static void drop(struct vma *vma)
{
	vma_remove(vma);
	vma_destroy(vma);
}

static void drop_all(struct mm *mm)
{
	struct vma *vma;

	while ((vma = mm_find_vma(mm, 0)))
		drop(vma);
	EXPECT_EQ(mm->total_pages, 0);
	EXPECT_EQ(mm->nr_areas, 0);
}

TEST(vma_is_found_by_any_address_in_it)
{
	struct mm *mm = setup();
	struct vma *vma = add(mm, 0x20000, 0x30000, PROT_READ);

	EXPECT(mm_find_vma(mm, 0x20000) == vma);
	EXPECT(mm_find_vma(mm, 0x2ffff) == vma);
	EXPECT(mm_find_vma(mm, 0) == vma);
	EXPECT(mm_find_vma(mm, 0x30000) == NULL);
	drop_all(mm);
}

TEST(vma_split_and_merge_are_inverse)
{
	struct mm *mm = setup();
	struct vma *vma = add(mm, 0x20000, 0x30000, PROT_READ);

	EXPECT_EQ(vma_split(vma, 0x28000), 0);
	EXPECT_EQ(mm->nr_areas, 2);
	EXPECT_EQ(vma->end, 0x28000);
	EXPECT(mm_find_vma(mm, 0x28000) != vma);
	vma = vma_merge(vma);
	EXPECT_EQ(mm->nr_areas, 1);
	EXPECT_EQ(vma->start, 0x20000);
	EXPECT_EQ(vma->end, 0x30000);
	EXPECT_EQ(mm->total_pages, 16);
	drop_all(mm);
}

TEST(vma_merge_keeps_different_areas_apart)
{
	struct mm *mm = setup();
	struct vma *vma = add(mm, 0x20000, 0x30000, PROT_READ);

	add(mm, 0x30000, 0x40000, PROT_READ | PROT_WRITE);
	add(mm, 0x1f000, 0x20000, PROT_NONE);
	EXPECT(vma_merge(vma) == vma);
	EXPECT_EQ(mm->nr_areas, 3);
	EXPECT_EQ(mm->data_pages, 16);
	EXPECT(vma_range_is_full(mm, 0x1f000, 0x40000));
	EXPECT(!vma_range_is_full(mm, 0x1e000, 0x40000));
	EXPECT(vma_range_is_free(mm, 0, 0x1f000));
	EXPECT(!vma_range_is_free(mm, 0, 0x1f001));
	drop_all(mm);
}

TEST(vma_hole_is_the_highest_that_fits)
{
	struct mm *mm = setup();

	EXPECT_EQ(vma_find_hole(mm, 0x1000, LOW, HIGH), HIGH);
	EXPECT_EQ(vma_find_hole(mm, HIGH - LOW, LOW, HIGH), HIGH);
	EXPECT_EQ(vma_find_hole(mm, HIGH - LOW + 1, LOW, HIGH), 0);
	add(mm, HIGH - 0x1000, HIGH, PROT_READ);
	EXPECT_EQ(vma_find_hole(mm, 0x1000, LOW, HIGH), HIGH - 0x1000);
	add(mm, HIGH - 0x4000, HIGH - 0x2000, PROT_READ);
	EXPECT_EQ(vma_find_hole(mm, 0x1000, LOW, HIGH), HIGH - 0x1000);
	EXPECT_EQ(vma_find_hole(mm, 0x2000, LOW, HIGH), HIGH - 0x4000);
	/* An area across the limit, and one beyond it. */
	add(mm, HIGH + 0x10000, HIGH + 0x20000, PROT_READ);
	EXPECT_EQ(vma_find_hole(mm, 0x1000, LOW, HIGH), HIGH - 0x1000);
	drop_all(mm);
}

/* The same by looking at every page. */
static uintptr_t slow_hole(const unsigned char *used, size_t nr_pages)
{
	size_t run = 0;

	for (uintptr_t page = HIGH >> 12; page-- > LOW >> 12;) {
		run = used[page] ? 0 : run + 1;
		if (run == nr_pages)
			return (page + nr_pages) << 12;
	}
	return 0;
}

static void check_tree(struct mm *mm)
{
	uintptr_t end = 0;
	struct vma *vma;

	RB_FOREACH (vma, vma_tree, &mm->areas) {
		uintptr_t max = vma->gap;

		if (RB_LEFT(vma, link))
			max = MAX(max, RB_LEFT(vma, link)->max_gap);
		if (RB_RIGHT(vma, link))
			max = MAX(max, RB_RIGHT(vma, link)->max_gap);
		EXPECT_EQ(vma->gap, vma->start - end);
		EXPECT_EQ(vma->max_gap, max);
		end = vma->end;
	}
}

TEST(vma_tree_agrees_with_a_plain_search)
{
	static unsigned char used[HIGH >> 12];
	struct mm *mm = setup();

	memset(used, 0, sizeof(used));
	srand(7);
	for (int round = 0; round < 3000; round++) {
		size_t nr = (size_t)rand() % 40 + 1;
		uintptr_t hole = vma_find_hole(mm, nr << 12, LOW, HIGH);
		uintptr_t page;

		EXPECT_EQ(hole, slow_hole(used, nr));
		if (hole && rand() % 3) {
			page = (hole >> 12) - nr;
			add(mm, page << 12, hole, (unsigned)rand() % 2);
			memset(&used[page], 1, nr);
			vma_merge(mm_find_vma(mm, page << 12));
		} else {
			uintptr_t start =
				LOW + ((uintptr_t)rand() % 16000 << 12);
			uintptr_t end = MIN(start + (nr << 12), HIGH);
			struct vma *vma;

			EXPECT_EQ(vma_split_range(mm, start, end), 0);
			while ((vma = mm_find_vma(mm, start)) &&
			       vma->start < end)
				drop(vma);
			memset(&used[start >> 12], 0, (end - start) >> 12);
		}
		if (round % 100 == 0)
			check_tree(mm);
	}
	check_tree(mm);
	drop_all(mm);
}
