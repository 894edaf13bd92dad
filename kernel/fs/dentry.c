// SPDX-License-Identifier: MIT
/*
 * A dentry's life: made by a look-up, found again by others, freed with its last
 * reference unless the cache (dcache.c) keeps it.
 */
#include "dentry_internal.h"

#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <fs/inode.h>

static struct slab_cache *dentry_slab;

static void name_free(struct dentry *dentry)
{
	if (dentry->name != dentry->inline_name)
		kfree((char *)dentry->name);
}

/* Nobody can reach it but through its parent's list. */
struct dentry *dentry_free(struct dentry *dentry)
{
	struct dentry *parent = dentry->parent;

	if (parent != dentry)
		dentry_detach(parent, dentry);
	else
		parent = NULL;
	if (dentry->inode)
		inode_put(dentry->inode);
	name_free(dentry);
	slab_free(dentry_slab, dentry);
	return parent;
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
		if (!dcache_put_last(dentry))
			return;
		dentry = dentry_free(dentry);
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
	dentry->hash = dcache_hash(parent, name, len);
	dentry_attach(parent, dentry);
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
	dcache_trim();
	dentry = dentry_alloc_child(parent, name, len);
	if (!dentry)
		return -ENOMEM;
	ret = dir->ops->lookup(dir, dentry);
	if (ret) {
		dentry_put(dentry);
		return ret;
	}
	dcache_insert(dentry);
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

void dentry_cache_init(void)
{
	dentry_slab =
		slab_cache_create("dentry", sizeof(struct dentry), 8, NULL);
	dcache_init();
}
