// SPDX-License-Identifier: MIT
/*
 * Inodes: storing them.
 *
 * In memory struct ext4_inode counts.  A transaction that changes it puts it on
 * a list, and the next commit stores all inodes of the list, so that many
 * changes cost one, and each commit has an inode together with the blocks and
 * names that changed with it.  The block of the inode table is held, and dirty,
 * from then on: storing cannot fail.
 *
 * Only the fields that we know are stored: what else is there, such as
 * attributes behind i_extra_isize, stays.
 */
#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>

#include "raw_inode.h"

static le32 ext4_time_extra(const struct fs_time *time)
{
	/* What the signed 32 bits do not say. */
	uint32_t epoch = (uint32_t)((time->sec - (int32_t)time->sec) >> 32) & 3;

	return cpu_to_le32(time->nsec << EXT4_TIME_EPOCH_BITS | epoch);
}

static void ext4_inode_encode_times(struct ext4_fs *fs,
				    const struct ext4_inode *inode,
				    struct ext4_raw_inode *raw)
{
	const struct inode *vfs = &inode->vfs;
	uint16_t extra = inode->extra_isize;

	raw->i_atime = cpu_to_le32((uint32_t)vfs->atime.sec);
	raw->i_mtime = cpu_to_le32((uint32_t)vfs->mtime.sec);
	raw->i_ctime = cpu_to_le32((uint32_t)vfs->ctime.sec);
	if (EXT4_RAW_HAS(fs, extra, i_atime_extra))
		raw->i_atime_extra = ext4_time_extra(&vfs->atime);
	if (EXT4_RAW_HAS(fs, extra, i_mtime_extra))
		raw->i_mtime_extra = ext4_time_extra(&vfs->mtime);
	if (EXT4_RAW_HAS(fs, extra, i_ctime_extra))
		raw->i_ctime_extra = ext4_time_extra(&vfs->ctime);
	if (EXT4_RAW_HAS(fs, extra, i_crtime_extra)) {
		raw->i_crtime = cpu_to_le32((uint32_t)vfs->btime.sec);
		raw->i_crtime_extra = ext4_time_extra(&vfs->btime);
	}
}

/* i_blocks, whose unit depends on how many they are. */
static void ext4_encode_blocks(struct ext4_fs *fs, struct ext4_inode *inode,
			       struct ext4_raw_inode *raw)
{
	uint64_t sectors = inode->blocks << (fs->block_bits - 9);

	inode->flags &= ~EXT4_HUGE_FILE_FL;
	if (fs->has_huge_file && sectors >> 48) {
		inode->flags |= EXT4_HUGE_FILE_FL;
		sectors = inode->blocks;
	}
	raw->i_blocks_lo = cpu_to_le32((uint32_t)sectors);
	if (fs->has_huge_file)
		raw->i_blocks_hi = cpu_to_le16((uint16_t)(sectors >> 32));
	raw->i_flags = cpu_to_le32(inode->flags);
}

static void ext4_inode_encode(struct ext4_fs *fs, struct ext4_inode *inode,
			      struct ext4_raw_inode *raw)
{
	const struct inode *vfs = &inode->vfs;
	uint64_t size = S_ISREG(vfs->mode) ? inode->disk_size
					   : (uint64_t)inode_size(vfs);

	raw->i_mode = cpu_to_le16((uint16_t)vfs->mode);
	raw->i_uid_lo = cpu_to_le16((uint16_t)vfs->uid);
	raw->i_uid_hi = cpu_to_le16((uint16_t)(vfs->uid >> 16));
	raw->i_gid_lo = cpu_to_le16((uint16_t)vfs->gid);
	raw->i_gid_hi = cpu_to_le16((uint16_t)(vfs->gid >> 16));
	raw->i_links_count = cpu_to_le16((uint16_t)vfs->nlink);
	raw->i_size_lo = cpu_to_le32((uint32_t)size);
	raw->i_size_hi = cpu_to_le32((uint32_t)(size >> 32));
	raw->i_dtime = cpu_to_le32(inode->dtime);
	raw->i_generation = cpu_to_le32(inode->generation);
	raw->i_file_acl_lo = cpu_to_le32((uint32_t)inode->file_acl);
	raw->i_file_acl_hi = cpu_to_le16((uint16_t)(inode->file_acl >> 32));
	for (int i = 0; i < EXT4_N_BLOCKS; i++)
		raw->i_block[i] = cpu_to_le32(inode->block[i]);
	ext4_encode_blocks(fs, inode, raw);
	if (fs->inode_size > EXT4_GOOD_OLD_INODE_SIZE)
		raw->i_extra_isize = cpu_to_le16(inode->extra_isize);
	ext4_inode_encode_times(fs, inode, raw);
}

static void ext4_raw_seal(struct ext4_fs *fs, const struct ext4_inode *inode,
			  struct ext4_raw_inode *raw)
{
	uint32_t csum;

	if (!fs->has_csum)
		return;
	csum = ext4_raw_inode_csum(fs, inode->csum_seed, raw);
	raw->i_checksum_lo = cpu_to_le16((uint16_t)csum);
	if (EXT4_RAW_HAS(fs, inode->extra_isize, i_checksum_hi))
		raw->i_checksum_hi = cpu_to_le16((uint16_t)(csum >> 16));
}

/* The inode in its place. */
static struct ext4_raw_inode *ext4_inode_raw(const struct ext4_inode *inode)
{
	const struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint64_t offset =
		(inode->vfs.ino - 1) % fs->inodes_per_group * fs->inode_size;

	return (void *)((char *)inode->table->data +
			(offset & (fs->block_size - 1)));
}

void ext4_inode_store(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct ext4_raw_inode *raw = ext4_inode_raw(inode);

	ASSERT(buffer_in_transaction(fs->cache) && inode->is_changed);
	buffer_begin_modify(inode->table);
	inode->table->checked_as = EXT4_BUFFER_INODES;
	ext4_inode_encode(fs, inode, raw);
	ext4_raw_seal(fs, inode, raw);
	buffer_mark_dirty(inode->table);
}

/* A number without an inode is all zeros, or whatever inode it had last. */
static void ext4_inode_clear(struct ext4_inode *inode)
{
	buffer_begin_modify(inode->table);
	inode->table->checked_as = EXT4_BUFFER_INODES;
	memset(ext4_inode_raw(inode), 0, ext4_fs(&inode->vfs)->inode_size);
	buffer_mark_dirty(inode->table);
}

/* --- what has changed since the last commit --- */

void ext4_inode_mark_changed(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);

	spin_lock(&fs->queue_lock);
	if (!inode->is_changed) {
		inode->is_changed = true;
		inode->commit = ext4_commit_running(fs);
		LIST_INSERT_HEAD(&fs->changed, inode, changed_link);
		atomic_fetch_or(&inode->vfs.state, INODE_KEPT);
	}
	spin_unlock(&fs->queue_lock);
	/* The commit's size must be known before it is prepared. */
	buffer_begin_modify(inode->table);
	buffer_mark_dirty(inode->table);
}

/* Keep the block that its place is in; by the lock, the first of two wins. */
static void ext4_inode_set_table(struct ext4_inode *inode, struct buffer *buf)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);

	spin_lock(&fs->queue_lock);
	if (!inode->table) {
		inode->table = buf;
		buf = NULL;
	}
	spin_unlock(&fs->queue_lock);
	buffer_put(buf);
}

/* Nothing more is to be stored of it now. */
static void ext4_inode_unchanged(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct buffer *table = NULL;

	spin_lock(&fs->queue_lock);
	inode->is_new = false;
	if (inode->is_changed) {
		inode->is_changed = false;
		LIST_REMOVE(inode, changed_link);
	}
	/* The links of orphans change when their neighbours go. */
	if (!inode->is_orphan) {
		table = inode->table;
		inode->table = NULL;
		atomic_fetch_and(&inode->vfs.state, ~(int)INODE_KEPT);
	}
	spin_unlock(&fs->queue_lock);
	buffer_put(table);
}

int ext4_inode_begin_modify(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct ext4_raw_inode *raw;
	struct buffer *buf;
	int ret;

	ASSERT(buffer_in_transaction(fs->cache));
	/* Only a commit, which runs alone, ends this. */
	if (likely(inode->is_changed))
		return 0;
	if (!inode->table) {
		ret = ext4_inode_locate(fs, (uint32_t)inode->vfs.ino, &buf,
					&raw);
		if (ret)
			return ret;
		ext4_inode_set_table(inode, buf);
	}
	ext4_inode_mark_changed(inode);
	return 0;
}

int ext4_begin_modify(struct inode *inode, struct buffer_transaction *tx)
{
	int ret = ext4_begin(ext4_fs(inode), tx);

	if (ret)
		return ret;
	ret = ext4_inode_begin_modify(ext4_inode(inode));
	if (ret)
		ext4_end(tx);
	return ret;
}

int ext4_inode_begin_new(struct ext4_inode *inode)
{
	int ret = ext4_inode_begin_modify(inode);

	if (ret)
		return ret;
	inode->is_new = true;
	ext4_inode_clear(inode);
	return 0;
}

void ext4_raise_disk_size(struct ext4_inode *inode, uint64_t end)
{
	ASSERT(inode->is_changed);
	rwsem_write_lock(&inode->map_lock);
	/* It may have been truncated meanwhile. */
	end = MIN(end, (uint64_t)inode_size(&inode->vfs));
	inode->disk_size = MAX(inode->disk_size, end);
	rwsem_write_unlock(&inode->map_lock);
}

void ext4_inode_resize(struct ext4_inode *inode, off_t size)
{
	ASSERT(inode->is_changed);
	/* In this order: ext4_raise_disk_size() goes by the first. */
	inode_set_size(&inode->vfs, size);
	rwsem_write_lock(&inode->map_lock);
	inode->disk_size = (uint64_t)size;
	rwsem_write_unlock(&inode->map_lock);
}

int ext4_inode_retire(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	int ret;

	/* No commit has seen it: that spares it a checksum. */
	if (inode->is_new)
		ext4_inode_clear(inode);
	else
		ext4_inode_store(inode);
	ret = ext4_free_inode(fs, (uint32_t)inode->vfs.ino,
			      S_ISDIR(inode->vfs.mode));
	if (!ret)
		ext4_inode_unchanged(inode);
	return ret;
}

void ext4_inodes_store(struct ext4_fs *fs)
{
	struct ext4_inode *inode;

	while ((inode = LIST_FIRST(&fs->changed))) {
		ext4_inode_store(inode);
		ext4_inode_unchanged(inode);
	}
}

void ext4_inode_let_go(struct ext4_inode *inode)
{
	if (inode->is_orphan)
		ext4_orphan_lose(inode);
	if (inode->is_changed)
		ext4_inode_store(inode);
	ext4_inode_unchanged(inode);
}

int ext4_write_inode(struct inode *inode, bool wait)
{
	struct buffer_transaction tx;
	int ret;

	/* One commit for all: who waits calls sync() after this. */
	(void)wait;
	ret = ext4_begin_modify(inode, &tx);
	/* In the transaction, for which commits wait; only -ENOMEM passes. */
	if (ret != -ENOMEM)
		inode_clear_dirty(inode);
	if (!ret)
		ext4_end(&tx);
	/* fsync(2) asks also where there is nothing to write. */
	return ext4_fs(inode)->writable ? ret : 0;
}
