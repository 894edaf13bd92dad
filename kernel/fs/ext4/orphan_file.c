// SPDX-License-Identifier: MIT
/*
 * The orphan file ("Orphan file"): where Linux notes orphans if the file system
 * has one, so that many processors need not share one list.  Each block is full
 * of inode numbers, 0 where there is none, and has a magic number and a checksum.
 *
 * Ours go on the list (orphan.c), which is allowed beside it.  What a crash of
 * Linux left in the file is brought to the list at the mount, one orphan in a
 * transaction, and finished there.
 */
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/printk.h>
#include <dev/block.h>

#include "ext4_internal.h"

/* --- blocks --- */

static uint32_t ext4_orphans_per_block(const struct ext4_fs *fs)
{
	return (fs->block_size - (uint32_t)sizeof(struct ext4_orphan_tail)) /
	       (uint32_t)sizeof(le32);
}

static struct ext4_orphan_tail *ext4_orphan_tail(const struct buffer *buf)
{
	const struct ext4_fs *fs = buffer_cache_private(buf->cache);

	return (void *)((le32 *)buf->data + ext4_orphans_per_block(fs));
}

/* seed: the orphan file's. */
static uint32_t ext4_orphan_block_csum(const struct buffer *buf, uint32_t seed)
{
	const struct ext4_fs *fs = buffer_cache_private(buf->cache);
	le64 block = cpu_to_le64(buf->block);
	uint32_t csum = ext4_csum(seed, &block, sizeof(block));

	return ext4_csum(csum, buf->data,
			 ext4_orphans_per_block(fs) * sizeof(le32));
}

static void ext4_orphan_block_seal(struct buffer *buf)
{
	ext4_orphan_tail(buf)->ob_checksum =
		cpu_to_le32(ext4_orphan_block_csum(buf, buf->seed));
}

static int ext4_orphan_block_check(struct ext4_inode *file,
				   const struct buffer *buf)
{
	struct ext4_fs *fs = ext4_fs(&file->vfs);
	const struct ext4_orphan_tail *tail = ext4_orphan_tail(buf);

	if (le32_to_cpu(tail->ob_magic) != EXT4_ORPHAN_MAGIC)
		return ext4_damaged(fs, file->vfs.ino,
				    "a block that is not of an orphan file");
	if (fs->has_csum &&
	    le32_to_cpu(tail->ob_checksum) !=
		    ext4_orphan_block_csum(buf, file->csum_seed))
		return ext4_damaged(fs, file->vfs.ino,
				    "wrong checksum in the orphan file");
	return 0;
}

static int ext4_orphan_block_read(struct ext4_inode *file, uint32_t lblk,
				  struct buffer **result)
{
	struct ext4_fs *fs = ext4_fs(&file->vfs);
	struct ext4_map map = { .lblk = lblk, .len = 1 };
	int ret = ext4_map_blocks(file, &map, 0);

	if (ret)
		return ret;
	if (!map.pblk || map.unwritten)
		return ext4_damaged(fs, file->vfs.ino,
				    "no block %u in the orphan file", lblk);
	ret = buffer_read(fs->cache, map.pblk, result);
	if (ret)
		return ret;
	ret = ext4_orphan_block_check(file, *result);
	if (ret)
		buffer_put(*result);
	return ret;
}

/* --- orphans --- */

/* From an entry of the file to the list. */
static int ext4_orphan_move(struct ext4_inode *file, struct buffer *buf,
			    le32 *entry, struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&file->vfs);
	struct buffer_transaction tx;
	int ret = ext4_begin_modify(&inode->vfs, &tx);

	if (ret)
		return ret;
	if (inode->is_orphan) {
		ret = ext4_damaged(fs, inode->vfs.ino, "twice an orphan");
	} else {
		ext4_orphan_add(inode);
		buffer_begin_modify(buf);
		buf->checked_as = EXT4_BUFFER_ORPHANS;
		*entry = cpu_to_le32(0);
		if (fs->has_csum)
			buffer_set_seal(buf, ext4_orphan_block_seal,
					file->csum_seed);
		buffer_mark_dirty(buf);
	}
	ext4_end(&tx);
	return ret;
}

static int ext4_orphan_entry_recover(struct ext4_inode *file,
				     struct buffer *buf, le32 *entry)
{
	struct ext4_fs *fs = ext4_fs(&file->vfs);
	uint32_t ino = le32_to_cpu(*entry);
	struct inode *inode;
	int ret;

	ret = ext4_iget(fs, ino, true, &inode);
	if (ret == -ESTALE)
		return ext4_damaged(fs, ino, "an orphan is not in use");
	if (ret)
		return ret;
	ret = ext4_orphan_move(file, buf, entry, ext4_inode(inode));
	if (!ret)
		return ext4_orphan_finish(inode);
	inode_put(inode);
	return ret;
}

static int ext4_orphan_block_recover(struct ext4_inode *file, uint32_t lblk,
				     uint32_t *done)
{
	uint32_t n = ext4_orphans_per_block(ext4_fs(&file->vfs));
	struct buffer *buf;
	le32 *entries;
	int ret = ext4_orphan_block_read(file, lblk, &buf);

	if (ret)
		return ret;
	entries = buf->data;
	for (uint32_t i = 0; !ret && i < n; i++) {
		if (!le32_to_cpu(entries[i]))
			continue;
		ret = ext4_orphan_entry_recover(file, buf, &entries[i]);
		*done += !ret;
	}
	buffer_put(buf);
	return ret;
}

/* The super block says from now on that the file is empty. */
static int ext4_orphan_file_is_empty(struct ext4_fs *fs)
{
	uint32_t ro_compat = le32_to_cpu(fs->sb->s_feature_ro_compat);
	struct buffer_transaction tx;
	int ret = ext4_begin(fs, &tx);

	if (ret)
		return ret;
	buffer_begin_modify(fs->super_buf);
	fs->sb->s_feature_ro_compat =
		cpu_to_le32(ro_compat & ~EXT4_RO_COMPAT_ORPHANS);
	buffer_mark_dirty(fs->super_buf);
	ext4_end(&tx);
	return 0;
}

int ext4_orphan_file_recover(struct ext4_fs *fs, uint32_t *done)
{
	uint32_t compat = le32_to_cpu(fs->sb->s_feature_compat);
	uint32_t ro_compat = le32_to_cpu(fs->sb->s_feature_ro_compat);
	struct inode *file;
	uint32_t blocks;
	int ret;

	if (!(ro_compat & EXT4_RO_COMPAT_ORPHANS))
		return 0;
	if (!(compat & EXT4_COMPAT_ORPHAN_FILE))
		return ext4_damaged(fs, 0, "orphans, but no file of them");
	ret = ext4_iget(fs, le32_to_cpu(fs->sb->s_orphan_file_inum), false,
			&file);
	if (ret)
		return ret;
	blocks = (uint32_t)((uint64_t)inode_size(file) >> fs->block_bits);
	if (!S_ISREG(file->mode))
		ret = ext4_damaged(fs, file->ino, "not an orphan file");
	for (uint32_t lblk = 0; !ret && lblk < blocks; lblk++)
		ret = ext4_orphan_block_recover(ext4_inode(file), lblk, done);
	inode_put(file);
	return ret ? ret : ext4_orphan_file_is_empty(fs);
}
