// SPDX-License-Identifier: MIT
/*
 * Writing inodes back: which ones are dirty, and sync(2).
 *
 * super->dirty has the inodes that a sync() has to look after: those that are
 * dirty, and those whose pages somebody else is writing (INODE_WRITING), for
 * these are not on the disk yet.  Who writes back without waiting leaves them
 * there; the flusher, when it comes by the next time, finds them written.
 *
 * Under super->inodes_lock an inode is on the list if it has INODE_QUEUED bits.
 */
#include <fs/inode.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <mm/pagecache.h>

#include "inode_internal.h"

/* Add bits, some of INODE_QUEUED. */
static void queue_locked(struct inode *inode, int bits)
{
	struct super *super = inode->super;

	ASSERT(spin_is_held(&super->inodes_lock));
	if (atomic_fetch_or(&inode->state, bits) & INODE_QUEUED)
		return;
	TAILQ_INSERT_TAIL(&super->dirty, inode, dirty_link);
	super->nr_dirty++;
}

/* Take bits away. */
static void unqueue_locked(struct inode *inode, int bits)
{
	struct super *super = inode->super;
	int before;

	ASSERT(spin_is_held(&super->inodes_lock));
	before = atomic_fetch_and(&inode->state, ~bits) & INODE_QUEUED;
	if (!before || before & ~bits)
		return;
	TAILQ_REMOVE(&super->dirty, inode, dirty_link);
	super->nr_dirty--;
}

void inode_unqueue_locked(struct inode *inode)
{
	unqueue_locked(inode, INODE_QUEUED);
}

static void inode_mark(struct inode *inode, int flag)
{
	unsigned long irq;

	if (inode_has(inode, flag) || inode->mapping.no_writeback)
		return;
	irq = spin_lock_irqsave(&inode->super->inodes_lock);
	queue_locked(inode, flag);
	spin_unlock_irqrestore(&inode->super->inodes_lock, irq);
}

void inode_mark_dirty(struct inode *inode)
{
	inode_mark(inode, INODE_DIRTY);
}

void inode_mark_dirty_pages(struct inode *inode)
{
	inode_mark(inode, INODE_DIRTY_PAGES);
}

void inode_clear_dirty(struct inode *inode)
{
	unsigned long irq = spin_lock_irqsave(&inode->super->inodes_lock);

	unqueue_locked(inode, INODE_DIRTY);
	spin_unlock_irqrestore(&inode->super->inodes_lock, irq);
}

/* --- one inode --- */

/* Its dirty pages are on their way now; returns whose turn it is. */
static unsigned pages_begin(struct inode *inode)
{
	unsigned long irq = spin_lock_irqsave(&inode->super->inodes_lock);
	unsigned turn = ++inode->write_backs;

	if (inode_has(inode, INODE_DIRTY_PAGES)) {
		queue_locked(inode, INODE_WRITING);
		unqueue_locked(inode, INODE_DIRTY_PAGES);
	}
	spin_unlock_irqrestore(&inode->super->inodes_lock, irq);
	return turn;
}

/* All that were dirty at that turn are written. */
static void pages_end(struct inode *inode, unsigned turn)
{
	unsigned long irq = spin_lock_irqsave(&inode->super->inodes_lock);

	/* Else those of a later turn may still be on their way. */
	if (inode->write_backs == turn)
		unqueue_locked(inode, INODE_WRITING);
	spin_unlock_irqrestore(&inode->super->inodes_lock, irq);
}

static int pages_write_back(struct inode *inode, bool wait)
{
	unsigned turn = pages_begin(inode);
	int ret = pagecache_sync(&inode->mapping, 0, UINT64_MAX, wait);

	/*
	 * Only the first page that becomes dirty says so, and these came behind
	 * the write-back's back, while it was not done with others.
	 */
	if (inode->mapping.nr_dirty)
		inode_mark_dirty_pages(inode);
	if (wait)
		pages_end(inode, turn);
	return ret;
}

int inode_write_back(struct inode *inode, bool wait)
{
	const struct super_ops *ops = inode->super->ops;
	int ret = pages_write_back(inode, wait), err = 0;

	/* After the data: sizes and blocks that it needed are known then. */
	if (!ops->write_inode)
		inode_clear_dirty(inode);
	else if (inode_has(inode, INODE_DIRTY))
		err = ops->write_inode(inode, wait);
	return ret ? ret : err;
}

/* --- all of them --- */

/* The first that is not being freed, with a reference; it becomes the last. */
static int next_queued_locked(struct super *super, struct inode **result)
{
	struct inode *inode;
	int ret = -ENOENT;

	TAILQ_FOREACH (inode, &super->dirty, dirty_link) {
		ret = inode_try_get(inode);
		if (ret != -ENOENT)
			break;
	}
	if (ret)
		return ret;
	TAILQ_REMOVE(&super->dirty, inode, dirty_link);
	TAILQ_INSERT_TAIL(&super->dirty, inode, dirty_link);
	*result = inode;
	return 0;
}

/* The same, or NULL: there is none. */
static struct inode *super_next_queued(struct super *super)
{
	struct inode *inode;
	unsigned long irq;
	int ret;

	do {
		irq = spin_lock_irqsave(&super->inodes_lock);
		ret = next_queued_locked(super, &inode);
		spin_unlock_irqrestore(&super->inodes_lock, irq);
	} while (unlikely(ret == -EAGAIN));
	return ret ? NULL : inode;
}

static int write_back_inodes(struct super *super, bool wait)
{
	/* As many as there are now: writers must not keep us for ever. */
	unsigned left = super->nr_dirty;
	struct inode *inode;
	int ret = 0;

	while (left-- > 0 && (inode = super_next_queued(super))) {
		/* What is not dirty again was begun the last time. */
		bool begun = !inode_has(inode, INODE_DIRTY_ANY);
		int err = inode_write_back(inode, wait || begun);

		ret = ret ? ret : err;
		inode_put(inode);
	}
	return ret;
}

int super_write_back(struct super *super, bool wait)
{
	int ret, err;

	mutex_lock(&super->sync_lock);
	ret = write_back_inodes(super, false);
	/* Now all is on its way, and there is one wait, not one for each. */
	if (wait) {
		err = write_back_inodes(super, true);
		ret = ret ? ret : err;
	}
	err = super->ops->sync ? super->ops->sync(super, wait) : 0;
	mutex_unlock(&super->sync_lock);
	return ret ? ret : err;
}

int super_sync(struct super *super, bool wait)
{
	return super->read_only ? 0 : super_write_back(super, wait);
}
