// SPDX-License-Identifier: MIT
/* An inode cache: one list for each super block. */
#include <string.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/thread.h>
#include <fs/inode.h>
#include <fs/inode_internal.h>

#include "host_internal.h"

void host_inode_evict(struct inode *inode)
{
	struct super *super = inode->super;

	atomic_fetch_and(&inode->state, ~(int)INODE_HASHED);
	if (!inode->nlink)
		pagecache_truncate(&inode->mapping, 0);
	if (!inode_has(inode, INODE_BAD))
		super->ops->evict_inode(inode);
	pagecache_truncate(&inode->mapping, 0);
	BUG_ON(inode->mapping.nr_pages || inode->mapping.nr_dirty);
	spin_lock(&super->inodes_lock);
	inode_unqueue_locked(inode);
	spin_unlock(&super->inodes_lock);
	TAILQ_REMOVE(&super->inodes, inode, super_link);
	super->ops->free_inode(inode);
}

static struct inode *inode_find(struct super *super, uint64_t ino)
{
	struct inode *inode;

	TAILQ_FOREACH (inode, &super->inodes, super_link) {
		if (inode->ino == ino && inode_has(inode, INODE_HASHED))
			return inode;
	}
	return NULL;
}

struct inode *inode_new(struct super *super, uint64_t ino)
{
	struct inode *inode = super->ops->alloc_inode(super);

	BUG_ON(inode_find(super, ino));
	if (!inode)
		return NULL;
	memset(inode, 0, sizeof(*inode));
	refcount_set(&inode->refs, 1);
	atomic_store(&inode->state, INODE_NEW | INODE_HASHED);
	inode->super = super;
	inode->ino = ino;
	inode->nlink = 1;
	mapping_init(&inode->mapping, inode, NULL);
	TAILQ_INSERT_TAIL(&super->inodes, inode, super_link);
	return inode;
}

struct inode *inode_lookup(struct super *super, uint64_t ino)
{
	for (;;) {
		struct inode *inode = inode_find(super, ino);

		if (!inode)
			return inode_new(super, ino);
		atomic_add(&inode->refs.count, 1);
		while (inode_has(inode, INODE_NEW))
			host_sleep();
		if (inode_has(inode, INODE_HASHED))
			return inode;
		inode_put(inode);
	}
}

void inode_ready(struct inode *inode)
{
	atomic_fetch_and(&inode->state, ~(int)INODE_NEW);
	host_wake();
}

void inode_failed(struct inode *inode)
{
	atomic_fetch_and(&inode->state, ~(int)(INODE_HASHED | INODE_NEW));
	atomic_fetch_or(&inode->state, INODE_BAD);
	inode_put(inode);
}

void inode_put(struct inode *inode)
{
	if (!refcount_put(&inode->refs))
		return;
	if (inode->nlink && inode_has(inode, INODE_HASHED))
		return;
	host_inode_evict(inode);
}

size_t inode_shrink(struct super *super, size_t nr)
{
	struct inode *inode;
	size_t freed = 0;

	BUG_ON(!super->is_dying || nr != SIZE_MAX);
	while ((inode = TAILQ_FIRST(&super->inodes))) {
		BUG_ON(refcount_read(&inode->refs));
		host_inode_evict(inode);
		freed++;
	}
	return freed;
}

int inode_try_get(struct inode *inode)
{
	if (!inode_has(inode, INODE_HASHED) || inode_has(inode, INODE_NEW))
		return -ENOENT;
	atomic_add(&inode->refs.count, 1);
	return 0;
}

static bool inode_is_idle(const struct inode *inode)
{
	return !refcount_read(&inode->refs) &&
	       !inode_has(inode, INODE_QUEUED | INODE_KEPT) &&
	       inode_has(inode, INODE_HASHED) && !inode->mapping.nr_pages;
}

static struct inode *inode_next_idle(struct super *super)
{
	struct inode *inode;

	TAILQ_FOREACH (inode, &super->inodes, super_link) {
		if (inode_is_idle(inode))
			return inode;
	}
	return NULL;
}

void host_inodes_drop(struct super *super)
{
	struct inode *inode;

	TAILQ_FOREACH (inode, &super->inodes, super_link)
		host_pages_drop(&inode->mapping);
	while ((inode = inode_next_idle(super)))
		host_inode_evict(inode);
}
