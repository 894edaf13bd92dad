// SPDX-License-Identifier: MIT
/*
 * Sizes of files: truncate(2), fallocate(2), and the file_ops and inode_ops of
 * regular and special files.
 */
#include <string.h>

#include <linux/falloc.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <fs/file.h>

#include "page_io.h"

/*
 * The bytes of the last block behind size become zero, on disk as well: a
 * longer file must not show them again.
 */
static int ext4_zero_block_tail(struct inode *inode, off_t size)
{
	struct ext4_fs *fs = ext4_fs(inode);
	unsigned from = (unsigned)size & PAGE_MASK;
	unsigned to = ALIGN_UP(from, fs->block_size);
	struct mapping *mapping = &inode->mapping;
	struct page *page;
	int ret;

	if (from == to)
		return 0;
	ret = pagecache_read(mapping, (uint64_t)size >> PAGE_SHIFT, &page);
	if (ret)
		return ret;
	page_lock(page);
	ret = -EIO;
	if (page->mapping == mapping)
		ret = ext4_write_begin(mapping, page, from, to);
	if (!ret) {
		memset((char *)page_to_virt(page) + from, 0, to - from);
		ret = ext4_write_end(mapping, page, from, to - from);
	}
	page_unlock(page);
	page_put(page);
	return ret;
}

int ext4_truncate_blocks(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint64_t size = (uint64_t)inode_size(&inode->vfs);
	uint64_t from = DIV_ROUND_UP(size, fs->block_size);
	struct buffer_transaction tx;
	int ret;

	ret = ext4_begin(fs, &tx);
	if (ret)
		return ret;
	if (from < UINT32_MAX && inode->blocks)
		ret = ext4_unmap_blocks(inode, (uint32_t)from, UINT32_MAX);
	if (inode->vfs.nlink)
		inode_mark_dirty(&inode->vfs);
	ext4_end(&tx);
	return ret;
}

static int ext4_shrink(struct inode *inode, off_t size)
{
	struct ext4_inode *ei = ext4_inode(inode);
	struct buffer_transaction tx;
	int ret;

	ret = ext4_zero_block_tail(inode, size);
	if (ret)
		return ret;
	/* A crash from here on finishes the work at the next mount. */
	ret = ext4_begin(ext4_fs(inode), &tx);
	if (ret)
		return ret;
	ext4_orphan_add(ei);
	inode_set_size(inode, size);
	ret = ext4_inode_store(ei);
	ext4_end(&tx);

	pagecache_truncate(&inode->mapping, size);
	if (!ret)
		ret = ext4_truncate_blocks(ei);
	ext4_orphan_remove(ei);
	return ret;
}

static int ext4_set_size(struct inode *inode, off_t size)
{
	struct ext4_inode *ei = ext4_inode(inode);
	off_t old = inode_size(inode);

	if (!ext4_has_extents(ei) &&
	    (uint64_t)size > ext4_indirect_limit(ext4_fs(inode))
				     << ext4_fs(inode)->block_bits)
		return -EFBIG;
	/* The same size also frees what fallocate(2) left behind it. */
	if (size <= old)
		return ext4_shrink(inode, size);
	/* A mapping may have written behind the end, in memory. */
	pagecache_truncate(&inode->mapping, old);
	inode_set_size(inode, size);
	return 0;
}

int ext4_setattr(struct inode *inode, const struct inode_attr *attr)
{
	struct ext4_fs *fs = ext4_fs(inode);
	struct inode_attr rest = *attr;
	int ret;

	if (!fs->writable || atomic_load(&fs->damaged))
		return -EROFS;
	if (attr->valid & ATTR_SIZE) {
		ret = ext4_set_size(inode, attr->size);
		if (ret)
			return ret;
		rest.valid &= ~ATTR_SIZE;
	}
	return inode_setattr_generic(inode, &rest);
}

/* Allocate blocks [lblk, end) that read as zeros. */
static int ext4_preallocate(struct ext4_inode *inode, uint32_t lblk,
			    uint32_t end)
{
	struct buffer_transaction tx;
	int ret = 0;

	/* A transaction for each run lets commits come between. */
	while (!ret && lblk < end) {
		struct ext4_map map = { .lblk = lblk, .len = end - lblk };

		ret = ext4_begin(ext4_fs(&inode->vfs), &tx);
		if (ret)
			break;
		ret = ext4_map_blocks(inode, &map,
				      EXT4_MAP_CREATE | EXT4_MAP_UNWRITTEN);
		inode_mark_dirty(&inode->vfs);
		ext4_end(&tx);
		lblk += map.len;
	}
	return ret;
}

int ext4_fallocate(struct file *file, int mode, off_t offset, off_t len)
{
	struct inode *inode = file->inode;
	struct ext4_inode *ei = ext4_inode(inode);
	struct ext4_fs *fs = ext4_fs(inode);
	uint64_t max = fs->super->max_size;
	uint64_t end;
	int ret;

	if (mode & ~FALLOC_FL_KEEP_SIZE || !ext4_has_extents(ei))
		return -EOPNOTSUPP;
	if (offset < 0 || len <= 0)
		return -EINVAL;
	if ((uint64_t)offset > max || (uint64_t)len > max - (uint64_t)offset)
		return -EFBIG;
	end = (uint64_t)offset + (uint64_t)len;
	rwsem_write_lock(&inode->lock);
	ret = ext4_preallocate(ei, (uint32_t)(offset >> fs->block_bits),
			       (uint32_t)DIV_ROUND_UP(end, fs->block_size));
	if (!ret && !(mode & FALLOC_FL_KEEP_SIZE) &&
	    end > (uint64_t)inode_size(inode)) {
		pagecache_truncate(&inode->mapping, inode_size(inode));
		inode_set_size(inode, (off_t)end);
	}
	if (!ret)
		inode_touch(inode, ATTR_CTIME | ATTR_MTIME);
	rwsem_write_unlock(&inode->lock);
	return ret;
}

const struct mapping_ops ext4_mapping_ops = {
	.read_page = ext4_read_page,
	.read_ahead = ext4_read_ahead,
	.write_begin = ext4_write_begin,
	.write_end = ext4_write_end,
	.write_pages = ext4_write_pages,
	.release_page = ext4_release_page,
};

const struct file_ops ext4_file_ops = {
	.read = generic_read,
	.write = generic_write,
	.seek = generic_seek,
	.mmap = pagecache_mmap,
	.fsync = generic_fsync,
	.fallocate = ext4_fallocate,
};

const struct inode_ops ext4_file_inode_ops = {
	.setattr = ext4_setattr,
};

const struct inode_ops ext4_special_inode_ops = {
	.setattr = ext4_setattr,
};
