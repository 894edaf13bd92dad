// SPDX-License-Identifier: MIT
/* What the VFS offers to file systems; most of it is not used here. */
#include <stdlib.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/time.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>

const struct file_ops blockdev_file_ops, chrdev_open_ops, fifo_file_ops;

struct fs_time fs_time_now(void)
{
	uint64_t now = time_wall_ns();

	return (struct fs_time){ .sec = (int64_t)(now / NSEC_PER_SEC),
				 .nsec = (uint32_t)(now % NSEC_PER_SEC) };
}

void inode_touch(struct inode *inode, unsigned attr_times)
{
	if (attr_times & ATTR_MTIME)
		inode->mtime = fs_time_now();
	if (attr_times & ATTR_CTIME)
		inode->ctime = fs_time_now();
	inode_mark_dirty(inode);
}

void inode_init_owner(struct inode *inode, struct inode *dir, uint32_t mode)
{
	(void)dir;
	inode->mode = mode;
}

void inode_init_special(struct inode *inode, uint32_t mode, uint64_t rdev)
{
	inode->mode = mode;
	inode->rdev = rdev;
}

int inode_setattr_generic(struct inode *inode, const struct inode_attr *attr)
{
	if (attr->valid & ATTR_MODE)
		inode->mode = (inode->mode & S_IFMT) | (attr->mode & 07777);
	inode_mark_dirty(inode);
	return 0;
}

ssize_t generic_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	(void)file;
	(void)to;
	(void)pos;
	return -EINVAL;
}

ssize_t generic_write(struct file *file, struct iov_iter *from, off_t *pos)
{
	return generic_read(file, from, pos);
}

off_t generic_seek(struct file *file, off_t offset, int whence)
{
	(void)file;
	(void)whence;
	return offset;
}

off_t generic_dir_seek(struct file *file, off_t offset, int whence)
{
	return generic_seek(file, offset, whence);
}

int generic_fsync(struct file *file, off_t start, off_t end, bool data_only)
{
	struct super *super = file->inode->super;
	int ret = inode_write_back(file->inode, true);

	(void)start;
	(void)end;
	(void)data_only;
	return ret ? ret : super->ops->sync(super, true);
}

int generic_mmap(struct file *file, struct vma *vma)
{
	(void)file;
	(void)vma;
	return 0;
}

/* --- dentries and supers --- */

struct dentry *dentry_make_root(struct inode *inode)
{
	struct dentry *root = calloc(1, sizeof(*root));

	root->inode = inode;
	return root;
}

void dentry_put(struct dentry *dentry)
{
	inode_put(dentry->inode);
	free(dentry);
}

void dentry_set_inode(struct dentry *dentry, struct inode *inode)
{
	BUG_ON(dentry->inode);
	dentry->inode = inode;
}
