// SPDX-License-Identifier: MIT
/*
 * The inode cache: one hash table by super block and number, an LRU list of
 * unused ones, and each super block's list of all; those that are dirty are the
 * business of writeback.c.
 *
 * As with dentries, a bucket's lock guards its chain and the steps of a
 * reference count from or to zero, and the LRU list is lazy.  Who comes from
 * the LRU list or from a super block's list only tries a bucket's lock.
 */
#include <fs/inode.h>

#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/thread.h>
#include <core/waitq.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <mm/page.h>

#include "inode_internal.h"

LIST_HEAD(inode_list, inode);
TAILQ_HEAD(inode_queue, inode);

struct inode_bucket {
	spinlock_t lock;         /* rank LOCK_ICACHE */
	struct inode_list chain; /* [lock] */
};

static struct slab_cache *inode_slab;
static struct inode_bucket *buckets;                 /* [I] */
static unsigned bucket_mask;                         /* [I] */
static struct waitq new_wait = WAITQ_INIT(new_wait); /* INODE_NEW goes off */

static spinlock_t lru_lock = SPINLOCK_INIT(LOCK_ICACHE_LRU);
static struct inode_queue lru = TAILQ_HEAD_INITIALIZER(lru); /* [lru_lock] */

static struct inode_bucket *bucket_of(const struct super *super, uint64_t ino)
{
	uint64_t h = (uintptr_t)super / 64 + ino;

	h *= 0x9e3779b97f4a7c15ull;
	return &buckets[(h >> 32) & bucket_mask];
}

static void inode_set_state(struct inode *inode, int flag)
{
	atomic_fetch_or(&inode->state, flag);
}

static void inode_clear_state(struct inode *inode, int flag)
{
	atomic_fetch_and(&inode->state, ~flag);
}

static void lru_add(struct inode *inode)
{
	if (inode_has(inode, INODE_LRU))
		return;
	spin_lock(&lru_lock);
	inode_set_state(inode, INODE_LRU);
	TAILQ_INSERT_HEAD(&lru, inode, lru_link);
	spin_unlock(&lru_lock);
}

static void lru_remove(struct inode *inode)
{
	spin_lock(&lru_lock);
	if (inode_has(inode, INODE_LRU)) {
		inode_clear_state(inode, INODE_LRU);
		TAILQ_REMOVE(&lru, inode, lru_link);
	}
	spin_unlock(&lru_lock);
}

static void inode_unhash_locked(struct inode *inode)
{
	if (inode_has(inode, INODE_HASHED)) {
		LIST_REMOVE(inode, hash_link);
		inode_clear_state(inode, INODE_HASHED);
	}
}

static struct inode *inode_alloc(struct super *super, uint64_t ino)
{
	struct inode *inode;
	unsigned long flags;

	if (super->ops->alloc_inode)
		inode = super->ops->alloc_inode(super);
	else
		inode = slab_alloc(inode_slab);
	if (!inode)
		return NULL;

	memset(inode, 0, sizeof(*inode));
	refcount_set(&inode->refs, 1);
	atomic_store(&inode->state, INODE_NEW);
	inode->super = super;
	inode->ino = ino;
	inode->nlink = 1;
	rwsem_init(&inode->lock, LOCK_INODE_CHILD);
	mapping_init(&inode->mapping, inode, NULL);

	flags = spin_lock_irqsave(&super->inodes_lock);
	TAILQ_INSERT_TAIL(&super->inodes, inode, super_link);
	spin_unlock_irqrestore(&super->inodes_lock, flags);
	return inode;
}

static void inode_free(struct inode *inode)
{
	struct super *super = inode->super;
	unsigned long flags;

	flags = spin_lock_irqsave(&super->inodes_lock);
	inode_unqueue_locked(inode);
	TAILQ_REMOVE(&super->inodes, inode, super_link);
	spin_unlock_irqrestore(&super->inodes_lock, flags);

	if (super->ops->free_inode)
		super->ops->free_inode(inode);
	else
		slab_free(inode_slab, inode);
}

/* INODE_FREEING is set, so it is ours alone. */
static void inode_evict(struct inode *inode)
{
	const struct super_ops *ops = inode->super->ops;

	lru_remove(inode);
	if (inode->nlink == 0 || inode->mapping.no_writeback)
		pagecache_truncate(&inode->mapping, 0);
	if (ops->evict_inode && !inode_has(inode, INODE_BAD))
		ops->evict_inode(inode);
	mapping_destroy(&inode->mapping);
	inode_locks_free(inode);
	inode_free(inode);
}

static struct inode *find_locked(struct inode_bucket *bucket,
				 const struct super *super, uint64_t ino)
{
	struct inode *inode;

	LIST_FOREACH (inode, &bucket->chain, hash_link) {
		if (inode->ino == ino && inode->super == super)
			return inode;
	}
	return NULL;
}

static void hash_locked(struct inode_bucket *bucket, struct inode *inode)
{
	inode_set_state(inode, INODE_HASHED);
	LIST_INSERT_HEAD(&bucket->chain, inode, hash_link);
}

/* Somebody else made it: wait until it is filled. */
static struct inode *inode_wait_ready(struct inode *inode)
{
	waitq_wait(&new_wait, !inode_has(inode, INODE_NEW));
	return inode;
}

struct inode *inode_lookup(struct super *super, uint64_t ino)
{
	struct inode_bucket *bucket = bucket_of(super, ino);
	struct inode *inode, *fresh;

	spin_lock(&bucket->lock);
	inode = find_locked(bucket, super, ino);
	if (inode)
		atomic_add_relaxed(&inode->refs.count, 1);
	spin_unlock(&bucket->lock);
	if (inode)
		return inode_wait_ready(inode);

	fresh = inode_alloc(super, ino);
	if (!fresh)
		return NULL;
	spin_lock(&bucket->lock);
	inode = find_locked(bucket, super, ino);
	if (inode)
		atomic_add_relaxed(&inode->refs.count, 1);
	else
		hash_locked(bucket, fresh);
	spin_unlock(&bucket->lock);
	if (!inode)
		return fresh;

	mapping_destroy(&fresh->mapping);
	inode_free(fresh);
	return inode_wait_ready(inode);
}

struct inode *inode_new(struct super *super, uint64_t ino)
{
	struct inode_bucket *bucket = bucket_of(super, ino);
	struct inode *inode = inode_alloc(super, ino);

	if (inode) {
		spin_lock(&bucket->lock);
		hash_locked(bucket, inode);
		spin_unlock(&bucket->lock);
	}
	return inode;
}

struct inode *inode_new_private(struct super *super, uint64_t ino)
{
	return inode_alloc(super, ino);
}

void inode_ready(struct inode *inode)
{
	/* Directories are locked before what is in them. */
	if (S_ISDIR(inode->mode))
		inode->lock.rank = LOCK_INODE;
	inode_clear_state(inode, INODE_NEW);
	waitq_wake_all(&new_wait);
}

void inode_failed(struct inode *inode)
{
	struct inode_bucket *bucket = bucket_of(inode->super, inode->ino);

	spin_lock(&bucket->lock);
	inode_unhash_locked(inode);
	spin_unlock(&bucket->lock);
	inode_set_state(inode, INODE_BAD);
	inode_clear_state(inode, INODE_NEW);
	waitq_wake_all(&new_wait);
	inode_put(inode);
}

/* Drop what may be the last reference; true: evict it. */
static bool inode_put_last(struct inode *inode)
{
	struct inode_bucket *bucket = bucket_of(inode->super, inode->ino);
	bool evict = false;

	spin_lock(&bucket->lock);
	if (refcount_put(&inode->refs)) {
		evict = inode->nlink == 0 || !inode_has(inode, INODE_HASHED);
		if (evict) {
			inode_unhash_locked(inode);
			inode_set_state(inode, INODE_FREEING);
		} else {
			lru_add(inode);
		}
	}
	spin_unlock(&bucket->lock);
	return evict;
}

void inode_put(struct inode *inode)
{
	int refs = atomic_load(&inode->refs.count);

	while (refs > 1) {
		if (atomic_cmpxchg(&inode->refs.count, &refs, refs - 1))
			return;
	}
	if (inode_put_last(inode))
		inode_evict(inode);
}

int inode_try_get(struct inode *inode)
{
	struct inode_bucket *bucket = bucket_of(inode->super, inode->ino);
	int ret = -ENOENT;

	if (refcount_get_unless_zero(&inode->refs))
		return 0;
	if (!spin_trylock(&bucket->lock))
		return -EAGAIN;
	if (!inode_has(inode, INODE_FREEING)) {
		atomic_add_relaxed(&inode->refs.count, 1);
		ret = 0;
	}
	spin_unlock(&bucket->lock);
	return ret;
}

/* Unused and clean?  Then it is ours to free.  The bucket is locked. */
static bool inode_seize_locked(struct inode *inode)
{
	if (refcount_read(&inode->refs) || inode_has(inode, INODE_FREEING) ||
	    inode_has(inode, INODE_QUEUED))
		return false;
	if (inode_has(inode, INODE_KEPT) && !inode->super->is_dying)
		return false;
	inode_unhash_locked(inode);
	inode_set_state(inode, INODE_FREEING);
	return true;
}

static size_t lru_collect(struct super *super, size_t nr,
			  struct inode_queue *victims)
{
	struct inode *inode, *previous;
	size_t found = 0;

	spin_lock(&lru_lock);
	for (inode = TAILQ_LAST(&lru, inode_queue); inode && found < nr;
	     inode = previous) {
		struct inode_bucket *bucket =
			bucket_of(inode->super, inode->ino);
		bool used, seized;

		previous = TAILQ_PREV(inode, inode_queue, lru_link);
		if (super && inode->super != super)
			continue;
		if (!spin_trylock(&bucket->lock))
			continue;
		used = refcount_read(&inode->refs) != 0;
		seized = inode_seize_locked(inode);
		if (used || seized) {
			TAILQ_REMOVE(&lru, inode, lru_link);
			inode_clear_state(inode, INODE_LRU);
		}
		spin_unlock(&bucket->lock);
		if (seized) {
			TAILQ_INSERT_TAIL(victims, inode, lru_link);
			found++;
		}
	}
	spin_unlock(&lru_lock);
	return found;
}

size_t inode_shrink(struct super *super, size_t nr)
{
	struct inode_queue victims = TAILQ_HEAD_INITIALIZER(victims);
	struct inode *inode, *next;
	size_t found = lru_collect(super, nr, &victims);

	TAILQ_FOREACH_SAFE (inode, &victims, lru_link, next)
		inode_evict(inode);
	return found;
}

size_t inode_cache_shrink(size_t nr)
{
	size_t freed = dentry_shrink(NULL, nr);

	return freed + inode_shrink(NULL, nr);
}

void inode_cache_init(void)
{
	struct mem_stats stats;
	unsigned n = 128;

	mem_stats_get(&stats);
	while (n < 16384 && n < stats.total / 16)
		n *= 2;
	buckets = kmalloc(n * sizeof(*buckets));
	if (!buckets)
		panic("no memory for the inode cache");
	for (unsigned i = 0; i < n; i++) {
		spin_init(&buckets[i].lock, LOCK_ICACHE);
		LIST_INIT(&buckets[i].chain);
	}
	bucket_mask = n - 1;
	inode_slab = slab_cache_create("inode", sizeof(struct inode), 8, NULL);
}
