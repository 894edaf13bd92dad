// SPDX-License-Identifier: MIT
/*
 * Blocks of extended attributes ("Extended Attributes").  Attributes cannot be
 * read or set yet; but a file that has some can be removed, and its block, which
 * several files may share, must be let go.
 */
#include <core/panic.h>

#include "ext4_internal.h"

static void ext4_xattr_seal(struct buffer *buf)
{
	struct ext4_fs *fs = buffer_cache_private(buf->cache);
	struct ext4_xattr_header *header = buf->data;
	le64 block = cpu_to_le64(buf->block);
	uint32_t csum;

	header->h_checksum = cpu_to_le32(0);
	csum = ext4_csum(fs->csum_seed, &block, sizeof(block));
	csum = ext4_csum(csum, header, fs->block_size);
	header->h_checksum = cpu_to_le32(csum);
}

int ext4_xattr_release(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint64_t block = inode->file_acl;
	struct ext4_xattr_header *header;
	struct buffer *buf;
	uint32_t refs;
	int ret;

	if (!block)
		return 0;
	ret = ext4_free_prepare(fs, block, 1);
	if (!ret)
		ret = buffer_read(fs->cache, block, &buf);
	if (ret)
		return ret;
	header = buf->data;
	mutex_lock(&fs->xattr_lock);
	refs = le32_to_cpu(header->h_refcount);
	if (le32_to_cpu(header->h_magic) != EXT4_XATTR_MAGIC || !refs) {
		mutex_unlock(&fs->xattr_lock);
		buffer_put(buf);
		return ext4_damaged(fs, inode->vfs.ino,
				    "wrong block of attributes");
	}
	buffer_begin_modify(buf);
	buf->checked_as = EXT4_BUFFER_ATTRIBUTES;
	header->h_refcount = cpu_to_le32(refs - 1);
	if (fs->has_csum)
		buffer_set_seal(buf, ext4_xattr_seal, 0);
	buffer_mark_dirty(buf);
	mutex_unlock(&fs->xattr_lock);
	buffer_put(buf);
	inode->file_acl = 0;
	ext4_inode_add_blocks(inode, -1);
	/* That was the last one: forget the change, and free the block. */
	if (refs == 1)
		ext4_free_blocks(fs, block, 1, true);
	return 0;
}
