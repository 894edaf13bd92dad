// SPDX-License-Identifier: MIT
/*
 * Writing inodes back: which ones are dirty, and sync(2).
 *
 * Under super->inodes_lock an inode is on super->dirty if it has INODE_DIRTY_ANY
 * bits.
 */
#include <fs/inode.h>

#include <mm/pagecache.h>

#include "inode_internal.h"

void inode_unqueue_locked(struct inode *inode)
{
	if (atomic_fetch_and(&inode->state, ~(int)INODE_DIRTY_ANY) &
	    INODE_DIRTY_ANY) {
		TAILQ_REMOVE(&inode->super->dirty, inode, dirty_link);
		inode->super->nr_dirty--;
	}
}

static void inode_mark(struct inode *inode, int flag)
{
	struct super *super = inode->super;
	unsigned long flags;

	if (inode_has(inode, flag) || inode->mapping.no_writeback)
		return;
	flags = spin_lock_irqsave(&super->inodes_lock);
	if (!(atomic_fetch_or(&inode->state, flag) & INODE_DIRTY_ANY)) {
		TAILQ_INSERT_TAIL(&super->dirty, inode, dirty_link);
		super->nr_dirty++;
	}
	spin_unlock_irqrestore(&super->inodes_lock, flags);
}

void inode_mark_dirty(struct inode *inode)
{
	inode_mark(inode, INODE_DIRTY);
}

void inode_mark_dirty_pages(struct inode *inode)
{
	inode_mark(inode, INODE_DIRTY_PAGES);
}

int inode_write_back(struct inode *inode, bool wait)
{
	const struct super_ops *ops = inode->super->ops;
	unsigned long flags;
	int ret, err;

	flags = spin_lock_irqsave(&inode->super->inodes_lock);
	inode_unqueue_locked(inode);
	spin_unlock_irqrestore(&inode->super->inodes_lock, flags);

	ret = pagecache_sync(&inode->mapping, 0, UINT64_MAX, wait);
	/* After the data: sizes and blocks that it needed are known then. */
	err = ops->write_inode ? ops->write_inode(inode, wait) : 0;
	return ret ? ret : err;
}

/* The next to write back, referenced; skips what is being freed. */
static struct inode *dirty_next(struct super *super)
{
	struct inode *inode;
	unsigned long flags;

	flags = spin_lock_irqsave(&super->inodes_lock);
	TAILQ_FOREACH (inode, &super->dirty, dirty_link) {
		if (inode_try_get(inode))
			break;
	}
	spin_unlock_irqrestore(&super->inodes_lock, flags);
	return inode;
}

int super_write_back(struct super *super, bool wait)
{
	unsigned left = super->nr_dirty;
	struct inode *inode;
	int ret = 0;
	int err;

	mutex_lock(&super->sync_lock);
	/* As many as there are now: writers must not keep us for ever. */
	while (left-- > 0 && (inode = dirty_next(super)) != NULL) {
		err = inode_write_back(inode, wait);
		ret = ret ? ret : err;
		inode_put(inode);
	}
	err = super->ops->sync ? super->ops->sync(super, wait) : 0;
	mutex_unlock(&super->sync_lock);
	return ret ? ret : err;
}

int super_sync(struct super *super, bool wait)
{
	return super->read_only ? 0 : super_write_back(super, wait);
}
