// SPDX-License-Identifier: MIT
/*
 * File operations of files whose contents are their page cache: what most file
 * systems put into their file_ops.
 */
#include <fs/file.h>

#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/resource.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/thread.h>
#include <fs/inode.h>
#include <mm/iov_iter.h>
#include <mm/mm.h>
#include <mm/pagecache.h>
#include <proc/task.h>

static void touch_atime(struct file *file)
{
	if (file->flags & O_NOATIME)
		return;
	if (file->path.mount &&
	    (file->path.mount->flags & (MS_NOATIME | MS_RDONLY)))
		return;
	inode_touch_atime(file->inode);
}

ssize_t generic_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	ssize_t n = pagecache_read_iter(&file->inode->mapping, to, pos);

	if (n > 0)
		touch_atime(file);
	return n;
}

/* How many of len bytes may be written at pos; or -EFBIG. */
static ssize_t write_limit(struct inode *inode, off_t pos, size_t len)
{
	uint64_t limit = inode->super->max_size;
	uint64_t rlimit;

	if (current_thread()->is_user && S_ISREG(inode->mode)) {
		rlimit = rlimit_get(RLIMIT_FSIZE);
		if ((uint64_t)pos >= rlimit) {
			signal_send_task(current, SIGXFSZ, NULL);
			return -EFBIG;
		}
		limit = MIN(limit, rlimit);
	}
	if ((uint64_t)pos >= limit)
		return -EFBIG;
	return (ssize_t)MIN(len, limit - (uint64_t)pos);
}

/* Before the first byte: a written program loses its set-id bits. */
static void write_prepare(struct inode *inode)
{
	uint32_t drop = 0;

	if (inode->mode & S_ISUID)
		drop |= S_ISUID;
	if ((inode->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		drop |= S_ISGID;
	if (unlikely(drop) && !capable(CAP_FSETID))
		inode->mode &= ~drop;
	inode_touch(inode, ATTR_MTIME | ATTR_CTIME);
}

ssize_t generic_write(struct file *file, struct iov_iter *from, off_t *pos)
{
	struct inode *inode = file->inode;
	size_t wanted = from->count;
	ssize_t n;

	if (!wanted)
		return 0;
	rwsem_write_lock(&inode->lock);
	if (file->flags & O_APPEND)
		*pos = inode_size(inode);
	n = write_limit(inode, *pos, wanted);
	if (n > 0) {
		from->count = (size_t)n;
		write_prepare(inode);
		n = pagecache_write_iter(&inode->mapping, from, pos);
		from->count = wanted - (n > 0 ? (size_t)n : 0);
	}
	rwsem_write_unlock(&inode->lock);

	if (n > 0 && unlikely(file->flags & (O_SYNC | O_DSYNC))) {
		bool data_only = (file->flags & O_SYNC) != O_SYNC;
		int ret = file->ops->fsync(file, *pos - n, *pos, data_only);

		if (ret)
			return ret;
	}
	return n;
}

/*
 * Holes are an answer that a file system may give better; without one, all up
 * to the end is data.
 */
static off_t seek_data_or_hole(const struct inode *inode, off_t offset,
			       int whence)
{
	off_t size = inode_size(inode);

	if (offset < 0 || offset >= size)
		return -ENXIO;
	return whence == SEEK_DATA ? offset : size;
}

off_t generic_seek(struct file *file, off_t offset, int whence)
{
	off_t base = 0;

	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		base = file->pos;
		break;
	case SEEK_END:
		base = inode_size(file->inode);
		break;
	case SEEK_DATA:
	case SEEK_HOLE:
		return seek_data_or_hole(file->inode, offset, whence);
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(base, offset, &offset))
		return -EOVERFLOW;
	if (offset < 0 || (uint64_t)offset > file->inode->super->max_size)
		return -EINVAL;
	return offset;
}

int generic_mmap(struct file *file, struct vma *vma)
{
	vma->mapping = &file->inode->mapping;
	return 0;
}

int generic_fsync(struct file *file, off_t start, off_t end, bool data_only)
{
	struct super *super = file->inode->super;
	int ret;

	(void)start;
	(void)end;
	(void)data_only;
	ret = inode_write_back(file->inode, true);
	if (!ret && super->ops->sync)
		ret = super->ops->sync(super, true);
	return ret;
}
