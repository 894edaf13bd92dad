// SPDX-License-Identifier: MIT
/* An inode cache: one list for each super block. */
#include <string.h>

#include <core/panic.h>
#include <fs/inode.h>

#include "host_internal.h"

void host_inode_evict(struct inode *inode)
{
	struct super *super = inode->super;

	if (!inode->nlink)
		pagecache_truncate(&inode->mapping, 0);
	if (!inode_has(inode, INODE_BAD))
		super->ops->evict_inode(inode);
	pagecache_truncate(&inode->mapping, 0);
	BUG_ON(inode->mapping.nr_pages || inode->mapping.nr_dirty);
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
	struct inode *inode = inode_find(super, ino);

	if (!inode)
		return inode_new(super, ino);
	atomic_add(&inode->refs.count, 1);
	return inode;
}

void inode_ready(struct inode *inode)
{
	atomic_fetch_and(&inode->state, ~(int)INODE_NEW);
}

void inode_failed(struct inode *inode)
{
	atomic_fetch_and(&inode->state, ~(int)INODE_HASHED);
	atomic_fetch_or(&inode->state, INODE_BAD);
	inode_put(inode);
}

void inode_put(struct inode *inode)
{
	if (!refcount_put(&inode->refs))
		return;
	if (inode->nlink && inode_has(inode, INODE_HASHED))
		return;
	atomic_fetch_and(&inode->state, ~(int)INODE_HASHED);
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

void inode_mark_dirty(struct inode *inode)
{
	atomic_fetch_or(&inode->state, INODE_DIRTY);
}

void inode_mark_dirty_pages(struct inode *inode)
{
	atomic_fetch_or(&inode->state, INODE_DIRTY_PAGES);
}
