// SPDX-License-Identifier: MIT
/*
 * Transactions on metadata buffers, and commits: the only place that writes
 * them.
 *
 * cache->running counts transactions, cache->sealing holds new ones back.  A
 * transaction counts itself first and looks at sealing then; a commit sets
 * sealing first and looks at running then; both with full barriers, so that one
 * of them sees the other.
 *
 * A buffer under way to the disk (BUFFER_WRITING) is not changed: who wants to
 * waits in buffer_begin_modify(), so what arrives is what was sealed.
 */
#include <lib/errno.h>

#include <core/panic.h>
#include <core/thread.h>
#include <mm/page.h>

#include "buffer_internal.h"

/* For an io to be free; static, as the last io outlives what it wakes. */
static struct waitq buffer_io_queue = WAITQ_INIT(buffer_io_queue);

static struct buffer_transaction *buffer_transaction_current(void)
{
	return current_thread()->fs_transaction;
}

bool buffer_in_transaction(const struct buffer_cache *cache)
{
	const struct buffer_transaction *tx;

	for (tx = buffer_transaction_current(); tx; tx = tx->outer) {
		if (tx->cache == cache)
			return true;
	}
	return false;
}

static void buffer_transaction_leave(struct buffer_cache *cache)
{
	if (!atomic_sub_return(&cache->running, 1) &&
	    atomic_load(&cache->sealing))
		waitq_wake_all(&cache->tx_queue);
}

static void buffer_transaction_enter(struct buffer_cache *cache)
{
	for (;;) {
		atomic_add(&cache->running, 1);
		if (likely(!atomic_load(&cache->sealing)))
			return;
		buffer_transaction_leave(cache);
		waitq_wait(&cache->tx_queue, !atomic_load(&cache->sealing));
	}
}

void buffer_transaction_begin(struct buffer_cache *cache,
			      struct buffer_transaction *tx)
{
	tx->cache = cache;
	tx->nested = buffer_in_transaction(cache);
	if (!tx->nested)
		buffer_transaction_enter(cache);
	tx->outer = buffer_transaction_current();
	current_thread()->fs_transaction = tx;
}

void buffer_transaction_end(struct buffer_transaction *tx)
{
	ASSERT(buffer_transaction_current() == tx);
	current_thread()->fs_transaction = tx->outer;
	if (!tx->nested)
		buffer_transaction_leave(tx->cache);
}

void buffer_begin_modify(struct buffer *buf)
{
	ASSERT(buffer_in_transaction(buf->cache));
	buffer_wait_clear(buf, BUFFER_WRITING);
}

void buffer_mark_dirty(struct buffer *buf)
{
	ASSERT(buffer_in_transaction(buf->cache));
	if (!(atomic_load(&buf->state) & BUFFER_DIRTY))
		buffer_set_dirty(buf);
}

/* Seal all dirty buffers, with a reference, into list, by block number. */
static void buffer_seal_all(struct buffer_cache *cache,
			    struct buffer_io_list *list)
{
	struct buffer *buf;

	/* Nobody else changes the tree now, so it is read without the lock. */
	RB_FOREACH (buf, buffer_tree, &cache->dirty) {
		if (buf->seal)
			buf->seal(buf);
	}
	spin_lock(&cache->lock);
	while ((buf = RB_MIN(buffer_tree, &cache->dirty))) {
		buffer_clear_dirty_locked(buf);
		atomic_fetch_or(&buf->state, BUFFER_WRITING);
		atomic_add_relaxed(&buf->refs, 1);
		STAILQ_INSERT_TAIL(list, buf, io_link);
	}
	spin_unlock(&cache->lock);
}

/* Hold transactions back, prepare and seal, let them go on. */
static void buffer_gather(struct buffer_cache *cache,
			  struct buffer_io_list *list)
{
	struct buffer_transaction tx = {
		.cache = cache,
		.outer = buffer_transaction_current(),
		.nested = true,
	};

	atomic_xchg(&cache->sealing, 1);
	waitq_wait(&cache->tx_queue, !atomic_load(&cache->running));

	current_thread()->fs_transaction = &tx;
	if (cache->ops && cache->ops->prepare_commit && cache->nr_dirty)
		cache->ops->prepare_commit(cache);
	buffer_seal_all(cache, list);
	current_thread()->fs_transaction = tx.outer;

	atomic_xchg(&cache->sealing, 0);
	waitq_wake_all(&cache->tx_queue);
}

static void buffer_io_end(struct bio *bio)
{
	struct buffer_io *io = bio->private;
	struct buffer_cache *cache = io->cache;
	int none = 0;

	if (bio->status)
		atomic_cmpxchg(&cache->io_error, &none, bio->status);
	for (unsigned i = 0; i < bio->nr_vecs; i++) {
		if (bio->status)
			atomic_fetch_or(&io->buffers[i]->state, BUFFER_ERROR);
		buffer_clear_and_wake(io->buffers[i], BUFFER_WRITING);
	}
	atomic_store_release(&io->busy, 0);
	waitq_wake_all(&buffer_io_queue);
}

static struct buffer_io *buffer_io_find_idle(struct buffer_cache *cache)
{
	for (unsigned i = 0; i < BUFFER_IOS; i++) {
		if (!atomic_load_acquire(&cache->ios[i].busy))
			return &cache->ios[i];
	}
	return NULL;
}

static bool buffer_io_all_idle(const struct buffer_cache *cache)
{
	for (unsigned i = 0; i < BUFFER_IOS; i++) {
		if (atomic_load_acquire(&cache->ios[i].busy))
			return false;
	}
	return true;
}

/* Write the run of adjacent blocks that starts with buf; returns the next. */
static struct buffer *buffer_write_run(struct buffer_cache *cache,
				       struct buffer *buf)
{
	uint32_t size = cache->block_size;
	uint64_t first = buf->block;
	struct buffer_io *io = NULL;
	unsigned limit, n = 0;

	waitq_wait(&buffer_io_queue, (io = buffer_io_find_idle(cache)));
	limit = MIN(BUFFER_IO_VECS, cache->bdev->max_vecs);
	limit = MIN(limit, cache->bdev->max_sectors / (size / 512));
	for (; buf && n < limit && buf->block == first + n;
	     buf = STAILQ_NEXT(buf, io_link)) {
		io->buffers[n] = buf;
		io->vecs[n].page = virt_to_page(buf->data);
		io->vecs[n].offset = (uintptr_t)buf->data & PAGE_MASK;
		io->vecs[n].len = size;
		n++;
	}
	io->bio = (struct bio){
		.bdev = cache->bdev,
		.op = BIO_WRITE,
		.sector = first * (size / 512),
		.nr_sectors = n * (size / 512),
		.vecs = io->vecs,
		.nr_vecs = n,
		.end_io = buffer_io_end,
		.private = io,
	};
	atomic_store(&io->busy, 1);
	bio_submit(&io->bio);
	return buf;
}

/* After the write: drop our references; what failed is dirty again. */
static void buffer_finish_all(struct buffer_io_list *list)
{
	struct buffer *buf;

	while ((buf = STAILQ_FIRST(list))) {
		STAILQ_REMOVE_HEAD(list, io_link);
		if (atomic_load(&buf->state) & BUFFER_ERROR) {
			atomic_fetch_and(&buf->state, ~BUFFER_ERROR);
			buffer_set_dirty(buf);
		}
		buffer_put(buf);
	}
}

int buffer_cache_commit(struct buffer_cache *cache)
{
	struct buffer_io_list list = STAILQ_HEAD_INITIALIZER(list);
	struct buffer *buf;
	int ret;

	ASSERT(!buffer_in_transaction(cache));
	if (cache->aborted)
		return -EROFS;
	mutex_lock(&cache->commit_lock);
	atomic_store(&cache->io_error, 0);
	buffer_gather(cache, &list);
	for (buf = STAILQ_FIRST(&list); buf;)
		buf = buffer_write_run(cache, buf);
	waitq_wait(&buffer_io_queue, buffer_io_all_idle(cache));
	buffer_finish_all(&list);
	ret = atomic_load(&cache->io_error);
	mutex_unlock(&cache->commit_lock);
	return ret;
}

void buffer_cache_abort(struct buffer_cache *cache)
{
	cache->aborted = true;
}

void buffer_commit_init(struct buffer_cache *cache)
{
	waitq_init(&cache->tx_queue);
	mutex_init(&cache->commit_lock, LOCK_BUFFER);
	for (unsigned i = 0; i < BUFFER_IOS; i++)
		cache->ios[i].cache = cache;
}
