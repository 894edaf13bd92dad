// SPDX-License-Identifier: MIT
/*
 * The page allocator: the buddy system behind a lock, and before it a small
 * stack of free pages for each hart, which serves nearly every call for a
 * single page without lock or watermark check.
 *
 * Three levels of free pages steer who may go on (struct watermarks):
 *
 *   low   below it the reclaim thread is woken
 *   min   below it users wait for reclaim; kernel callers take half of it
 *   0     what ALLOC_ATOMIC and dying tasks may take
 *
 * pages_lock covers the buddy system and the ranges behind it; a hart's own
 * stack is touched with its interrupts off.
 */
#include <string.h>

#include <arch/hart.h>
#include <arch/kmap.h>
#include <arch/pgtable.h>
#include <core/printk.h>
#include <mm/kasan.h>

#include "mm_internal.h"

#define HART_CACHE_BATCH 16
#define HART_CACHE_MAX   48
#define BLOCK_ROUNDS     8    /* tries to find a block of several pages */
#define PATIENCE_ROUNDS  10   /* without a page before somebody is killed */
#define OOM_ROUNDS       2000 /* waits of 2 ms for victims to die */

struct page_counts page_counts;

static spinlock_t pages_lock = SPINLOCK_INIT(LOCK_PAGES);
static struct buddy buddy;      /* [pages_lock] */
static uint64_t nr_fresh;       /* [pages_lock] not in the buddy system yet */
static uint64_t nr_total_pages; /* [pages_lock] */

static struct watermarks {
	uint64_t low, min; /* pages */
} watermarks;              /* [I] after boot */

static oom_killer *oom_kill; /* [I] after boot; NULL: nobody can be killed */

void oom_register(oom_killer *killer)
{
	oom_kill = killer;
}

uint64_t page_nr_free(void)
{
	return buddy.nr_free + nr_fresh;
}

uint64_t page_low_watermark(void)
{
	return watermarks.low;
}

/* How many pages must stay free after an allocation with these flags. */
static uint64_t page_floor(unsigned flags)
{
	if (flags & ALLOC_ATOMIC)
		return 0;
	if (atomic_load(&current_thread()->flags) & THREAD_KILLED)
		return 0;
	return flags & ALLOC_USER ? watermarks.min : watermarks.min / 2;
}

/* A block from the buddy system, which grows as needed.  Lock held. */
static struct page *block_alloc_locked(unsigned order)
{
	uint64_t before;
	struct page *page;

	while (!(page = buddy_alloc(&buddy, order))) {
		before = buddy.nr_free;
		if (!page_range_grow(&buddy))
			return NULL;
		nr_fresh -= buddy.nr_free - before;
	}
	return page;
}

static struct page *block_alloc(unsigned order, unsigned flags)
{
	uint64_t need = (1ul << order) + page_floor(flags);
	struct page *page = NULL;
	unsigned long irq;

	irq = spin_lock_irqsave(&pages_lock);
	if (page_nr_free() >= need)
		page = block_alloc_locked(order);
	spin_unlock_irqrestore(&pages_lock, irq);
	return page;
}

static void hart_cache_push(struct hart *hart, struct page *page)
{
	struct page *top = hart->free_pages;

	page->next = top ? (uint32_t)page_to_pfn(top) : 0;
	hart->free_pages = page;
	hart->nr_free_pages++;
}

static struct page *hart_cache_pop(struct hart *hart)
{
	struct page *page = hart->free_pages;

	if (page) {
		hart->free_pages = page->next ? pfn_to_page(page->next) : NULL;
		hart->nr_free_pages--;
	}
	return page;
}

/* Move pages to this hart's stack.  Interrupts off. */
static void hart_cache_refill(struct hart *hart, unsigned flags)
{
	uint64_t need = HART_CACHE_BATCH + page_floor(flags);
	struct page *page;

	spin_lock(&pages_lock);
	/* Near the floor nothing is put aside; block_alloc() decides. */
	if (page_nr_free() >= need) {
		for (int i = 0; i < HART_CACHE_BATCH; i++) {
			page = block_alloc_locked(0);
			if (!page)
				break;
			hart_cache_push(hart, page);
		}
	}
	spin_unlock(&pages_lock);
	/* Waking a thread is not for those who may hold any lock. */
	if (page_nr_free() < watermarks.low && !(flags & ALLOC_ATOMIC))
		reclaim_kick();
}

static void hart_cache_drain(struct hart *hart, unsigned keep)
{
	spin_lock(&pages_lock);
	while (hart->nr_free_pages > keep)
		buddy_free(&buddy, hart_cache_pop(hart), 0);
	spin_unlock(&pages_lock);
}

static struct page *page_alloc_single(unsigned flags)
{
	unsigned long irq = irq_save();
	struct hart *hart = this_hart();
	struct page *page;

	if (unlikely(!hart->free_pages))
		hart_cache_refill(hart, flags);
	page = hart_cache_pop(hart);
	irq_restore(irq);
	return likely(page != NULL) ? page : block_alloc(0, flags);
}

static struct page *page_alloc_once(unsigned order, unsigned flags)
{
	return order ? block_alloc(order, flags) : page_alloc_single(flags);
}

/*
 * Reclaim, and as a last resort kill, until the allocation succeeds.  Blocks
 * of several pages may stay impossible to find however much is free, so for
 * them nobody is killed.
 */
static struct page *page_alloc_reclaim(unsigned order, unsigned flags)
{
	unsigned rounds = order ? BLOCK_ROUNDS : OOM_ROUNDS;
	size_t want = MAX(32ul, 2ul << order);
	struct page *page;

	for (unsigned round = 0; round < rounds; round++) {
		if (!reclaim_pages(want, flags) &&
		    (order || !oom_kill || !oom_kill()))
			break;
		page = page_alloc_once(order, flags);
		if (page)
			return page;
	}
	return page_alloc_once(order, flags);
}

struct page *page_alloc(unsigned order, unsigned flags)
{
	struct page *page;

	if (order > PAGE_ORDER_MAX)
		return NULL;
	page = page_alloc_once(order, flags);
	if (unlikely(!page)) {
		if (flags & ALLOC_ATOMIC)
			return NULL;
		page = page_alloc_reclaim(order, flags);
		if (!page)
			return NULL;
	}

	atomic_store(&page->flags, (int)(order << PAGE_ORDER_SHIFT));
	page->mapping = NULL;
	page->index = 0;
	atomic_store(&page->mapcount, 0);
	refcount_set(&page->refs, 1);
	kasan_unpoison(page_to_virt(page), PAGE_SIZE << order);
	if (flags & ALLOC_ZERO)
		memset(page_to_virt(page), 0, PAGE_SIZE << order);
	return page;
}

/* Free pages hold rubbish, and nobody may touch them. */
static void page_poison(struct page *page, unsigned order)
{
	void *pages = page_to_virt(page);

	if (!KEEL_DEBUG)
		return;
	kasan_unpoison(pages, PAGE_SIZE << order);
	memset(pages, 0xdb, PAGE_SIZE << order);
	kasan_poison(pages, PAGE_SIZE << order, KASAN_FREE_PAGE);
}

void page_free_frozen(struct page *page)
{
	unsigned long irq;
	struct hart *hart;

	BUG_ON(atomic_load(&page->flags) &
	       (PAGE_FREE | PAGE_SLAB | PAGE_RESERVED | PAGE_LRU));
	if (page_has_flag(page, PAGE_ANON))
		atomic64_add_relaxed(&page_counts.anon, -1);
	page_poison(page, 0);
	irq = irq_save();
	hart = this_hart();
	hart_cache_push(hart, page);
	if (unlikely(hart->nr_free_pages > HART_CACHE_MAX))
		hart_cache_drain(hart, HART_CACHE_MAX - HART_CACHE_BATCH);
	irq_restore(irq);
}

void page_put(struct page *page)
{
	if (refcount_put(&page->refs))
		page_free_frozen(page);
}

void page_free(struct page *page, unsigned order)
{
	unsigned long irq;
	bool last = refcount_put(&page->refs);

	if (!order) {
		if (last)
			page_free_frozen(page);
		return;
	}

	page_poison(page, order);
	irq = spin_lock_irqsave(&pages_lock);
	if (last) {
		buddy_free(&buddy, page, order);
	} else {
		/*
		 * pagecache_find() holds the first page for a moment, because
		 * it was a file's once; its page_put() frees that one.
		 */
		while (order--)
			buddy_free(&buddy, page + (1ul << order), order);
	}
	spin_unlock_irqrestore(&pages_lock, irq);
}

void *page_alloc_virt(unsigned flags)
{
	struct page *page = page_alloc(0, flags);

	return page ? page_to_virt(page) : NULL;
}

void page_free_virt(void *addr)
{
	page_put(virt_to_page(addr));
}

void page_free_reserved(paddr_t start, paddr_t end)
{
	uint64_t pfn = ALIGN_UP(start, PAGE_SIZE) >> PAGE_SHIFT;
	uint64_t last = end >> PAGE_SHIFT;
	unsigned long irq;

	irq = spin_lock_irqsave(&pages_lock);
	for (; pfn < last; pfn++) {
		uint64_t before = buddy.nr_free;
		struct page *page;

		if (!page_range_grow_to(&buddy, pfn))
			continue;
		nr_fresh -= buddy.nr_free - before;
		page = pfn_to_page(pfn);
		if (!page_has_flag(page, PAGE_RESERVED))
			continue;
		atomic_store(&page->flags, 0);
		refcount_set(&page->refs, 0);
		page_poison(page, 0);
		buddy_free(&buddy, page, 0);
		nr_total_pages++;
	}
	spin_unlock_irqrestore(&pages_lock, irq);
}

void page_alloc_init(const struct mem_range *ram, size_t nr_ram,
		     const struct mem_range *reserved, size_t nr_reserved)
{
	nr_fresh = page_range_init(ram, nr_ram, reserved, nr_reserved);
	if (!nr_fresh)
		panic("no usable memory in %zu ranges", nr_ram);
	nr_total_pages = nr_fresh;
	watermarks.min = MIN(MAX(nr_total_pages / 256, 16ul), 1024ul);
	watermarks.low = watermarks.min * 2;
}

void mem_stats_get(struct mem_stats *stats)
{
	struct hart *hart;

	*stats = (struct mem_stats){
		.total = nr_total_pages,
		.free = page_nr_free(),
		.cached = (uint64_t)atomic64_load(&page_counts.cached),
		.dirty = (uint64_t)atomic64_load(&page_counts.dirty),
		.slab = (uint64_t)atomic64_load(&page_counts.slab),
		.anon = (uint64_t)atomic64_load(&page_counts.anon),
		.pagetables = pgtable_count(),
		.kernel_stack = kstack_count(),
		.shmem = (uint64_t)atomic64_load(&page_counts.shmem),
	};
	for_each_hart (hart)
		stats->free += hart->nr_free_pages;
	stats->available = stats->free + stats->cached - stats->shmem;
	stats->available -= MIN(stats->available, watermarks.low);
}
