// SPDX-License-Identifier: MIT
/*
 * Metadata buffers: blocks of a device that a file system reads and changes in
 * memory, and that go to the device together.
 *
 * Life of a buffer: buffer_read() or buffer_get_new() finds or makes it, with a
 * reference; the last buffer_put() leaves it in the cache; memory pressure or
 * buffer_cache_destroy() frees those that are clean and unused.
 *
 * All changes are made in a transaction: between buffer_transaction_begin()
 * and _end() a thread calls buffer_begin_modify() for each buffer before it
 * changes it, and buffer_mark_dirty() after.  buffer_cache_commit() writes what
 * finished transactions changed; it waits until none is running, and starts no
 * new one, just while it seals the dirty buffers (checksums), not while it
 * writes them.
 *
 * With a journal (fs/jbd2) what was sealed goes to the log, so that a loss of
 * power leaves all of a commit or nothing.  Such buffers are "pending" until a
 * checkpoint, which is part of some later commit, writes them to their places.
 *
 * Two threads that change the same buffer exclude each other by a lock of the
 * file system (a directory's inode->lock, a group's lock, ...).
 */
#pragma once

#include <sys/queue.h>
#include <sys/tree.h>

#include <lib/atomic.h>
#include <lib/types.h>

struct block_device;
struct buffer;
struct buffer_cache;
struct jbd2;

/* What a commit asks of the file system, in this order; all may sleep. */
struct buffer_cache_ops {
	/*
	 * Bring fields and checksums that were left behind up to date, in
	 * buffers that were marked dirty when it was seen that they would be,
	 * and at most one more.
	 * Runs as the only transaction: those that ended are in this commit,
	 * those that come are not.
	 */
	void (*prepare_commit)(struct buffer_cache *cache);
	/*
	 * Wait until the device has the file data which the transactions of
	 * this commit make part of files.  New ones run already.
	 */
	void (*wait_data)(struct buffer_cache *cache);
	/* It is over; ret 0: and what was sealed is written. */
	void (*end_commit)(struct buffer_cache *cache, int ret);
};

/*
 * Bring a block's checksum up to date; seed is what
 * buffer_set_seal() left.  Called while no transaction runs.
 * The seal stays with the buffer while it is in the cache.
 */
typedef void buffer_seal(struct buffer *buf);

/* [I] immutable while it is in the cache, [c] cache->lock, [a] atomic, [t] in
 * transactions, by the file system's own locks */
struct buffer {
	void *data;                 /* [t] block_size bytes */
	uint64_t block;             /* [I] block number on the device */
	struct buffer_cache *cache; /* [I] */
	atomic_t refs;              /* [a] changes from 0 under cache->lock */
	atomic_t state;             /* [a] BUFFER_* */
	buffer_seal *seal;          /* [t] NULL: no checksum in the block */
	uint32_t seed;              /* [t] for seal */
	/*
	 * As what the file system found it well formed; its own numbers, 0:
	 * not looked at.  A damaged disk may use a block as two things.
	 */
	unsigned checked_as;          /* [t] */
	LIST_ENTRY(buffer) hash_link; /* [c] */
	TAILQ_ENTRY(buffer) lru_link; /* [c] */
	/* [c] while BUFFER_DIRTY; the commit's, while a checkpoint writes it */
	RB_ENTRY(buffer) dirty_link;
	TAILQ_ENTRY(buffer) pending_link; /* [c] while pending or revoked */
	STAILQ_ENTRY(buffer) io_link;     /* the commit that writes it */
};

STAILQ_HEAD(buffer_io_list, buffer);
TAILQ_HEAD(buffer_list, buffer);

#define BUFFER_UPTODATE (1u << 0) /* data is what the device holds, or newer */
#define BUFFER_LOCKED   (1u << 1) /* being read */
#define BUFFER_DIRTY    (1u << 2)
#define BUFFER_WRITING  (1u << 3) /* a commit writes it: do not change it */
#define BUFFER_USED     (1u << 4) /* since the shrinker last came by */
#define BUFFER_PENDING  (1u << 5) /* in the journal, not yet in its place */

/*
 * A cache of the blocks of one device.  block_size is a power of two from 1024
 * to PAGE_SIZE.  NULL: no memory.  Context: thread.
 */
struct buffer_cache *buffer_cache_create(struct block_device *bdev,
					 uint32_t block_size,
					 const struct buffer_cache_ops *ops,
					 void *private);
/* Nobody uses a buffer of it any more; what is dirty is lost. */
void buffer_cache_destroy(struct buffer_cache *cache);
/*
 * Commit by way of a journal that has been started.  Context: thread; no
 * transaction runs.
 */
void buffer_cache_start_journal(struct buffer_cache *cache,
				struct jbd2 *journal);
/*
 * Commit with a flush, and in place from now on: when it returns 0 nothing is
 * left in the journal, if there was one.  Else what buffer_cache_commit()
 * returns, and nothing has changed.  Context: thread, in no transaction.
 */
int buffer_cache_stop_journal(struct buffer_cache *cache);
/* What the file system gave to buffer_cache_create() as private. */
void *buffer_cache_private(const struct buffer_cache *cache);

/*
 * The block, up to date, with a reference.  0, -EIO, -ENOMEM or -ENXIO (no
 * such block).  Context: thread; may sleep.
 */
int buffer_read(struct buffer_cache *cache, uint64_t block,
		struct buffer **result);
/*
 * The same for a block that was just allocated: filled with zeros, not read.
 * In a transaction; the buffer is ready for changes.  0, -ENOMEM, -ENXIO.
 */
int buffer_get_new(struct buffer_cache *cache, uint64_t block,
		   struct buffer **result);
/*
 * Nobody needs what the device has in that block: if it is not in the cache, it
 * is there from now on, filled with zeros.  Helps the next buffer_read(), which
 * does not rely on it.  Context: thread; may sleep.
 */
void buffer_spare_read(struct buffer_cache *cache, uint64_t block);
/* A further reference, by who holds one. */
void buffer_get(struct buffer *buf);
/*
 * Drop a reference; the block stays in the cache.  NULL is fine.  Any context.
 */
void buffer_put(struct buffer *buf);

/*
 * The blocks are free now: forget changes to them, so that they cannot be
 * written over what they will be used for.  In a transaction.
 */
void buffer_forget(struct buffer_cache *cache, uint64_t block, uint64_t count);

/*
 * A transaction: one operation that the disk should see whole.  Lives on the
 * stack of its thread and nests: an inner one is part of the outer.
 */
struct buffer_transaction {
	struct buffer_cache *cache;
	struct buffer_transaction *outer;
	bool nested;        /* the outermost of this cache is further out */
	unsigned nr_blocks; /* that it was the first to change in a commit */
};

/* So many blocks a transaction may change at most, as a commit must fit. */
#define BUFFER_TRANSACTION_MAX 64

/*
 * Context: thread; may sleep, also for a commit when there is a journal and the
 * running one gets large.  No page lock may be taken inside.
 */
void buffer_transaction_begin(struct buffer_cache *cache,
			      struct buffer_transaction *tx);
/*
 * Ends the innermost one of this thread.  Never waits: commits come by
 * themselves.
 */
void buffer_transaction_end(struct buffer_transaction *tx);
/* Is the calling thread in a transaction of the cache?  For assertions. */
bool buffer_in_transaction(const struct buffer_cache *cache);

/* See the head comment.  May sleep until a commit has written the buffer. */
void buffer_begin_modify(struct buffer *buf);
/* The buffer was changed: the next commit writes it.  In a transaction. */
void buffer_mark_dirty(struct buffer *buf);

/* How to seal it from now on; see buffer_seal.  In a transaction. */
static inline void buffer_set_seal(struct buffer *buf, buffer_seal *seal,
				   uint32_t seed)
{
	buf->seal = seal;
	buf->seed = seed;
}

/*
 * Write every change of finished transactions, and wait until the device has
 * it, in its write cache at least.  flush: what was written to the device before,
 * by anybody, and this are stable when it returns.  0 or the first error; what
 * could not be written stays dirty.  With a journal there is no more after an
 * error, only -EROFS.  Context: thread, in no transaction.
 */
int buffer_cache_commit(struct buffer_cache *cache, bool flush);

/* Free up to nr clean unused buffers of all caches; returns how many. */
size_t buffer_cache_shrink(size_t nr);
