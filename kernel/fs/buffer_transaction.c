// SPDX-License-Identifier: MIT
/*
 * Transactions on metadata buffers, which commits are made of.
 *
 * cache->running counts transactions, cache->sealing holds new ones back.  A
 * transaction counts itself first and looks at sealing then; a commit sets
 * sealing first and looks at running then; both with full barriers, so that one
 * of them sees the other.
 */
#include <core/panic.h>
#include <core/thread.h>

#include "buffer_internal.h"

/*
 * What each of many transactions that run at a time is expected to change, in
 * blocks.  That all of them do the most they may is left to chance.
 */
#define TRANSACTION_BLOCKS 32

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

/*
 * Has the running commit room for one more transaction?  What preparing it will
 * change is dirty already, but for the super block.
 */
static bool buffer_commit_has_room(const struct buffer_cache *cache)
{
	size_t others = (size_t)atomic_load(&cache->running);

	return cache->nr_dirty + 1 + others * TRANSACTION_BLOCKS +
		       BUFFER_TRANSACTION_MAX <=
	       cache->commit_limit;
}

/* One block more is dirty.  The outermost transaction answers for it. */
static void buffer_transaction_count(const struct buffer_cache *cache)
{
	struct buffer_transaction *tx = buffer_transaction_current();

	while (tx && (tx->cache != cache || tx->nested))
		tx = tx->outer;
	/* A commit has none. */
	if (!tx)
		return;
	tx->nr_blocks++;
	ASSERT(tx->nr_blocks <= BUFFER_TRANSACTION_MAX);
}

void buffer_transaction_begin(struct buffer_cache *cache,
			      struct buffer_transaction *tx)
{
	tx->cache = cache;
	tx->nr_blocks = 0;
	tx->nested = buffer_in_transaction(cache);
	if (!tx->nested) {
		/* What goes wrong here, a later commit reports. */
		if (unlikely(!buffer_commit_has_room(cache)))
			(void)buffer_cache_commit(cache, false);
		buffer_transaction_enter(cache);
	}
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
	ASSERT(!(atomic_load(&buf->state) & BUFFER_WRITING));
	if (!(atomic_load(&buf->state) & BUFFER_DIRTY)) {
		buffer_set_dirty(buf);
		buffer_transaction_count(buf->cache);
	}
}

void buffer_hold_transactions(struct buffer_cache *cache,
			      struct buffer_transaction *own)
{
	*own = (struct buffer_transaction){
		.cache = cache,
		.outer = buffer_transaction_current(),
		.nested = true,
	};
	atomic_xchg(&cache->sealing, 1);
	waitq_wait(&cache->tx_queue, !atomic_load(&cache->running));
	current_thread()->fs_transaction = own;
}

void buffer_release_transactions(struct buffer_transaction *own)
{
	current_thread()->fs_transaction = own->outer;
	atomic_xchg(&own->cache->sealing, 0);
	waitq_wake_all(&own->cache->tx_queue);
}
