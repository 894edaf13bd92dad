// SPDX-License-Identifier: MIT
/*
 * struct page: one for every page frame of RAM, 32 bytes.
 *
 * A page's life: free in the buddy allocator -> page_alloc() with one reference
 * -> used by a slab, a page table, an address space or the page cache -> the
 * last page_put() frees it.  The page cache holds one reference, each user
 * mapping (PTE) holds one and counts in mapcount.
 */
#pragma once

#include <arch/memory.h>
#include <core/alloc.h>
#include <core/refcount.h>

struct mapping;

enum page_flag {
	PAGE_FREE = 1 << 0,     /* in the buddy allocator */
	PAGE_SLAB = 1 << 1,     /* u.slab is in use */
	PAGE_RESERVED = 1 << 2, /* never given out: firmware, kernel image */
	PAGE_LOCKED = 1 << 3,   /* page_lock(): I/O or truncation is going on */
	PAGE_UPTODATE = 1 << 4, /* holds what the file holds */
	PAGE_DIRTY = 1 << 5,    /* holds more than the disk does */
	PAGE_WRITEBACK = 1 << 6, /* being written */
	PAGE_ERROR = 1 << 7,     /* the last read or write failed */
	PAGE_LRU = 1 << 8,       /* on a reclaim list */
	PAGE_ACTIVE = 1 << 9,    /* on the active one */
	PAGE_REFERENCED = 1 << 10,
	PAGE_ANON = 1 << 11,    /* private memory of processes */
	PAGE_PRIVATE = 1 << 12, /* the file system has state for it */
	PAGE_WAITERS = 1 << 13, /* somebody sleeps on LOCKED or WRITEBACK */
	PAGE_ICACHE_CLEAN = 1 << 14, /* no hart has older instructions of it */
	PAGE_READAHEAD = 1 << 15     /* reading it starts the next read-ahead */
};

/*
 * Pages are chained by frame number, which is half as long as a pointer.
 * prev and next belong to whatever list the page is on (struct page_list).
 */
struct page {
	/* [a] enum page_flag; the order of a block in the top byte */
	atomic_t flags;
	refcount_t refs; /* [a] */
	uint32_t prev;   /* [the list's lock] pfn, 0: none */
	uint32_t next;   /* [the list's lock] */
	union {
		struct {
			/* [page lock] the file, or NULL */
			struct mapping *mapping;
			/* [page lock] page number in the file */
			uint32_t index;
			atomic_t mapcount; /* [a] PTEs that map it */
		};
		struct {
			struct slab_cache *cache; /* [I] while PAGE_SLAB */
			/* [cache lock] first free object, see slab.c */
			uint16_t free;
			uint16_t in_use; /* [cache lock] */
			/* [I] pages from the slab's first to here */
			uint16_t head;
		} slab;
	};
};
static_assert(sizeof(struct page) == 32, "one per frame: it must stay small");

#define PAGE_ORDER_SHIFT 24
static inline unsigned page_order(const struct page *page)
{
	return (unsigned)atomic_load(&page->flags) >> PAGE_ORDER_SHIFT;
}

/*
 * Something with a cache of its own: asked, from the reclaim thread, to give up
 * about nr objects; returns how many it did.  Registered at boot.
 */
typedef size_t reclaim_shrinker(size_t nr);
void reclaim_register(reclaim_shrinker *shrink);

/*
 * The last resort when reclaim finds nothing: kill somebody and give him time
 * to die.  False: there is nobody to kill, or the caller is the dying one.
 * Registered at boot by proc/, which knows whom.  Thread context; sleeps.
 */
typedef bool oom_killer(void);
void oom_register(oom_killer *killer);

/*
 * One contiguous piece of RAM and its part of the page array.  Entries from
 * fresh_pfn on are not initialised yet (page_range.c).
 */
struct page_range {
	uint64_t start_pfn; /* [I] */
	uint64_t nr_pages;  /* [I] */
	uint64_t fresh_pfn; /* [the page allocator's lock] */
	struct page *pages; /* [I] */
};
#define PAGE_RANGES_MAX 16
extern struct page_range page_ranges[PAGE_RANGES_MAX];
extern unsigned nr_page_ranges;

/* What the inline functions below fall back to beyond the first range. */
struct page *pfn_to_page_slow(uint64_t pfn);
uint64_t page_to_pfn_slow(const struct page *page);

/* Frames; pfn_to_page() is NULL where there is no RAM. */
static inline struct page *pfn_to_page(uint64_t pfn)
{
	uint64_t offset = pfn - page_ranges[0].start_pfn;

	if (likely(offset < page_ranges[0].nr_pages))
		return page_ranges[0].pages + offset;
	return pfn_to_page_slow(pfn);
}

static inline uint64_t page_to_pfn(const struct page *page)
{
	uint64_t offset = ((uintptr_t)page - (uintptr_t)page_ranges[0].pages) /
			  sizeof(*page);

	if (likely(offset < page_ranges[0].nr_pages))
		return page_ranges[0].start_pfn + offset;
	return page_to_pfn_slow(page);
}

static inline struct page *phys_to_page(paddr_t pa)
{
	return pfn_to_page(pa >> PAGE_SHIFT);
}

static inline paddr_t page_to_phys(const struct page *page)
{
	return page_to_pfn(page) << PAGE_SHIFT;
}

static inline void *page_to_virt(const struct page *page)
{
	return phys_to_virt(page_to_phys(page));
}

static inline struct page *virt_to_page(const void *addr)
{
	return phys_to_page(virt_to_phys(addr));
}

static inline bool page_has_flag(const struct page *page, unsigned flag)
{
	return atomic_load(&page->flags) & (int)flag;
}

static inline void page_get(struct page *page)
{
	refcount_get(&page->refs);
}
/* Drop a reference; frees the page with the last.  Any context. */
void page_put(struct page *page);

/* Sleep until the lock bit / write-back bit is ours / clear.  Thread context. */
void page_lock(struct page *page);
bool page_trylock(struct page *page);
void page_unlock(struct page *page); /* any context: I/O completion does it */
void page_wait_locked(struct page *page); /* until nobody has it locked */
void page_wait_writeback(struct page *page);
void page_end_writeback(struct page *page); /* any context */

/* Totals in pages, for /proc/meminfo, sysinfo(2) and the boot log. */
struct mem_stats {
	uint64_t total, free, available, cached, dirty, slab, anon, pagetables,
		kernel_stack, shmem;
};
void mem_stats_get(struct mem_stats *stats);

/* What is counted where it changes; each in pages. */
struct page_counts {
	atomic64_t cached, dirty, slab, anon, shmem;
};
extern struct page_counts page_counts;

/* Boot: hand over RAM, which the direct map covers already.  Panics without any. */
void page_alloc_init(const struct mem_range *ram, size_t nr_ram,
		     const struct mem_range *reserved, size_t nr_reserved);
void page_lock_init(void); /* before the first page_lock() */
void kmalloc_init(void);   /* needs page_alloc_init() */
void slab_init_hart(void); /* each further hart, before it allocates much */
/* Give frames back that were reserved during boot (init sections, initrd, DTB). */
void page_free_reserved(paddr_t start, paddr_t end);
