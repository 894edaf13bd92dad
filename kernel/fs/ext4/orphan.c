// SPDX-License-Identifier: MIT
/*
 * The orphan list ("Orphan handling"): inodes without a name that are still
 * open, and files that are being truncated.
 *
 * In memory it is a list; on disk, a chain from the super block through the
 * i_dtime of the inodes.  The chain is stored only when a commit is prepared,
 * so files that are created and removed between commits never show up in it.
 */
#include <lib/errno.h>

#include <core/panic.h>
#include <core/printk.h>
#include <dev/block.h>

#include "ext4_internal.h"

void ext4_orphan_add(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);

	ASSERT(buffer_in_transaction(fs->cache));
	mutex_lock(&fs->orphan_lock);
	if (!inode->is_orphan) {
		inode->is_orphan = true;
		TAILQ_INSERT_HEAD(&fs->orphans, inode, orphan_link);
		fs->orphans_changed = true;
	}
	mutex_unlock(&fs->orphan_lock);
}

void ext4_orphan_remove(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);

	mutex_lock(&fs->orphan_lock);
	if (inode->is_orphan) {
		inode->is_orphan = false;
		TAILQ_REMOVE(&fs->orphans, inode, orphan_link);
		fs->orphans_changed = true;
	}
	mutex_unlock(&fs->orphan_lock);
}

uint32_t ext4_orphan_next(struct ext4_inode *inode)
{
	struct ext4_inode *next = TAILQ_NEXT(inode, orphan_link);

	return next ? (uint32_t)next->vfs.ino : 0;
}

void ext4_orphans_store(struct ext4_fs *fs)
{
	struct ext4_inode *inode, *first;

	/* A commit runs alone; the lock is for those outside of transactions. */
	mutex_lock(&fs->orphan_lock);
	if (fs->orphans_changed) {
		fs->orphans_changed = false;
		first = TAILQ_FIRST(&fs->orphans);
		buffer_begin_modify(fs->super_buf);
		fs->sb->s_last_orphan =
			cpu_to_le32(first ? (uint32_t)first->vfs.ino : 0);
		buffer_mark_dirty(fs->super_buf);
		TAILQ_FOREACH (inode, &fs->orphans, orphan_link)
			ext4_inode_store(inode);
	}
	mutex_unlock(&fs->orphan_lock);
}

/* Finish one: its blocks beyond the end go, or all of it. */
static void ext4_orphan_finish(struct ext4_fs *fs, struct inode *inode)
{
	struct buffer_transaction tx;

	if (inode->nlink && !ext4_begin(fs, &tx)) {
		ext4_orphan_add(ext4_inode(inode));
		ext4_end(&tx);
		ext4_truncate_blocks(ext4_inode(inode));
		if (!ext4_begin(fs, &tx)) {
			ext4_orphan_remove(ext4_inode(inode));
			ext4_end(&tx);
		}
		inode_mark_dirty(inode);
	}
	/* Without links the last reference frees it. */
	inode_put(inode);
}

void ext4_orphans_recover(struct ext4_fs *fs)
{
	uint32_t ino = le32_to_cpu(fs->sb->s_last_orphan), next;
	uint32_t done = 0;
	struct inode *inode;

	while (ino) {
		/* A chain longer than the inodes are many is a circle. */
		if (ino > fs->nr_inodes || done++ > fs->nr_inodes ||
		    ext4_iget(fs, ino, true, &inode)) {
			ext4_damaged(fs, ino, "wrong orphan list");
			return;
		}
		next = ext4_inode(inode)->dtime;
		ext4_inode(inode)->dtime = 0;
		ext4_orphan_finish(fs, inode);
		ino = next;
	}
	if (!done)
		return;
	mutex_lock(&fs->orphan_lock);
	fs->orphans_changed = true;
	mutex_unlock(&fs->orphan_lock);
	pr_info("ext4 %s: %u orphan%s cleaned up", fs->super->bdev->name, done,
		done == 1 ? "" : "s");
}
