// SPDX-License-Identifier: MIT
/*
 * Opening files: the rules of open(2) for O_* flags, and truncate(2).
 */
#include <fs/file.h>

#include <string.h>

#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/thread.h>
#include <fs/dentry.h>
#include <fs/inode.h>

#include "namei.h"

/* open(2) drops what it does not know; O_PATH keeps only these. */
#define OPEN_PATH_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
/* What F_GETFL does not show. */
#define OPEN_ONCE_FLAGS (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)

static unsigned access_mask(unsigned flags)
{
	static const unsigned char masks[] = {
		[O_RDONLY] = MAY_READ,
		[O_WRONLY] = MAY_WRITE,
		[O_RDWR] = MAY_READ | MAY_WRITE,
		[O_ACCMODE] = MAY_READ | MAY_WRITE,
	};
	unsigned mask = masks[flags & O_ACCMODE];

	return flags & O_TRUNC ? mask | MAY_WRITE : mask;
}

/* What may be opened how, apart from permission bits. */
static int open_check_type(const struct path *path, const struct inode *inode,
			   unsigned flags, unsigned mask)
{
	switch (inode->mode & S_IFMT) {
	case S_IFLNK:
		return -ELOOP;
	case S_IFDIR:
		if (mask & MAY_WRITE)
			return -EISDIR;
		break;
	case S_IFBLK:
	case S_IFCHR:
		if (path->mount->flags & MS_NODEV)
			return -EACCES;
		/* fall through */
	case S_IFIFO:
		return 0; /* writing them changes nothing on the mount */
	case S_IFSOCK:
		return -ENXIO;
	default:
		break;
	}
	if ((flags & O_DIRECTORY) && !S_ISDIR(inode->mode))
		return -ENOTDIR;
	return mask & MAY_WRITE ? mount_check_write(path->mount) : 0;
}

static int open_check(const struct path *path, unsigned flags)
{
	struct inode *inode = dentry_inode(path->dentry);
	unsigned mask = access_mask(flags);
	int ret;

	if (inode_has(inode, INODE_BAD))
		return -EIO;
	ret = open_check_type(path, inode, flags, mask);
	if (ret)
		return ret;
	ret = inode_permission(inode, mask);
	if (ret)
		return ret;
	if ((flags & O_NOATIME) && !inode_owner_or_capable(inode))
		return -EPERM;
	return 0;
}

static int open_truncate(struct inode *inode)
{
	struct inode_attr attr = { .valid = ATTR_SIZE };

	if (!S_ISREG(inode->mode))
		return 0;
	return inode_setattr(inode, &attr);
}

/* Checks are done: make the file and let its owner open it. */
static int open_checked(const struct path *path, unsigned flags,
			struct file **result)
{
	struct inode *inode = dentry_inode(path->dentry);
	struct file *file;
	int ret;

	file = file_alloc(path, flags & ~(unsigned)OPEN_ONCE_FLAGS);
	if (!file)
		return -ENOMEM;
	if ((file->mode & FMODE_WRITE) && S_ISREG(inode->mode)) {
		ret = inode_get_write(inode);
		if (ret)
			goto err_put_file;
		file->mode |= FMODE_WRITE_COUNTED;
	}
	if (flags & O_TRUNC) {
		ret = open_truncate(inode);
		if (ret)
			goto err_put_file;
	}
	if (file->ops && file->ops->open) {
		ret = file->ops->open(inode, file);
		if (ret)
			goto err_put_file;
	}
	ret = -ENXIO;
	if (!file->ops)
		goto err_put_file;
	file->mode |= FMODE_OPENED;
	*result = file;
	return 0;

err_put_file:
	file_put(file);
	return ret;
}

static int open_path_only(const struct path *path, unsigned flags,
			  struct file **result)
{
	static const struct file_ops none;
	struct file *file;

	if ((flags & O_DIRECTORY) && !S_ISDIR(dentry_inode(path->dentry)->mode))
		return -ENOTDIR;
	file = file_alloc(path, flags & OPEN_PATH_FLAGS & ~(unsigned)O_CLOEXEC);
	if (!file)
		return -ENOMEM;
	file->ops = &none;
	file->mode = FMODE_PATH;
	*result = file;
	return 0;
}

int file_open_path(const struct path *path, unsigned flags,
		   struct file **result)
{
	int ret;

	if (flags & O_PATH)
		return open_path_only(path, flags, result);
	ret = open_check(path, flags);
	return ret ? ret : open_checked(path, flags, result);
}

/* The name is free: make a file there.  Its own mode does not bind its maker. */
static int open_create(struct walk *walk, struct dentry *dentry, uint32_t mode)
{
	struct inode *dir = dentry_inode(walk->path.dentry);
	int ret;

	ret = mount_check_write(walk->path.mount);
	if (ret)
		return ret;
	ret = inode_permission(dir, MAY_WRITE | MAY_EXEC);
	if (ret)
		return ret;
	if (!dir->ops->create)
		return -EACCES;
	mode &= 07777 & ~fs_context_current()->umask;
	return dir->ops->create(dir, dentry, S_IFREG | mode);
}

/*
 * The name of the last component was free a moment ago: look again with the
 * directory locked, and make the file if it still is.  0 and a referenced
 * positive dentry, *created says whether it is new; or -errno.
 */
static int open_lookup_or_create(struct walk *walk, uint32_t mode,
				 struct dentry **result, bool *created)
{
	struct inode *dir = dentry_inode(walk->path.dentry);
	struct dentry *dentry;
	int ret;

	rwsem_write_lock(&dir->lock);
	ret = dentry_lookup_locked(walk->path.dentry, walk->last,
				   walk->last_len, &dentry);
	if (ret)
		goto out_unlock;
	if (!dentry_inode(dentry)) {
		ret = open_create(walk, dentry, mode);
		*created = !ret;
	}
	if (ret)
		dentry_put(dentry);
	else
		*result = dentry;
out_unlock:
	rwsem_write_unlock(&dir->lock);
	return ret;
}

/*
 * The last component of an O_CREAT open: 0, *created says whether it is new;
 * 1: it was a symbolic link, go on.
 */
static int open_last_or_create(struct walk *walk, unsigned flags, uint32_t mode,
			       bool *created)
{
	bool follow = !(flags & (O_NOFOLLOW | O_EXCL));
	struct dentry *dentry;
	int ret;

	/* A link of procfs led right to a file: that is it. */
	if (!walk->last_len && walk->nr_links &&
	    !S_ISDIR(dentry_inode(walk->path.dentry)->mode))
		return 0;
	if (!walk->last_len || walk_last_is_dots(walk))
		return flags & O_EXCL ? -EEXIST : -EISDIR;
	ret = walk_lookup_last(walk, &dentry);
	if (ret)
		return ret;
	if (!dentry_inode(dentry)) {
		dentry_put(dentry);
		if (walk->trailing_slash)
			return -EISDIR;
		ret = open_lookup_or_create(walk, mode, &dentry, created);
		if (ret)
			return ret;
	}
	if ((flags & O_EXCL) && !*created) {
		dentry_put(dentry);
		return -EEXIST;
	}
	ret = walk_enter_dentry(walk, dentry, follow);
	if (!ret && S_ISDIR(dentry_inode(walk->path.dentry)->mode))
		ret = -EISDIR;
	if (!ret && walk->trailing_slash)
		ret = -ENOTDIR;
	return ret;
}

static int open_creating(int dirfd, const char *name, unsigned flags,
			 uint32_t mode, unsigned resolve, struct file **result)
{
	bool created = false;
	struct walk walk;
	int ret;

	ret = walk_begin(&walk, dirfd, name, resolve);
	if (ret)
		goto out;
	do {
		ret = walk_to_parent(&walk);
		if (ret)
			goto out;
		ret = open_last_or_create(&walk, flags, mode, &created);
	} while (ret == 1);
	if (ret)
		goto out;
	if (created)
		ret = open_checked(&walk.path, flags & ~(unsigned)O_TRUNC,
				   result);
	else
		ret = file_open_path(&walk.path, flags, result);
out:
	walk_end(&walk);
	return ret;
}

int file_open_resolve(int dirfd, const char *name, unsigned flags,
		      uint32_t mode, unsigned resolve, struct file **result)
{
	struct path path;
	int ret;

	if ((flags & O_CREAT) && !(flags & O_PATH)) {
		if (flags & O_DIRECTORY)
			return -EINVAL;
		return open_creating(dirfd, name, flags, mode, resolve, result);
	}
	if (!(flags & O_NOFOLLOW))
		resolve |= LOOKUP_FOLLOW;
	if (flags & O_DIRECTORY)
		resolve |= LOOKUP_DIRECTORY;
	ret = path_lookup(dirfd, name, resolve, &path);
	if (ret)
		return ret;
	ret = file_open_path(&path, flags, result);
	path_put(&path);
	return ret;
}

int file_open(int dirfd, const char *name, unsigned flags, uint32_t mode,
	      struct file **result)
{
	return file_open_resolve(dirfd, name, flags, mode, 0, result);
}

int path_truncate(const struct path *path, off_t size)
{
	struct inode *inode = dentry_inode(path->dentry);
	struct inode_attr attr = { .valid = ATTR_SIZE, .size = size };
	int ret;

	if (S_ISDIR(inode->mode))
		return -EISDIR;
	if (!S_ISREG(inode->mode))
		return -EINVAL;
	ret = inode_permission(inode, MAY_WRITE);
	if (!ret)
		ret = mount_check_write(path->mount);
	if (!ret)
		ret = inode_get_write(inode);
	if (ret)
		return ret;
	ret = inode_setattr(inode, &attr);
	inode_put_write(inode);
	return ret;
}
