// SPDX-License-Identifier: MIT
/* What the files buffer*.c share. */
#pragma once

#include <sys/queue.h>
#include <sys/tree.h>

#include <core/lock.h>
#include <core/mutex.h>
#include <core/waitq.h>
#include <dev/block.h>
#include <fs/buffer.h>

#define BUFFER_IO_VECS 32
#define BUFFER_IOS     4

LIST_HEAD(buffer_bucket, buffer);
RB_HEAD(buffer_tree, buffer);
RB_PROTOTYPE(buffer_tree, buffer, dirty_link, buffer_compare)

/* One write: buffers that follow one another on the device. */
struct buffer_io {
	struct bio bio;
	struct bio_vec vecs[BUFFER_IO_VECS];
	struct buffer_cache *cache;
	atomic_t busy; /* given to the device */
};

/* [I] immutable, [c] lock, [a] atomic, [m] commit_lock */
struct buffer_cache {
	struct block_device *bdev;          /* [I] */
	uint64_t nr_blocks;                 /* [I] */
	uint32_t block_size;                /* [I] bytes */
	const struct buffer_cache_ops *ops; /* [I] */
	void *private;                      /* [I] the file system's */
	TAILQ_ENTRY(buffer_cache) link;     /* [caches_lock] */

	spinlock_t lock;               /* rank LOCK_LEAF */
	struct buffer_bucket *buckets; /* [c] */
	size_t nr_buckets;             /* [I] a power of two */
	struct buffer_list lru;   /* [c] all; the shrinker starts in front */
	struct buffer_tree dirty; /* [c] by block */
	size_t nr_dirty;          /* [c], racy reads */

	struct jbd2 *journal;       /* [m] or NULL */
	size_t commit_limit;        /* [racy] blocks that a commit may have */
	struct buffer_list pending; /* [c] in the journal only */
	size_t nr_pending;          /* [c] */
	size_t pending_limit;       /* [I] more of them take too much memory */
	bool wants_checkpoint;      /* [racy] they do already */
	/* [c] with a reference: were pending, and are free blocks now */
	struct buffer_list revoked;
	size_t nr_revoked; /* [c] */

	atomic_t running;      /* [a] transactions */
	atomic_t sealing;      /* [a] 1: no new transactions for a moment */
	struct waitq tx_queue; /* for sealing to end, or running to be 0 */
	bool aborted;          /* [racy] nothing is written any more */

	struct mutex commit_lock; /* one commit at a time; rank LOCK_BUFFER */
	atomic_t commits_begun;   /* [a] how many; wraps around */
	unsigned last_stable;     /* [m] the last of them that is safe */
	atomic_t io_error;        /* [a] first failed write; buffer_io.c */
	struct buffer_io ios[BUFFER_IOS]; /* [m] */
};

/* What buffer_commit.c needs of a new cache: queue, locks, the ios. */
void buffer_commit_init(struct buffer_cache *cache);

/*
 * Wait until no transaction runs, and let none begin but own, the caller's.
 * By commits.
 */
void buffer_hold_transactions(struct buffer_cache *cache,
			      struct buffer_transaction *own);
void buffer_release_transactions(struct buffer_transaction *own);

/* Into the tree of dirty buffers, if it is not there.  Takes cache->lock. */
void buffer_set_dirty(struct buffer *buf);
/* Out of it; the buffer must be dirty and cache->lock held. */
void buffer_clear_dirty_locked(struct buffer *buf);

/* Sleep until a BUFFER_* bit of the state is clear. */
void buffer_wait_clear(struct buffer *buf, unsigned bit);
/* Context: any. */
void buffer_clear_and_wake(struct buffer *buf, unsigned bit);
