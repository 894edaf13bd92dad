// SPDX-License-Identifier: MIT
/*
 * Files of block devices: /dev/vda read, written, mapped through a page cache
 * of the raw device.
 *
 * Each device has one inode, in a super block that is mounted nowhere, in which
 * its pages are; it is made at the first open and stays.  The nodes in /dev are
 * inodes of their own and lead there by the device number.  A file system on
 * the device does not look into this cache, nor the other way round.  What was
 * written goes to the device with fsync(2) and when the last writer closes.
 */
#include <string.h>

#include <linux/fs.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <dev/block.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <mm/iov_iter.h>
#include <mm/page.h>
#include <mm/usercopy.h>

static const struct super_ops blockdev_super_ops = { 0 };
static const struct inode_ops blockdev_inode_ops = { 0 };
static struct fs_type blockdev_type = { .name = "bdev" };

static struct super blockdev_super = {
	.ops = &blockdev_super_ops,
	.type = &blockdev_type,
	.block_size = PAGE_SIZE,
	.max_size = INT64_MAX,
	.inodes = TAILQ_HEAD_INITIALIZER(blockdev_super.inodes),
	.dirty = TAILQ_HEAD_INITIALIZER(blockdev_super.dirty),
	.inodes_lock = SPINLOCK_INIT(LOCK_LEAF),
};

/* --- pages --- */

/* Move what of the page lies on the device; the rest reads as zeros. */
static int blockdev_transfer(struct mapping *mapping, struct page *page,
			     enum bio_op op)
{
	struct block_device *bdev = mapping->host->private;
	uint64_t start = (uint64_t)page->index * (PAGE_SIZE / 512);
	uint64_t sectors = block_device_sectors(bdev);
	size_t len = 0;

	if (start < sectors)
		len = (size_t)MIN(sectors - start, PAGE_SIZE / 512) * 512;
	if (op == BIO_WRITE)
		return block_write(bdev, start, page_to_virt(page), len);
	if (len < PAGE_SIZE)
		memset((char *)page_to_virt(page) + len, 0, PAGE_SIZE - len);
	return len ? block_read(bdev, start, page_to_virt(page), len) : 0;
}

static int blockdev_read_page(struct mapping *mapping, struct page *page)
{
	int ret = blockdev_transfer(mapping, page, BIO_READ);

	atomic_fetch_or(&page->flags, ret ? PAGE_ERROR : PAGE_UPTODATE);
	page_unlock(page);
	return ret;
}

static int blockdev_write_begin(struct mapping *mapping, struct page *page,
				unsigned from, unsigned to)
{
	int ret = 0;

	if (!page_has_flag(page, PAGE_UPTODATE) && to - from < PAGE_SIZE)
		ret = blockdev_transfer(mapping, page, BIO_READ);
	if (!ret)
		atomic_fetch_or(&page->flags, PAGE_UPTODATE);
	return ret;
}

static int blockdev_write_end(struct mapping *mapping, struct page *page,
			      unsigned from, unsigned copied)
{
	(void)mapping;
	(void)from;
	(void)copied;
	page_set_dirty(page);
	return 0;
}

static int blockdev_write_pages(struct mapping *mapping, uint64_t first,
				uint64_t last, bool wait)
{
	uint64_t index = first;
	struct page *page;
	int ret = 0;

	(void)wait; /* each page is waited for */
	while ((page = pagecache_next_dirty(mapping, &index, last))) {
		int err;

		page_clear_dirty_for_io(page);
		err = blockdev_transfer(mapping, page, BIO_WRITE);
		ret = ret ? ret : err;
		page_unlock(page);
		page_end_writeback(page);
		page_put(page);
	}
	return ret;
}

static const struct mapping_ops blockdev_mapping_ops = {
	.read_page = blockdev_read_page,
	.write_begin = blockdev_write_begin,
	.write_end = blockdev_write_end,
	.write_pages = blockdev_write_pages,
};

/* --- files --- */

/* The inode with the device's pages, with a reference; NULL: no memory. */
static struct inode *blockdev_inode(struct block_device *bdev)
{
	struct inode *inode = inode_lookup(&blockdev_super, bdev->dev);

	if (!inode || !inode_has(inode, INODE_NEW))
		return inode;
	inode->ops = &blockdev_inode_ops;
	inode->mode = S_IFBLK | 0600;
	inode->private = bdev;
	inode->mapping.ops = &blockdev_mapping_ops;
	inode_ready(inode);
	return inode;
}

/* Forget the pages of a medium that is not there any more. */
static void blockdev_follow_media(struct inode *inode)
{
	struct block_device *bdev = inode->private;
	int media = atomic_load(&bdev->media);

	rwsem_write_lock(&inode->lock);
	if (bdev->cached_media != media) {
		inode_set_size(inode, 0);
		pagecache_truncate(&inode->mapping, 0);
		bdev->cached_media = media;
	}
	inode_set_size(inode, (off_t)block_device_sectors(bdev) * 512);
	rwsem_write_unlock(&inode->lock);
}

static int blockdev_open(struct inode *node, struct file *file)
{
	struct block_device *bdev = block_device_by_dev(node->rdev);
	struct inode *inode;
	int ret;

	if (!bdev)
		return -ENXIO;
	ret = block_device_check(bdev);
	if (ret)
		return ret;
	if (file->mode & FMODE_WRITE && bdev->read_only)
		return -EROFS;
	inode = blockdev_inode(bdev);
	if (!inode)
		return -ENOMEM;
	blockdev_follow_media(inode);
	file->private = inode;
	return 0;
}

static int blockdev_fsync(struct file *file, off_t start, off_t end,
			  bool data_only)
{
	struct inode *inode = file->private;
	int ret = pagecache_sync(&inode->mapping, 0, UINT32_MAX, true);
	int err = block_flush(inode->private);

	(void)start;
	(void)end;
	(void)data_only;
	return ret ? ret : err;
}

static void blockdev_release(struct file *file)
{
	struct inode *inode = file->private;

	/* Nobody is left to hear of an error; fsync(2) is for who cares. */
	if (file->mode & FMODE_WRITE)
		(void)pagecache_sync(&inode->mapping, 0, UINT32_MAX, true);
	inode_put(inode);
}

static ssize_t blockdev_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	struct inode *inode = file->private;

	return pagecache_read_iter(&inode->mapping, to, pos);
}

static ssize_t blockdev_write(struct file *file, struct iov_iter *from,
			      off_t *pos)
{
	struct inode *inode = file->private;
	size_t wanted = from->count;
	ssize_t n;

	rwsem_write_lock(&inode->lock);
	if (*pos >= inode_size(inode)) {
		n = wanted ? -ENOSPC : 0;
	} else {
		from->count = MIN(wanted, (size_t)(inode_size(inode) - *pos));
		n = pagecache_write_iter(&inode->mapping, from, pos);
		from->count = wanted - (n > 0 ? (size_t)n : 0);
	}
	rwsem_write_unlock(&inode->lock);
	return n;
}

static off_t blockdev_seek(struct file *file, off_t offset, int whence)
{
	off_t size = inode_size(file->private);

	if (whence == SEEK_CUR)
		offset += file->pos;
	else if (whence == SEEK_END)
		offset += size;
	else if (whence != SEEK_SET)
		return -EINVAL;
	return offset < 0 || offset > size ? -EINVAL : offset;
}

static long blockdev_ioctl(struct file *file, unsigned cmd, unsigned long arg)
{
	struct inode *inode = file->private;
	struct block_device *bdev = inode->private;
	uint64_t sectors = block_device_sectors(bdev);

	switch (cmd) {
	case BLKGETSIZE64:
		return put_user(sectors * 512, (uint64_t __user *)arg);
	case BLKGETSIZE:
		return put_user((unsigned long)sectors,
				(unsigned long __user *)arg);
	case BLKSSZGET:
		return put_user((int)bdev->block_size, (int __user *)arg);
	case BLKROGET:
		return put_user((int)bdev->read_only, (int __user *)arg);
	case BLKFLSBUF:
		return blockdev_fsync(file, 0, 0, false);
	default:
		return -ENOTTY;
	}
}

const struct file_ops blockdev_file_ops = {
	.open = blockdev_open,
	.release = blockdev_release,
	.read = blockdev_read,
	.write = blockdev_write,
	.seek = blockdev_seek,
	.ioctl = blockdev_ioctl,
	.fsync = blockdev_fsync,
};
