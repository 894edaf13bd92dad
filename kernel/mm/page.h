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

#include <core/alloc.h>
#include <core/refcount.h>

struct mapping;

enum page_flag {
	PAGE_FREE = 1 << 0,      /* in the buddy allocator */
	PAGE_SLAB = 1 << 1,      /* u.slab is in use */
	PAGE_RESERVED = 1 << 2,  /* never given out: firmware, kernel image */
	PAGE_LOCKED = 1 << 3,    /* page_lock(): I/O or truncation is going on */
	PAGE_UPTODATE = 1 << 4,  /* holds what the file holds */
	PAGE_DIRTY = 1 << 5,     /* holds more than the disk does */
	PAGE_WRITEBACK = 1 << 6, /* being written */
	PAGE_ERROR = 1 << 7,     /* the last read or write failed */
	PAGE_LRU = 1 << 8,       /* on a reclaim list */
	PAGE_ACTIVE = 1 << 9,    /* on the active one */
	PAGE_REFERENCED = 1 << 10,
	PAGE_ANON = 1 << 11,     /* private memory of processes */
	PAGE_PRIVATE = 1 << 12,  /* the file system has state for it */
	PAGE_WAITERS = 1 << 13   /* somebody sleeps on LOCKED or WRITEBACK */
};

struct page {
	atomic_t flags;  /* [a] enum page_flag; the order of a free block in the top byte */
	refcount_t refs; /* [a] */
	union {
		struct {
			struct mapping *mapping; /* [page lock] the file, or NULL */
			uint32_t index;   /* [page lock] page number in the file */
			atomic_t mapcount; /* [a] PTEs that map it */
			uint32_t lru_prev; /* [LRU lock] pfn offset */
			uint32_t lru_next; /* [LRU lock] */
		};
		struct {
			struct slab_cache *cache; /* [I] while PAGE_SLAB */
			void *freelist;           /* [cache lock] */
			uint16_t in_use;          /* [cache lock] */
		} slab;
	};
};
static_assert(sizeof(struct page) == 32, "one per frame: it must stay small");

/* Frames; pfn_to_page() is NULL where there is no RAM. */
struct page *pfn_to_page(uint64_t pfn);
uint64_t page_to_pfn(const struct page *page);
struct page *phys_to_page(paddr_t pa);
paddr_t page_to_phys(const struct page *page);
void *page_to_virt(const struct page *page);
struct page *virt_to_page(const void *addr);

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
void page_wait_writeback(struct page *page);
void page_end_writeback(struct page *page); /* any context */

/* Totals in pages, for /proc/meminfo, sysinfo(2) and the boot log. */
struct mem_stats {
	uint64_t total, free, available, cached, dirty, slab, anon, pagetables,
		kernel_stack, shmem;
};
void mem_stats_get(struct mem_stats *stats);

/* Boot: hand over RAM.  mm_init() builds the page array; ranges are page-aligned. */
struct mem_range {
	paddr_t start, end;
};
void page_alloc_init(const struct mem_range *ram, size_t nr_ram,
		     const struct mem_range *reserved, size_t nr_reserved);
void slab_init(void);
/* Give frames back that were reserved during boot (init sections, initrd, DTB). */
void page_free_reserved(paddr_t start, paddr_t end);
