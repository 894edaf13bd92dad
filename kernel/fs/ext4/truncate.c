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

/* Page locked: zeros in [from, to) of it, which are a block's; *write: on disk. */
static int ext4_zero_in_page(struct inode *inode, struct page *page,
			     unsigned from, unsigned to, bool *write)
{
	struct ext4_map map = {
		.lblk = (uint32_t)((page->index << PAGE_SHIFT | from) >>
				   ext4_fs(inode)->block_bits),
		.len = 1,
	};
	int ret = ext4_map_blocks(ext4_inode(inode), &map, 0);

	if (ret)
		return ret;
	*write = map.pblk && !map.unwritten;
	if (*write)
		ret = ext4_write_begin(&inode->mapping, page, from, to);
	if (ret)
		return ret;
	memset((char *)page_to_virt(page) + from, 0, to - from);
	return *write ? ext4_write_end(&inode->mapping, page, from, to - from)
		      : 0;
}

/*
 * The bytes of the last block behind size become zero, on disk as well, and
 * before a commit has the size: a longer file must not show them again.
 */
static int ext4_zero_block_tail(struct inode *inode, off_t size)
{
	struct ext4_fs *fs = ext4_fs(inode);
	unsigned from = (unsigned)size & PAGE_MASK;
	unsigned to = ALIGN_UP(from, fs->block_size);
	struct mapping *mapping = &inode->mapping;
	bool write = false;
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
		ret = ext4_zero_in_page(inode, page, from, to, &write);
	page_unlock(page);
	if (!ret && write) {
		ret = ext4_write_pages(mapping, page->index, page->index, true);
		page_wait_writeback(page);
	}
	page_put(page);
	return ret;
}

/*
 * Behind the end there may be what a shared mapping has put there, or what was
 * written when the power failed, before the size that tells of it.
 */
static int ext4_prepare_hole(struct mapping *mapping)
{
	struct inode *inode = mapping->host;

	return ext4_zero_block_tail(inode, inode_size(inode));
}

/* What one transaction may free: 0 (all), 1 (there is more), or -errno. */
static int ext4_truncate_some(struct ext4_inode *inode)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint64_t size = (uint64_t)inode_size(&inode->vfs);
	uint64_t from = DIV_ROUND_UP(size, fs->block_size);
	int ret = 0;

	if (from < UINT32_MAX && inode->blocks)
		ret = ext4_unmap_blocks(inode, (uint32_t)from, UINT32_MAX);
	/* One that is open without a name stays on the list. */
	if (!ret && inode->vfs.nlink)
		ext4_orphan_remove(inode);
	return ret;
}

int ext4_truncate_blocks(struct ext4_inode *inode)
{
	struct buffer_transaction tx;
	int ret;

	do {
		ret = ext4_begin(ext4_fs(&inode->vfs), &tx);
		if (ret)
			return ret;
		ret = ext4_truncate_some(inode);
		ext4_end(&tx);
	} while (ret > 0);
	return ret;
}

/*
 * The file becomes shorter: first it says so, and is on the orphan list, so that
 * a mount after a crash ends the work; then its blocks go.
 */
static int ext4_shrink(struct inode *inode, off_t size)
{
	struct ext4_inode *ei = ext4_inode(inode);
	struct buffer_transaction tx;
	int ret;

	if (!size && inode_size(inode))
		ei->flush_at_close = true;
	ret = ext4_zero_block_tail(inode, size);
	if (!ret)
		ret = ext4_begin_modify(inode, &tx);
	if (ret)
		return ret;
	ext4_orphan_add(ei);
	ext4_inode_resize(ei, size);
	ext4_end(&tx);

	pagecache_truncate(&inode->mapping, size);
	return ext4_truncate_blocks(ei);
}

/* It becomes longer, by a hole. */
static int ext4_grow(struct inode *inode, off_t size)
{
	struct buffer_transaction tx;
	int ret = pagecache_prepare_hole(&inode->mapping);

	if (!ret)
		ret = ext4_begin_modify(inode, &tx);
	if (ret)
		return ret;
	ext4_inode_resize(ext4_inode(inode), size);
	ext4_end(&tx);
	return 0;
}

static int ext4_set_size(struct inode *inode, off_t size)
{
	struct ext4_inode *ei = ext4_inode(inode);

	if (!ext4_has_extents(ei) &&
	    (uint64_t)size > ext4_indirect_limit(ext4_fs(inode))
				     << ext4_fs(inode)->block_bits)
		return -EFBIG;
	if (size > inode_size(inode))
		return ext4_grow(inode, size);
	/* The same size also frees what fallocate(2) left behind it. */
	return ext4_shrink(inode, size);
}

int ext4_setattr(struct inode *inode, const struct inode_attr *attr)
{
	struct ext4_fs *fs = ext4_fs(inode);
	struct inode_attr rest = *attr;
	struct buffer_transaction tx;
	int ret;

	if (!fs->writable || atomic_load(&fs->damaged))
		return -EROFS;
	if (attr->valid & ATTR_SIZE) {
		ret = ext4_set_size(inode, attr->size);
		if (ret)
			return ret;
		rest.valid &= ~ATTR_SIZE;
	}
	/* In one commit: a new owner must not get the old one's set-id bit. */
	ret = ext4_begin_modify(inode, &tx);
	if (ret)
		return ret;
	ret = inode_setattr_generic(inode, &rest);
	ext4_end(&tx);
	return ret;
}

/* Allocate blocks [lblk, end) that read as zeros. */
static int ext4_preallocate(struct ext4_inode *inode, uint32_t lblk,
			    uint32_t end)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct buffer_transaction tx;
	unsigned tries = 0;
	int ret;

	/* A transaction for each run lets commits come between. */
	while (lblk < end) {
		struct ext4_map map = { .lblk = lblk, .len = end - lblk };

		ret = ext4_begin(fs, &tx);
		if (ret)
			return ret;
		ret = ext4_map_blocks(inode, &map,
				      EXT4_MAP_CREATE | EXT4_MAP_UNWRITTEN);
		ext4_end(&tx);
		if (!ret)
			lblk += map.len;
		else if (!ext4_should_retry(fs, ret, &tries))
			return ret;
	}
	return 0;
}

/* They are there: the size follows. */
static int ext4_fallocate_end(struct inode *inode, off_t size)
{
	struct buffer_transaction tx;
	int ret = 0;

	if (size > inode_size(inode))
		ret = pagecache_prepare_hole(&inode->mapping);
	if (!ret)
		ret = ext4_begin_modify(inode, &tx);
	if (ret)
		return ret;
	if (size > inode_size(inode))
		ext4_inode_resize(ext4_inode(inode), size);
	inode_touch(inode, ATTR_CTIME | ATTR_MTIME);
	ext4_end(&tx);
	return 0;
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
	if (!ret)
		ret = ext4_fallocate_end(
			inode, mode & FALLOC_FL_KEEP_SIZE ? 0 : (off_t)end);
	rwsem_write_unlock(&inode->lock);
	return ret;
}

/*
 * A file that was emptied and written anew stands in for what it held before:
 * its data starts on its way now and not some seconds later.
 */
static void ext4_release(struct file *file)
{
	struct ext4_inode *ei = ext4_inode(file->inode);

	if (likely(!ei->flush_at_close) || !(file->mode & FMODE_WRITE))
		return;
	ei->flush_at_close = false;
	/* Errors are kept for fsync(2). */
	(void)pagecache_sync(&file->inode->mapping, 0, UINT64_MAX, false);
}

const struct mapping_ops ext4_mapping_ops = {
	.read_page = ext4_read_page,
	.read_ahead = ext4_read_ahead,
	.write_begin = ext4_write_begin,
	.write_end = ext4_write_end,
	.prepare_hole = ext4_prepare_hole,
	.may_write_again = ext4_may_write_again,
	.write_pages = ext4_write_pages,
	.release_page = ext4_release_page,
};

const struct file_ops ext4_file_ops = {
	.release = ext4_release,
	.read = generic_read,
	.write = generic_write,
	.seek = generic_seek,
	.mmap = generic_mmap,
	.fsync = ext4_fsync,
	.fallocate = ext4_fallocate,
};

const struct inode_ops ext4_file_inode_ops = {
	.setattr = ext4_setattr,
};

const struct inode_ops ext4_special_inode_ops = {
	.setattr = ext4_setattr,
};
