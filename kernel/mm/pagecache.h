// SPDX-License-Identifier: MIT
/*
 * The page cache: pages of a file, found by index, filled and written back
 * through the file system's operations.
 *
 * A struct mapping is embedded in each inode, which is its host; that is known
 * above mm/ only.  Lookups take its spinlock only to insert and remove; finding
 * walks the radix tree without it (see pagecache.c for what makes that safe).
 */
#pragma once

#include <sys/queue.h>

#include <lib/types.h>

#include <core/lock.h>
#include <core/mutex.h>
#include <mm/radix.h>

/* Bytes that a file in the page cache may have: page->index is 32 bits wide. */
#define PAGECACHE_MAX_SIZE ((uint64_t)1 << 32 << PAGE_SHIFT)

struct inode;
struct iov_iter;
struct mapping;
struct page;
struct vma;

struct mapping_ops {
	/*
	 * Fill a locked page from the file and unlock it when done (maybe later,
	 * from an interrupt): sets PAGE_UPTODATE or PAGE_ERROR.  Bytes behind
	 * the end of file are zero.  0 or -errno (then it is unlocked, too).
	 */
	int (*read_page)(struct mapping *mapping, struct page *page);
	/*
	 * Start reading nr pages from index on, as far as it helps: for each
	 * page that pagecache_add() gives, as read_page() would, without waiting.
	 * Optional: else read_page() is called for one after the other.
	 */
	void (*read_ahead)(struct mapping *mapping, uint64_t index,
			   unsigned nr);
	/*
	 * A write to [from, to) of the locked page is about to come: find or reserve room
	 * on disk, read what is not overwritten.  0, -ENOSPC, -EIO, -EDQUOT.
	 * Optional: the file lives in its pages alone (tmpfs).
	 */
	int (*write_begin)(struct mapping *mapping, struct page *page,
			   unsigned from, unsigned to);
	/*
	 * It failed: is it worth another try?  The page is not locked now; may
	 * sleep, to make room.  *tries is 0 at first and counts them.  Optional.
	 */
	bool (*may_write_again)(struct mapping *mapping, int error,
				unsigned *tries);
	/*
	 * It came: copied bytes are there, the page is up to date; mark it dirty
	 * with page_set_dirty().  The caller extends the size afterwards.
	 * 0 or -errno.  Optional: nothing but the marking.
	 */
	int (*write_end)(struct mapping *mapping, struct page *page,
			 unsigned from, unsigned copied);
	/*
	 * Write dirty pages of [first, last], as pagecache_next_dirty() gives
	 * them.  wait: finish before returning.  0 or the first error.
	 */
	int (*write_pages)(struct mapping *mapping, uint64_t first,
			   uint64_t last, bool wait);
	/*
	 * The file is about to become longer, by a hole: what the disk has behind
	 * its end becomes zero; in memory it is.  Host's lock held for writing.
	 * 0 or -errno.  Optional: nothing is there.
	 */
	int (*prepare_hole)(struct mapping *mapping);
	/* Drop file-system state of a locked page that leaves the cache.  Optional. */
	void (*release_page)(struct mapping *mapping, struct page *page);
};

struct mapping {
	struct inode *host;            /* [I] or NULL: nobody is asked */
	const struct mapping_ops *ops; /* [I] */
	atomic64_t size;               /* [host] bytes of the file */
	spinlock_t lock;        /* tree and tags; rank LOCK_MAPPING; irqsave */
	radix_root tree;        /* [lock for changes] */
	uint64_t nr_pages;      /* [lock] */
	uint64_t nr_dirty;      /* [lock] */
	struct mutex vmas_lock; /* rank LOCK_SLEEP_LEAF; page lock is outer */
	TAILQ_HEAD(, vma) vmas; /* [vmas_lock] areas that map it */
	int error;         /* [lock] first write-back error, for fsync(2) */
	uint32_t ra_next;  /* [racy] index where read-ahead has got to */
	uint32_t ra_size;  /* [racy] pages it took last time */
	bool no_writeback; /* [I] tmpfs: pages live only here */
};

static inline off_t mapping_size(const struct mapping *mapping)
{
	return atomic64_load(&mapping->size);
}
/* Who truncates drops the pages, too: pagecache_truncate(). */
static inline void mapping_set_size(struct mapping *mapping, off_t size)
{
	atomic64_store(&mapping->size, size);
}

/* An empty one of size 0. */
void mapping_init(struct mapping *mapping, struct inode *host,
		  const struct mapping_ops *ops);
/* ops.may_write_again, where there is one. */
bool mapping_may_write_again(struct mapping *mapping, int error,
			     unsigned *tries);
/* Drop all pages (inode is going away); none may be mapped or dirty. */
void mapping_destroy(struct mapping *mapping);

/* The page at index with a reference, or NULL.  Any context. */
struct page *pagecache_find(struct mapping *mapping, uint64_t index);
/* The same for nr indexes from first on into pages; only those up to date. */
void pagecache_find_range(struct mapping *mapping, uint64_t first, unsigned nr,
			  struct page **pages);
/*
 * A new locked page at index with a reference, for read-ahead.  NULL: there is
 * one already, or no memory to spare.
 */
struct page *pagecache_add(struct mapping *mapping, uint64_t index);
/* Find or make; returned locked with a reference.  NULL: no memory. */
struct page *pagecache_grab(struct mapping *mapping, uint64_t index);
/* Find or read: up to date, with a reference, unlocked.  0, -EIO, -ENOMEM. */
int pagecache_read(struct mapping *mapping, uint64_t index, struct page **page);

/*
 * read(2) and write(2) on a cached file: the generic read_iter and write_iter.
 * The caller holds the host's lock for writing (write), nothing (read).  They
 * advance *pos and return bytes or -errno; a write raises mapping->size.
 */
ssize_t pagecache_read_iter(struct mapping *mapping, struct iov_iter *to,
			    off_t *pos);
ssize_t pagecache_write_iter(struct mapping *mapping, struct iov_iter *from,
			     off_t *pos);

void page_set_dirty(
	/* locked or mapped; tags the tree, starts the flusher */
	struct page *page);
void page_clear_dirty_for_io(
	/* locked: DIRTY -> WRITEBACK, write-protects its mappings */
	struct page *page);
/* For write_pages(): the next dirty page at or after *index, locked, with a
 * reference; NULL: none up to last.  *index becomes its successor. */
struct page *pagecache_next_dirty(struct mapping *mapping, uint64_t *index,
				  uint64_t last);

/*
 * A shared mapping is about to write to page, which the caller holds: lets the
 * file system find room, marks it dirty, and returns with it locked.
 * 0, -EAGAIN (not in this file any more), -ENOSPC, -EIO.  May sleep.
 */
int pagecache_make_writable(struct mapping *mapping, struct page *page);

/* read_page() for what has no disk behind it: zeros, up to date, unlocked. */
void pagecache_zero_page(struct page *page);

/*
 * Drop pages wholly beyond size and zero the tail of the last, where it is
 * cached (truncate).  The size is changed already.  What the disk has behind
 * the new end is the file system's affair.
 */
void pagecache_truncate(struct mapping *mapping, off_t size);
/*
 * A write or a truncation at pos, behind the end, is about to leave a hole: what
 * mappings put behind the end, and what the disk has there, becomes zero.
 * Host's lock held for writing.  0, or what ops.prepare_hole() says.
 */
int pagecache_prepare_hole(struct mapping *mapping);
/* Write back and optionally wait: [first, last] in pages. */
int pagecache_sync(struct mapping *mapping, uint64_t first, uint64_t last,
		   bool wait);

/*
 * Start reading pages [first, end) of a file that are not in the cache, as far
 * as there is memory to spare.
 */
void pagecache_read_ahead(struct mapping *mapping, uint64_t first,
			  uint64_t end);
/* Drop clean, unused pages of [first, last] (fadvise DONTNEED, drop_caches). */
void pagecache_drop(struct mapping *mapping, uint64_t first, uint64_t last);

/*
 * What the page cache asks of the hosts of mappings, whatever the file system.
 * fs/ registers it at boot; no mapping without a host is asked.
 */
struct pagecache_hosts {
	/* Start writing (wait: and finish) every dirty file. */
	int (*sync_all)(bool wait);
	/* The mapping has its first dirty page: write it back some day. */
	void (*note_dirty)(struct mapping *mapping);
	/* Its contents change through a shared area: set its times. */
	void (*touch)(struct mapping *mapping);
};
void pagecache_register(const struct pagecache_hosts *ops);

/*
 * Write-back: a thread that writes what is dirty every 5 s, and at once when
 * more than a fifth of memory is.
 */
void pagecache_init(void);         /* thread context */
void pagecache_flusher_kick(void); /* any context */
