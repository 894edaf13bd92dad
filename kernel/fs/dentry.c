// SPDX-License-Identifier: MIT
/*
 * The dentry cache: one hash table for all names, an LRU list of those that
 * nobody uses.
 *
 * A bucket's lock guards its chain and every step of a reference count from or
 * to zero of the dentries in it, so that who finds a dentry and who frees it
 * agree.  The LRU list is lazy: a dentry that is found again stays on it, and
 * the next scan takes it off.  Lock order: bucket, LRU; a scan, which comes the
 * other way, only tries a bucket's lock.
 */
#include <fs/dentry.h>

#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/thread.h>
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

static struct slab_cache *dentry_slab;
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

static void dentry_set_flag(struct dentry *dentry, int flag)
{
	atomic_fetch_or(&dentry->flags, flag);
}

static void dentry_clear_flag(struct dentry *dentry, int flag)
{
	atomic_fetch_and(&dentry->flags, ~flag);
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

static void lru_remove(struct dentry *dentry)
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

static void dentry_hash_insert(struct dentry *dentry)
{
	struct dentry_bucket *bucket = bucket_of(dentry->hash);

	spin_lock(&bucket->lock);
	dentry_set_flag(dentry, DENTRY_HASHED);
	LIST_INSERT_HEAD(&bucket->chain, dentry, hash_link);
	spin_unlock(&bucket->lock);
}

static void child_attach(struct dentry *parent, struct dentry *dentry)
{
	spin_lock(&parent->lock);
	LIST_INSERT_HEAD(&parent->children, dentry, sibling);
	spin_unlock(&parent->lock);
}

static void child_detach(struct dentry *parent, struct dentry *dentry)
{
	spin_lock(&parent->lock);
	LIST_REMOVE(dentry, sibling);
	spin_unlock(&parent->lock);
}

static void name_free(struct dentry *dentry)
{
	if (dentry->name != dentry->inline_name)
		kfree((char *)dentry->name);
}

/* Nobody can reach it but through its parent's list.  The parent to be put. */
static struct dentry *dentry_free(struct dentry *dentry)
{
	struct dentry *parent = dentry->parent;

	if (parent != dentry)
		child_detach(parent, dentry);
	else
		parent = NULL;
	if (dentry->inode)
		inode_put(dentry->inode);
	name_free(dentry);
	slab_free(dentry_slab, dentry);
	return parent;
}

/* Drop what may be the last reference.  The parent to be put, or NULL. */
static struct dentry *dentry_put_last(struct dentry *dentry)
{
	struct dentry_bucket *bucket = dentry_lock_bucket(dentry);

	if (!refcount_put(&dentry->refs)) {
		spin_unlock(&bucket->lock);
		return NULL;
	}
	if (dentry_has(dentry, DENTRY_HASHED) &&
	    !dentry_has(dentry, DENTRY_VOLATILE)) {
		lru_add(dentry);
		spin_unlock(&bucket->lock);
		return NULL;
	}
	dentry_unhash_locked(dentry);
	dentry_set_flag(dentry, DENTRY_DYING);
	lru_remove(dentry);
	spin_unlock(&bucket->lock);
	return dentry_free(dentry);
}

void dentry_put(struct dentry *dentry)
{
	while (dentry) {
		int refs = atomic_load(&dentry->refs.count);

		if (refs > 1) {
			if (atomic_cmpxchg(&dentry->refs.count, &refs,
					   refs - 1))
				return;
			continue;
		}
		dentry = dentry_put_last(dentry);
	}
}

static int name_set(struct dentry *dentry, const char *name, size_t len)
{
	char *copy = dentry->inline_name;

	if (len >= DENTRY_INLINE) {
		copy = kmalloc(len + 1);
		if (!copy)
			return -ENOMEM;
	}
	memcpy(copy, name, len);
	copy[len] = '\0';
	dentry->name = copy;
	dentry->name_len = (uint16_t)len;
	return 0;
}

static struct dentry *dentry_alloc(struct super *super, const char *name,
				   size_t len)
{
	struct dentry *dentry = slab_alloc(dentry_slab);

	if (!dentry)
		return NULL;
	memset(dentry, 0, offsetof(struct dentry, inline_name));
	if (name_set(dentry, name, len)) {
		slab_free(dentry_slab, dentry);
		return NULL;
	}
	refcount_set(&dentry->refs, 1);
	spin_init(&dentry->lock, LOCK_DENTRY);
	dentry->super = super;
	return dentry;
}

struct dentry *dentry_make_root(struct inode *inode)
{
	struct dentry *dentry = dentry_alloc(inode->super, "/", 1);

	if (!dentry) {
		inode_put(inode);
		return NULL;
	}
	dentry->parent = dentry;
	dentry->inode = inode;
	return dentry;
}

static struct dentry *dentry_alloc_child(struct dentry *parent,
					 const char *name, size_t len)
{
	struct dentry *dentry = dentry_alloc(parent->super, name, len);

	if (!dentry)
		return NULL;
	dentry->parent = dentry_get(parent);
	dentry->hash = hash_in_parent(parent, hash_name(name, len));
	child_attach(parent, dentry);
	return dentry;
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

/* What a procfs entry stood for may have gone. */
static bool dentry_is_valid(struct dentry *dentry)
{
	struct inode *inode = dentry_inode(dentry);

	if (likely(!dentry_has(dentry, DENTRY_VOLATILE)))
		return true;
	return inode &&
	       (!inode->ops->revalidate || inode->ops->revalidate(inode));
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

int dentry_lookup_locked(struct dentry *parent, const char *name, size_t len,
			 struct dentry **result)
{
	struct inode *dir = dentry_inode(parent);
	struct dentry *dentry;
	int ret;

	ASSERT(rwsem_is_write_held(&dir->lock));
	if (dir->nlink == 0)
		return -ENOENT;
	dentry = dentry_find(parent, name, len);
	if (dentry && dentry_is_valid(dentry)) {
		*result = dentry;
		return 0;
	}
	if (dentry) {
		dentry_drop(dentry);
		dentry_put(dentry);
	}
	if (!dir->ops->lookup)
		return -ENOTDIR;
	if (nr_lru > LRU_PER_BUCKET * (bucket_mask + 1))
		dentry_shrink(NULL, LRU_TRIM);
	dentry = dentry_alloc_child(parent, name, len);
	if (!dentry)
		return -ENOMEM;
	ret = dir->ops->lookup(dir, dentry);
	if (ret) {
		dentry_put(dentry);
		return ret;
	}
	dentry_hash_insert(dentry);
	*result = dentry;
	return 0;
}

int dentry_lookup(struct dentry *parent, const char *name, size_t len,
		  struct dentry **result)
{
	struct inode *dir = dentry_inode(parent);
	struct dentry *dentry = dentry_find(parent, name, len);
	int ret;

	if (dentry && dentry_is_valid(dentry)) {
		*result = dentry;
		return 0;
	}
	if (dentry)
		dentry_put(dentry);
	rwsem_write_lock(&dir->lock);
	ret = dentry_lookup_locked(parent, name, len, result);
	rwsem_write_unlock(&dir->lock);
	return ret;
}

void dentry_set_inode(struct dentry *dentry, struct inode *inode)
{
	ASSERT(!dentry->inode);
	/* Pairs with the acquire in dentry_inode(). */
	__atomic_store_n(&dentry->inode, inode, __ATOMIC_RELEASE);
}

void dentry_drop(struct dentry *dentry)
{
	struct dentry_bucket *bucket = dentry_lock_bucket(dentry);

	dentry_unhash_locked(dentry);
	spin_unlock(&bucket->lock);
}

/* Out of all lists: rename gives it a new place. */
static void dentry_place(struct dentry *dentry, struct dentry *parent)
{
	struct dentry *old_parent = dentry->parent;

	if (old_parent != parent) {
		dentry_get(parent);
		child_detach(old_parent, dentry);
		dentry->parent = parent;
		child_attach(parent, dentry);
		dentry_put(old_parent);
	}
	dentry->hash = hash_in_parent(
		parent, hash_name(dentry->name, dentry->name_len));
	dentry_hash_insert(dentry);
}

/* In no bucket, so nobody compares the names meanwhile. */
static void names_swap(struct dentry *a, struct dentry *b)
{
	char inline_a[DENTRY_INLINE];
	const char *name_a = a->name;
	bool a_is_inline = name_a == a->inline_name;
	uint16_t len_a = a->name_len;

	memcpy(inline_a, a->inline_name, DENTRY_INLINE);
	memcpy(a->inline_name, b->inline_name, DENTRY_INLINE);
	memcpy(b->inline_name, inline_a, DENTRY_INLINE);
	a->name = b->name == b->inline_name ? a->inline_name : b->name;
	a->name_len = b->name_len;
	b->name = a_is_inline ? b->inline_name : name_a;
	b->name_len = len_a;
}

void dentry_move(struct dentry *dentry, struct dentry *target)
{
	ASSERT(mutex_is_held(&dentry->super->rename_lock));
	dentry_drop(dentry);
	dentry_drop(target);
	names_swap(dentry, target);
	dentry_place(dentry, target->parent);
}

void dentry_exchange(struct dentry *a, struct dentry *b)
{
	struct dentry *parent_a = dentry_get(a->parent);
	struct dentry *parent_b = dentry_get(b->parent);

	ASSERT(mutex_is_held(&a->super->rename_lock));
	dentry_drop(a);
	dentry_drop(b);
	names_swap(a, b);
	dentry_place(a, parent_b);
	dentry_place(b, parent_a);
	dentry_put(parent_a);
	dentry_put(parent_b);
}

void dentry_pin(struct dentry *dentry)
{
	dentry_get(dentry);
	dentry_set_flag(dentry, DENTRY_PINNED);
}

void dentry_unpin(struct dentry *dentry)
{
	if (dentry_has(dentry, DENTRY_PINNED)) {
		dentry_clear_flag(dentry, DENTRY_PINNED);
		dentry_put(dentry);
	}
}

/* parent->lock held.  An unused child, seized; *busy: try again later. */
static struct dentry *child_seize(struct dentry *parent, bool *busy)
{
	struct dentry *child;

	LIST_FOREACH (child, &parent->children, sibling) {
		struct dentry_bucket *bucket = bucket_of(child->hash);
		bool seized;

		if (refcount_read(&child->refs))
			continue;
		if (!spin_trylock(&bucket->lock)) {
			*busy = true;
			continue;
		}
		seized = dentry_seize_locked(child);
		spin_unlock(&bucket->lock);
		if (seized)
			return child;
	}
	return NULL;
}

void dentry_prune_children(struct dentry *parent)
{
	struct dentry *child;
	bool busy;

	do {
		busy = false;
		spin_lock(&parent->lock);
		child = child_seize(parent, &busy);
		spin_unlock(&parent->lock);
		if (child) {
			lru_remove(child);
			dentry_put(dentry_free(child));
		}
	} while (child || busy);
}

/* The first pinned child, which nobody else touches any more; or NULL. */
static struct dentry *child_pinned(struct dentry *parent)
{
	struct dentry *child;

	spin_lock(&parent->lock);
	LIST_FOREACH (child, &parent->children, sibling) {
		if (dentry_has(child, DENTRY_PINNED))
			break;
	}
	spin_unlock(&parent->lock);
	return child;
}

void dentry_unpin_tree(struct dentry *root)
{
	struct dentry *dentry = root;

	for (;;) {
		struct dentry *child, *parent;

		dentry_prune_children(dentry);
		child = child_pinned(dentry);
		if (child) {
			dentry = child;
			continue;
		}
		if (dentry == root)
			return;
		parent = dentry->parent;
		dentry_drop(dentry);
		dentry_unpin(dentry);
		dentry = parent;
	}
}

void dentry_cache_init(void)
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
	dentry_slab =
		slab_cache_create("dentry", sizeof(struct dentry), 8, NULL);
}
