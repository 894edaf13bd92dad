// SPDX-License-Identifier: MIT
/*
 * The dentry cache: one hash table for all names, and an LRU list of those that
 * nobody uses.
 *
 * A bucket's lock guards its chain and every step of a reference count from or
 * to zero of the dentries in it, so that who finds a dentry and who frees it
 * agree.  The LRU list is lazy: a dentry that is found again stays on it, and
 * the next scan takes it off.  Lock order: bucket, LRU; a scan, which comes the
 * other way, only tries a bucket's lock.
 */
#include "dentry_internal.h"

#include <string.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <fs/inode.h>
#include <mm/page.h>

/* Unused dentries that stay, for each bucket: chains must not get long. */
#define LRU_PER_BUCKET 4
#define LRU_TRIM       32 /* go at a time when there are more */

struct dentry_bucket {
	spinlock_t lock;          /* rank LOCK_DCACHE */
	struct dentry_list chain; /* [lock] */
};

TAILQ_HEAD(dentry_lru, dentry);

static struct dentry_bucket *buckets; /* [I] */
static unsigned bucket_mask;          /* [I] */

static spinlock_t lru_lock = SPINLOCK_INIT(LOCK_DCACHE_LRU);
static struct dentry_lru lru = TAILQ_HEAD_INITIALIZER(lru); /* [lru_lock] */
static unsigned nr_lru; /* [lru_lock for changes] */

static struct dentry_bucket *bucket_of(uint32_t hash)
{
	return &buckets[hash & bucket_mask];
}

static uint32_t hash_in_parent(const struct dentry *parent, uint32_t name_hash)
{
	uint64_t h = (uintptr_t)parent / 64 + name_hash;

	h *= 0x9e3779b97f4a7c15ull;
	return (uint32_t)(h >> 32);
}

static uint32_t hash_name(const char *name, size_t len)
{
	uint32_t hash = 0;

	while (len--)
		hash = dentry_hash_step(hash, *name++);
	return hash;
}

uint32_t dcache_hash(const struct dentry *parent, const char *name, size_t len)
{
	return hash_in_parent(parent, hash_name(name, len));
}

/* The bucket may change until we hold it: a rename can come between. */
static struct dentry_bucket *dentry_lock_bucket(struct dentry *dentry)
{
	struct dentry_bucket *bucket;

	for (;;) {
		bucket = bucket_of(dentry->hash);
		spin_lock(&bucket->lock);
		if (likely(bucket == bucket_of(dentry->hash)))
			return bucket;
		spin_unlock(&bucket->lock);
	}
}

static void lru_add(struct dentry *dentry)
{
	if (dentry_has(dentry, DENTRY_LRU))
		return;
	spin_lock(&lru_lock);
	dentry_set_flag(dentry, DENTRY_LRU);
	TAILQ_INSERT_HEAD(&lru, dentry, lru_link);
	nr_lru++;
	spin_unlock(&lru_lock);
}

void dcache_forget(struct dentry *dentry)
{
	spin_lock(&lru_lock);
	if (dentry_has(dentry, DENTRY_LRU)) {
		dentry_clear_flag(dentry, DENTRY_LRU);
		TAILQ_REMOVE(&lru, dentry, lru_link);
		nr_lru--;
	}
	spin_unlock(&lru_lock);
}

/* Bucket locked. */
static void dentry_unhash_locked(struct dentry *dentry)
{
	if (dentry_has(dentry, DENTRY_HASHED)) {
		LIST_REMOVE(dentry, hash_link);
		dentry_clear_flag(dentry, DENTRY_HASHED);
	}
}

void dcache_insert(struct dentry *dentry)
{
	struct dentry_bucket *bucket = bucket_of(dentry->hash);

	spin_lock(&bucket->lock);
	dentry_set_flag(dentry, DENTRY_HASHED);
	LIST_INSERT_HEAD(&bucket->chain, dentry, hash_link);
	spin_unlock(&bucket->lock);
}

void dentry_drop(struct dentry *dentry)
{
	struct dentry_bucket *bucket = dentry_lock_bucket(dentry);

	dentry_unhash_locked(dentry);
	spin_unlock(&bucket->lock);
}

bool dcache_put_last(struct dentry *dentry)
{
	struct dentry_bucket *bucket = dentry_lock_bucket(dentry);

	if (!refcount_put(&dentry->refs)) {
		spin_unlock(&bucket->lock);
		return false;
	}
	if (dentry_has(dentry, DENTRY_HASHED) &&
	    !dentry_has(dentry, DENTRY_VOLATILE)) {
		lru_add(dentry);
		spin_unlock(&bucket->lock);
		return false;
	}
	dentry_unhash_locked(dentry);
	dentry_set_flag(dentry, DENTRY_DYING);
	dcache_forget(dentry);
	spin_unlock(&bucket->lock);
	return true;
}

struct dentry *dentry_find_hashed(struct dentry *parent, const char *name,
				  size_t len, uint32_t name_hash)
{
	uint32_t hash = hash_in_parent(parent, name_hash);
	struct dentry_bucket *bucket = bucket_of(hash);
	struct dentry *dentry;

	spin_lock(&bucket->lock);
	LIST_FOREACH (dentry, &bucket->chain, hash_link) {
		if (dentry->hash == hash && dentry->parent == parent &&
		    dentry->name_len == len &&
		    !memcmp(dentry->name, name, len)) {
			/* From 0 as well: that is what the lock is for. */
			atomic_add_relaxed(&dentry->refs.count, 1);
			break;
		}
	}
	spin_unlock(&bucket->lock);
	return dentry;
}

struct dentry *dentry_find(struct dentry *parent, const char *name, size_t len)
{
	return dentry_find_hashed(parent, name, len, hash_name(name, len));
}

/* Unused and nobody about to free it?  Then it is ours to free. */
static bool dentry_seize_locked(struct dentry *dentry)
{
	if (refcount_read(&dentry->refs) || dentry_has(dentry, DENTRY_DYING))
		return false;
	dentry_unhash_locked(dentry);
	dentry_set_flag(dentry, DENTRY_DYING);
	return true;
}

bool dcache_seize(struct dentry *dentry, bool *busy)
{
	struct dentry_bucket *bucket = bucket_of(dentry->hash);
	bool seized;

	if (refcount_read(&dentry->refs))
		return false;
	if (!spin_trylock(&bucket->lock)) {
		*busy = true;
		return false;
	}
	seized = dentry_seize_locked(dentry);
	spin_unlock(&bucket->lock);
	return seized;
}

/* Move up to nr unused dentries to victims; returns how many. */
static size_t lru_collect(struct super *super, size_t nr,
			  struct dentry_lru *victims)
{
	struct dentry *dentry, *previous;
	size_t found = 0;

	spin_lock(&lru_lock);
	for (dentry = TAILQ_LAST(&lru, dentry_lru); dentry && found < nr;
	     dentry = previous) {
		struct dentry_bucket *bucket = bucket_of(dentry->hash);
		bool seized;

		previous = TAILQ_PREV(dentry, dentry_lru, lru_link);
		if (super && dentry->super != super)
			continue;
		if (!spin_trylock(&bucket->lock))
			continue;
		seized = dentry_seize_locked(dentry);
		TAILQ_REMOVE(&lru, dentry, lru_link);
		nr_lru--;
		dentry_clear_flag(dentry, DENTRY_LRU);
		spin_unlock(&bucket->lock);
		if (seized) {
			TAILQ_INSERT_TAIL(victims, dentry, lru_link);
			found++;
		}
	}
	spin_unlock(&lru_lock);
	return found;
}

size_t dentry_shrink(struct super *super, size_t nr)
{
	struct dentry_lru victims = TAILQ_HEAD_INITIALIZER(victims);
	struct dentry *dentry, *next;
	size_t found = lru_collect(super, nr, &victims);

	TAILQ_FOREACH_SAFE (dentry, &victims, lru_link, next)
		dentry_put(dentry_free(dentry));
	return found;
}

void dcache_trim(void)
{
	if (nr_lru > LRU_PER_BUCKET * (bucket_mask + 1))
		dentry_shrink(NULL, LRU_TRIM);
}

void dcache_init(void)
{
	struct mem_stats stats;
	unsigned n = 256;

	mem_stats_get(&stats);
	while (n < 32768 && n < stats.total / 8)
		n *= 2;
	buckets = kmalloc(n * sizeof(*buckets));
	if (!buckets)
		panic("no memory for the dentry cache");
	for (unsigned i = 0; i < n; i++) {
		spin_init(&buckets[i].lock, LOCK_DCACHE);
		LIST_INIT(&buckets[i].chain);
	}
	bucket_mask = n - 1;
}
