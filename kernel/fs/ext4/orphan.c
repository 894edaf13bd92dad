// SPDX-License-Identifier: MIT
/*
 * The orphan list ("Orphan handling"): inodes without a name that are still
 * open, and files that are being truncated.
 *
 * On disk it is a chain from the super block through the i_dtime of the inodes.
 * In memory the inodes have the same links, in dtime, and are on a list, newest
 * first, by which one finds the inode before it.  So a change touches that one
 * at most, and what it touches is stored by the next commit: files that are
 * created and removed between commits never show up in the chain.
 *
 * The chain may go on behind the list: with what a crash has left over, until
 * ext4_orphans_recover() brings it back one by one, and with what could not be
 * freed when its memory had to go.
 */
#include <lib/errno.h>

#include <core/panic.h>
#include <core/printk.h>
#include <dev/block.h>

#include "ext4_internal.h"

/* What follows on inode (NULL: the super block) is ino now. */
static void ext4_orphan_link(struct ext4_fs *fs, struct ext4_inode *inode,
			     uint32_t ino)
{
	ASSERT(mutex_is_held(&fs->orphan_lock));
	if (!inode) {
		fs->first_orphan = ino;
		return;
	}
	inode->dtime = ino;
	ext4_inode_mark_changed(inode);
}

void ext4_orphan_add(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);

	ASSERT(ext4_inode_is_changed(inode));
	mutex_lock(&fs->orphan_lock);
	if (!inode->is_orphan) {
		inode->is_orphan = true;
		inode->dtime = fs->first_orphan;
		fs->first_orphan = (uint32_t)inode->vfs.ino;
		TAILQ_INSERT_HEAD(&fs->orphans, inode, orphan_link);
	}
	mutex_unlock(&fs->orphan_lock);
}

static void ext4_orphan_remove_locked(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);

	if (!inode->is_orphan)
		return;
	ext4_orphan_link(fs, TAILQ_PREV(inode, ext4_orphan_list, orphan_link),
			 inode->dtime);
	TAILQ_REMOVE(&fs->orphans, inode, orphan_link);
	inode->is_orphan = false;
	inode->dtime = 0;
	ext4_inode_mark_changed(inode);
}

void ext4_orphan_remove(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);

	ASSERT(buffer_in_transaction(fs->cache));
	mutex_lock(&fs->orphan_lock);
	ext4_orphan_remove_locked(inode);
	mutex_unlock(&fs->orphan_lock);
}

void ext4_orphan_lose(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint32_t ino = (uint32_t)inode->vfs.ino;

	ASSERT(buffer_in_transaction(fs->cache));
	mutex_lock(&fs->orphan_lock);
	ext4_orphan_remove_locked(inode);
	inode->dtime = fs->lost_orphans;
	fs->lost_orphans = ino;
	ext4_orphan_link(fs, TAILQ_LAST(&fs->orphans, ext4_orphan_list), ino);
	/* Before somebody finds it there. */
	ext4_inode_store(inode);
	mutex_unlock(&fs->orphan_lock);
}

void ext4_orphans_load(struct ext4_fs *fs)
{
	fs->first_orphan = le32_to_cpu(fs->sb->s_last_orphan);
	fs->lost_orphans = fs->first_orphan;
}

void ext4_orphans_store(struct ext4_fs *fs)
{
	if (le32_to_cpu(fs->sb->s_last_orphan) == fs->first_orphan)
		return;
	buffer_begin_modify(fs->super_buf);
	fs->sb->s_last_orphan = cpu_to_le32(fs->first_orphan);
	buffer_mark_dirty(fs->super_buf);
}

/* --- after a crash --- */

/* It is on the disk's list: let it be on that in memory, at the end. */
static int ext4_orphan_adopt(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct buffer_transaction tx;
	int ret;

	ret = ext4_begin(fs, &tx);
	if (ret)
		return ret;
	ret = ext4_inode_begin_modify(inode);
	mutex_lock(&fs->orphan_lock);
	if (!ret && inode->is_orphan)
		ret = ext4_damaged(fs, inode->vfs.ino, "twice an orphan");
	if (!ret) {
		inode->is_orphan = true;
		TAILQ_INSERT_TAIL(&fs->orphans, inode, orphan_link);
		fs->lost_orphans = inode->dtime;
	}
	mutex_unlock(&fs->orphan_lock);
	ext4_end(&tx);
	return ret;
}

int ext4_orphan_finish(struct inode *inode)
{
	const struct ext4_fs *fs = ext4_fs(inode);
	uint32_t ino = (uint32_t)inode->ino;
	int ret = 0;

	if (inode->nlink)
		ret = ext4_truncate_blocks(ext4_inode(inode));
	/* Without links the last reference frees it. */
	inode_put(inode);
	/* If that failed it is back. */
	return fs->lost_orphans == ino ? -EIO : ret;
}

/* The first of the rest of the chain. */
static int ext4_orphan_recover(struct ext4_fs *fs)
{
	uint32_t ino = fs->lost_orphans;
	struct inode *inode;
	int ret;

	if (ino > fs->nr_inodes || ext4_iget(fs, ino, true, &inode))
		return ext4_damaged(fs, ino, "wrong orphan list");
	ret = ext4_orphan_adopt(ext4_inode(inode));
	if (!ret)
		return ext4_orphan_finish(inode);
	inode_put(inode);
	return ret;
}

void ext4_orphans_recover(struct ext4_fs *fs)
{
	uint32_t done = 0;
	int ret = ext4_orphan_file_recover(fs, &done);

	while (fs->lost_orphans && !ext4_orphan_recover(fs))
		done++;
	if (done)
		pr_info("ext4 %s: %u orphan%s cleaned up",
			fs->super->bdev->name, done, done == 1 ? "" : "s");
	if (fs->lost_orphans || ret)
		pr_warn("ext4 %s: orphans are left over",
			fs->super->bdev->name);
}
