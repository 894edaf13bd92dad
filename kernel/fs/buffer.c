// SPDX-License-Identifier: MIT
/*
 * The cache of metadata buffers: finding, reading, forgetting, shrinking.
 * Transactions are in buffer_transaction.c, commits in buffer_commit.c.
 *
 * cache->lock covers the hash table, the list for the shrinker and the tree of
 * dirty buffers.  It is never taken by interrupts: the end of an I/O touches
 * only buf->state.  A buffer with references is never freed; references are
 * taken from 0 only under the lock.
 */
#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <dev/block.h>
#include <fs/buffer.h>

#include "buffer_internal.h"

#define BUCKETS_MIN 64
#define BUCKETS_MAX 8192

static spinlock_t caches_lock = SPINLOCK_INIT(LOCK_BUFFER_CACHES);
static TAILQ_HEAD(, buffer_cache) caches =
	TAILQ_HEAD_INITIALIZER(caches); /* [caches_lock] */

/* Waiters for a state; shared, so that a buffer need not carry a queue. */
static struct waitq buffer_waitqs[4] = {
	WAITQ_INIT(buffer_waitqs[0]),
	WAITQ_INIT(buffer_waitqs[1]),
	WAITQ_INIT(buffer_waitqs[2]),
	WAITQ_INIT(buffer_waitqs[3]),
};

static struct waitq *buffer_waitq(const struct buffer *buf)
{
	return &buffer_waitqs[buf->block % ARRAY_SIZE(buffer_waitqs)];
}

void buffer_wait_clear(struct buffer *buf, unsigned bit)
{
	if (atomic_load_acquire(&buf->state) & bit)
		waitq_wait(buffer_waitq(buf),
			   !(atomic_load_acquire(&buf->state) & bit));
}

void buffer_clear_and_wake(struct buffer *buf, unsigned bit)
{
	atomic_fetch_and(&buf->state, ~bit);
	waitq_wake_all(buffer_waitq(buf));
}

static int buffer_compare(const struct buffer *a, const struct buffer *b)
{
	return a->block < b->block ? -1 : a->block > b->block;
}
RB_GENERATE_INSERT(buffer_tree, buffer, dirty_link, buffer_compare, )
RB_GENERATE_INSERT_COLOR(buffer_tree, buffer, dirty_link, )
RB_GENERATE_REMOVE(buffer_tree, buffer, dirty_link, )
RB_GENERATE_REMOVE_COLOR(buffer_tree, buffer, dirty_link, )
RB_GENERATE_NEXT(buffer_tree, buffer, dirty_link, )
RB_GENERATE_MINMAX(buffer_tree, buffer, dirty_link, )

static struct buffer_bucket *buffer_bucket(struct buffer_cache *cache,
					   uint64_t block)
{
	return &cache->buckets[block & (cache->nr_buckets - 1)];
}

static struct buffer *buffer_find_locked(struct buffer_cache *cache,
					 uint64_t block)
{
	struct buffer *buf;

	LIST_FOREACH (buf, buffer_bucket(cache, block), hash_link) {
		if (buf->block == block)
			return buf;
	}
	return NULL;
}

static void buffer_free(struct buffer *buf)
{
	kfree(buf->data);
	kfree(buf);
}

static void buffer_remove_locked(struct buffer_cache *cache, struct buffer *buf)
{
	LIST_REMOVE(buf, hash_link);
	TAILQ_REMOVE(&cache->lru, buf, lru_link);
}

void buffer_clear_dirty_locked(struct buffer *buf)
{
	ASSERT(spin_is_held(&buf->cache->lock));
	RB_REMOVE(buffer_tree, &buf->cache->dirty, buf);
	buf->cache->nr_dirty--;
	atomic_fetch_and(&buf->state, ~BUFFER_DIRTY);
}

void buffer_set_dirty(struct buffer *buf)
{
	struct buffer_cache *cache = buf->cache;

	spin_lock(&cache->lock);
	if (!(atomic_fetch_or(&buf->state, BUFFER_DIRTY) & BUFFER_DIRTY)) {
		RB_INSERT(buffer_tree, &cache->dirty, buf);
		cache->nr_dirty++;
	}
	spin_unlock(&cache->lock);
}

static struct buffer *buffer_alloc(struct buffer_cache *cache, uint64_t block)
{
	struct buffer *buf = kzalloc(sizeof(*buf));

	if (!buf)
		return NULL;
	buf->data = kmalloc(cache->block_size);
	if (!buf->data) {
		kfree(buf);
		return NULL;
	}
	buf->block = block;
	buf->cache = cache;
	atomic_store(&buf->refs, 1);
	return buf;
}

/* Find or make it, with a reference.  0, -ENOMEM or -ENXIO. */
static int buffer_lookup(struct buffer_cache *cache, uint64_t block,
			 struct buffer **result)
{
	struct buffer *buf, *fresh;

	spin_lock(&cache->lock);
	buf = buffer_find_locked(cache, block);
	if (buf)
		atomic_add_relaxed(&buf->refs, 1);
	spin_unlock(&cache->lock);
	*result = buf;
	if (buf)
		return 0;
	if (block >= cache->nr_blocks)
		return -ENXIO;

	fresh = buffer_alloc(cache, block);
	if (!fresh)
		return -ENOMEM;
	spin_lock(&cache->lock);
	buf = buffer_find_locked(cache, block);
	if (buf) {
		atomic_add_relaxed(&buf->refs, 1);
	} else {
		LIST_INSERT_HEAD(buffer_bucket(cache, block), fresh, hash_link);
		TAILQ_INSERT_TAIL(&cache->lru, fresh, lru_link);
		buf = fresh;
	}
	spin_unlock(&cache->lock);
	if (buf != fresh)
		buffer_free(fresh);
	*result = buf;
	return 0;
}

/*
 * Read it, or fill it with zeros, unless somebody else has, or is about to.
 */
static int buffer_fill(struct buffer *buf, bool zeros)
{
	struct buffer_cache *cache = buf->cache;
	unsigned sectors = cache->block_size / 512;
	int ret = 0;

	while (atomic_fetch_or(&buf->state, BUFFER_LOCKED) & BUFFER_LOCKED)
		buffer_wait_clear(buf, BUFFER_LOCKED);
	if (!(atomic_load(&buf->state) & BUFFER_UPTODATE)) {
		if (zeros)
			memset(buf->data, 0, cache->block_size);
		else
			ret = block_read(cache->bdev, buf->block * sectors,
					 buf->data, cache->block_size);
		if (!ret)
			atomic_fetch_or(&buf->state, BUFFER_UPTODATE);
	}
	buffer_clear_and_wake(buf, BUFFER_LOCKED);
	return ret;
}

int buffer_read(struct buffer_cache *cache, uint64_t block,
		struct buffer **result)
{
	struct buffer *buf;
	int ret = buffer_lookup(cache, block, &buf);
	unsigned state;

	if (ret)
		return ret;
	state = atomic_load_acquire(&buf->state);
	if (!(state & BUFFER_USED))
		atomic_fetch_or(&buf->state, BUFFER_USED);
	if (!(state & BUFFER_UPTODATE)) {
		ret = buffer_fill(buf, false);
		if (ret) {
			buffer_put(buf);
			return ret;
		}
	}
	*result = buf;
	return 0;
}

void buffer_spare_read(struct buffer_cache *cache, uint64_t block)
{
	struct buffer *buf;

	if (buffer_lookup(cache, block, &buf))
		return;
	(void)buffer_fill(buf, true);
	atomic_fetch_or(&buf->state, BUFFER_USED);
	buffer_put(buf);
}

int buffer_get_new(struct buffer_cache *cache, uint64_t block,
		   struct buffer **result)
{
	struct buffer *buf;
	int ret = buffer_lookup(cache, block, &buf);

	ASSERT(buffer_in_transaction(cache));
	if (ret)
		return ret;
	buffer_begin_modify(buf);
	memset(buf->data, 0, cache->block_size);
	buf->seal = NULL;
	buf->checked_as = 0;
	atomic_fetch_or(&buf->state, BUFFER_UPTODATE | BUFFER_USED);
	*result = buf;
	return 0;
}

void buffer_get(struct buffer *buf)
{
	atomic_add_relaxed(&buf->refs, 1);
}

void buffer_put(struct buffer *buf)
{
	if (buf) {
		int left = atomic_sub_return(&buf->refs, 1);

		ASSERT(left >= 0);
		(void)left;
	}
}

/*
 * Its changes are void.  What is in the journal must not come back by a replay:
 * the next commit revokes it.
 */
static void buffer_drop_changes_locked(struct buffer_cache *cache,
				       struct buffer *buf)
{
	unsigned state = atomic_load(&buf->state);

	if (state & BUFFER_DIRTY)
		buffer_clear_dirty_locked(buf);
	if (state & BUFFER_PENDING) {
		TAILQ_REMOVE(&cache->pending, buf, pending_link);
		cache->nr_pending--;
		TAILQ_INSERT_TAIL(&cache->revoked, buf, pending_link);
		cache->nr_revoked++;
		atomic_add_relaxed(&buf->refs, 1);
	}
	atomic_fetch_and(&buf->state, ~(BUFFER_UPTODATE | BUFFER_PENDING));
	buf->checked_as = 0;
}

static void buffer_forget_one(struct buffer_cache *cache, uint64_t block)
{
	struct buffer *buf, *unused = NULL;

	spin_lock(&cache->lock);
	buf = buffer_find_locked(cache, block);
	if (buf)
		atomic_add_relaxed(&buf->refs, 1);
	spin_unlock(&cache->lock);
	if (!buf)
		return;

	/* A commit's write must not hit the disk after the block's new use. */
	buffer_wait_clear(buf, BUFFER_WRITING);
	spin_lock(&cache->lock);
	buffer_drop_changes_locked(cache, buf);
	if (!atomic_sub_return(&buf->refs, 1)) {
		buffer_remove_locked(cache, buf);
		unused = buf;
	}
	spin_unlock(&cache->lock);
	if (unused)
		buffer_free(unused);
}

void buffer_forget(struct buffer_cache *cache, uint64_t block, uint64_t count)
{
	ASSERT(buffer_in_transaction(cache));
	for (uint64_t i = 0; i < count; i++)
		buffer_forget_one(cache, block + i);
}

static size_t buffer_bucket_count(uint64_t nr_blocks)
{
	size_t n = BUCKETS_MIN;

	while (n < BUCKETS_MAX && n < nr_blocks / 32)
		n *= 2;
	return n;
}

struct buffer_cache *buffer_cache_create(struct block_device *bdev,
					 uint32_t block_size,
					 const struct buffer_cache_ops *ops,
					 void *private)
{
	struct buffer_cache *cache = kzalloc(sizeof(*cache));
	uint64_t sectors = block_device_sectors(bdev);

	if (!cache)
		return NULL;
	cache->nr_blocks = sectors / (block_size / 512);
	cache->nr_buckets = buffer_bucket_count(cache->nr_blocks);
	cache->buckets = kcalloc(cache->nr_buckets, sizeof(cache->buckets[0]));
	if (!cache->buckets) {
		kfree(cache);
		return NULL;
	}
	cache->bdev = bdev;
	cache->block_size = block_size;
	cache->ops = ops;
	cache->private = private;
	spin_init(&cache->lock, LOCK_BUFFER_CACHE);
	TAILQ_INIT(&cache->lru);
	RB_INIT(&cache->dirty);
	buffer_commit_init(cache);

	spin_lock(&caches_lock);
	TAILQ_INSERT_TAIL(&caches, cache, link);
	spin_unlock(&caches_lock);
	return cache;
}

void buffer_cache_destroy(struct buffer_cache *cache)
{
	struct buffer *buf;

	spin_lock(&caches_lock);
	TAILQ_REMOVE(&caches, cache, link);
	spin_unlock(&caches_lock);
	while ((buf = TAILQ_FIRST(&cache->lru))) {
		ASSERT(!atomic_load(&buf->refs));
		buffer_remove_locked(cache, buf);
		buffer_free(buf);
	}
	kfree(cache->buckets);
	kfree(cache);
}

void *buffer_cache_private(const struct buffer_cache *cache)
{
	return cache->private;
}

/* Unused and clean, and not used since we last came by? */
static bool buffer_is_stale_locked(struct buffer *buf)
{
	unsigned busy =
		BUFFER_DIRTY | BUFFER_WRITING | BUFFER_LOCKED | BUFFER_PENDING;

	if (atomic_load(&buf->refs) || atomic_load(&buf->state) & busy)
		return false;
	return !(atomic_fetch_and(&buf->state, ~BUFFER_USED) & BUFFER_USED);
}

static size_t buffer_cache_shrink_one(struct buffer_cache *cache, size_t nr)
{
	struct buffer *last, *buf, *next;
	size_t freed = 0;

	/* Freeing takes only inner locks, so it may happen under this one. */
	spin_lock(&cache->lock);
	last = TAILQ_LAST(&cache->lru, buffer_list);
	for (buf = TAILQ_FIRST(&cache->lru); buf && freed < nr; buf = next) {
		next = buf == last ? NULL : TAILQ_NEXT(buf, lru_link);
		if (buffer_is_stale_locked(buf)) {
			buffer_remove_locked(cache, buf);
			buffer_free(buf);
			freed++;
		} else {
			TAILQ_REMOVE(&cache->lru, buf, lru_link);
			TAILQ_INSERT_TAIL(&cache->lru, buf, lru_link);
		}
	}
	/* The rest may wait for a checkpoint. */
	if (freed < nr && cache->nr_pending)
		cache->wants_checkpoint = true;
	spin_unlock(&cache->lock);
	return freed;
}

size_t buffer_cache_shrink(size_t nr)
{
	struct buffer_cache *cache;
	size_t freed = 0;

	spin_lock(&caches_lock);
	TAILQ_FOREACH (cache, &caches, link) {
		if (freed < nr)
			freed += buffer_cache_shrink_one(cache, nr - freed);
	}
	spin_unlock(&caches_lock);
	return freed;
}
