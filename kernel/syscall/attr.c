// SPDX-License-Identifier: MIT
/*
 * Changes of what a file is: fchmodat(2), fchownat(2), utimensat(2),
 * truncate(2), fallocate(2).
 */
#include <syscall/handlers.h>

#include <linux/falloc.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <linux/time_types.h>

#include <lib/errno.h>

#include <core/time.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <mm/usercopy.h>
#include <proc/cred.h>

#include "path_arg.h"

/* Special values of tv_nsec; in no UAPI header. */
#define UTIME_NOW  0x3fffffff
#define UTIME_OMIT 0x3ffffffe

static long setattr_path(const struct path *path, struct inode_attr *attr)
{
	struct inode *inode = dentry_inode(path->dentry);
	int ret = mount_check_write(path->mount);

	return ret ? ret : inode_setattr(inode, attr);
}

static long setattr_fd(int fd, struct inode_attr *attr)
{
	struct file *file = fd_get(fd);
	long ret;

	if (!file)
		return -EBADF;
	if (file->path.mount)
		ret = setattr_path(&file->path, attr);
	else
		ret = inode_setattr(file->inode, attr);
	fd_put(file);
	return ret;
}

static long setattr_at(int dirfd, unsigned long user_name, unsigned flags,
		       struct inode_attr *attr)
{
	unsigned lookup = flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct path path;
	long ret;

	if (flags & ~(unsigned)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	ret = path_arg_lookup(dirfd, user_name, lookup, &path);
	if (ret)
		return ret;
	if ((attr->valid & ATTR_MODE) &&
	    S_ISLNK(dentry_inode(path.dentry)->mode))
		ret = -EOPNOTSUPP;
	else
		ret = setattr_path(&path, attr);
	path_put(&path);
	return ret;
}

static struct inode_attr mode_attr(unsigned long mode)
{
	return (struct inode_attr){ .valid = ATTR_MODE,
				    .mode = (uint32_t)mode & 07777 };
}

/* fchmod(2), number 52. */
long sys_fchmod(const struct syscall_args *args)
{
	struct inode_attr attr = mode_attr(args->arg[1]);

	return setattr_fd((int)args->arg[0], &attr);
}

/* fchmodat(2), number 53: the system call has no flags. */
long sys_fchmodat(const struct syscall_args *args)
{
	struct inode_attr attr = mode_attr(args->arg[2]);

	return setattr_at((int)args->arg[0], args->arg[1], 0, &attr);
}

/* fchmodat2(2), number 452. */
long sys_fchmodat2(const struct syscall_args *args)
{
	struct inode_attr attr = mode_attr(args->arg[2]);

	return setattr_at((int)args->arg[0], args->arg[1],
			  (unsigned)args->arg[3], &attr);
}

/* -1 leaves it as it is. */
static struct inode_attr owner_attr(unsigned long uid, unsigned long gid)
{
	struct inode_attr attr = { .uid = (uint32_t)uid, .gid = (uint32_t)gid };

	if (attr.uid != (uint32_t)-1)
		attr.valid |= ATTR_UID;
	if (attr.gid != (uint32_t)-1)
		attr.valid |= ATTR_GID;
	return attr;
}

/* fchown(2), number 55. */
long sys_fchown(const struct syscall_args *args)
{
	struct inode_attr attr = owner_attr(args->arg[1], args->arg[2]);

	return setattr_fd((int)args->arg[0], &attr);
}

/* fchownat(2), number 54. */
long sys_fchownat(const struct syscall_args *args)
{
	struct inode_attr attr = owner_attr(args->arg[2], args->arg[3]);

	return setattr_at((int)args->arg[0], args->arg[1],
			  (unsigned)args->arg[4], &attr);
}

static int time_attr(const struct __kernel_timespec *user, unsigned which,
		     struct fs_time *time, struct inode_attr *attr)
{
	if (user->tv_nsec == UTIME_OMIT)
		return 0;
	attr->valid |= which;
	if (user->tv_nsec == UTIME_NOW) {
		*time = fs_time_now();
		return 0;
	}
	if (user->tv_nsec < 0 || user->tv_nsec >= (long long)NSEC_PER_SEC)
		return -EINVAL;
	time->sec = user->tv_sec;
	time->nsec = (uint32_t)user->tv_nsec;
	return 0;
}

/* Setting to now needs write permission, to anything else ownership. */
static long utimens_path(const struct path *path, struct inode_attr *attr,
			 bool to_now)
{
	struct inode *inode = dentry_inode(path->dentry);
	int ret;

	if (!(attr->valid & (ATTR_ATIME | ATTR_MTIME)))
		return 0;
	if (!inode_owner_or_capable(inode)) {
		if (!to_now)
			return -EPERM;
		ret = inode_permission(inode, MAY_WRITE);
		if (ret)
			return ret;
	}
	return setattr_path(path, attr);
}

static long utimens_fd(int fd, struct inode_attr *attr, bool to_now)
{
	struct file *file = fd_get(fd);
	long ret;

	if (!file)
		return -EBADF;
	ret = -EACCES;
	if (file->path.mount)
		ret = utimens_path(&file->path, attr, to_now);
	fd_put(file);
	return ret;
}

/* utimensat(2), number 88. */
long sys_utimensat(const struct syscall_args *args)
{
	struct __kernel_timespec times[2] = { { .tv_nsec = UTIME_NOW },
					      { .tv_nsec = UTIME_NOW } };
	unsigned flags = (unsigned)args->arg[3];
	unsigned lookup = flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct inode_attr attr = { 0 };
	struct path_arg name;
	struct path path;
	bool to_now;
	long ret;

	if (args->arg[2] &&
	    copy_from_user(times, (void __user *)args->arg[2], sizeof(times)))
		return -EFAULT;
	if (flags & ~(unsigned)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	ret = time_attr(&times[0], ATTR_ATIME, &attr.atime, &attr);
	if (!ret)
		ret = time_attr(&times[1], ATTR_MTIME, &attr.mtime, &attr);
	if (ret)
		return ret;
	to_now = times[0].tv_nsec == UTIME_NOW && times[1].tv_nsec == UTIME_NOW;

	if (!args->arg[1])
		return utimens_fd((int)args->arg[0], &attr, to_now);
	ret = path_arg_get(&name, args->arg[1]);
	if (ret)
		return ret;
	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	ret = path_lookup((int)args->arg[0], name.name, lookup, &path);
	path_arg_put(&name);
	if (ret)
		return ret;
	ret = utimens_path(&path, &attr, to_now);
	path_put(&path);
	return ret;
}

/* truncate(2), number 45. */
long sys_truncate(const struct syscall_args *args)
{
	struct path path;
	long ret;

	if ((long)args->arg[1] < 0)
		return -EINVAL;
	ret = path_arg_lookup(AT_FDCWD, args->arg[0], LOOKUP_FOLLOW, &path);
	if (ret)
		return ret;
	ret = path_truncate(&path, (off_t)args->arg[1]);
	path_put(&path);
	return ret;
}

/* ftruncate(2), number 46. */
long sys_ftruncate(const struct syscall_args *args)
{
	struct inode_attr attr = { .valid = ATTR_SIZE,
				   .size = (off_t)args->arg[1] };
	struct file *file;
	long ret;

	if (attr.size < 0)
		return -EINVAL;
	file = fd_get((int)args->arg[0]);
	if (!file)
		return -EBADF;
	ret = -EINVAL;
	if ((file->mode & FMODE_WRITE) && S_ISREG(file->inode->mode))
		ret = inode_setattr(file->inode, &attr);
	fd_put(file);
	return ret;
}

static long fallocate_file(struct file *file, int mode, off_t offset, off_t len)
{
	struct inode *inode = file->inode;

	if (!(file->mode & FMODE_WRITE))
		return -EBADF;
	if (S_ISDIR(inode->mode))
		return -EISDIR;
	if (S_ISFIFO(inode->mode))
		return -ESPIPE;
	if (!S_ISREG(inode->mode))
		return -ENODEV;
	if ((uint64_t)len > inode->super->max_size ||
	    (uint64_t)offset > inode->super->max_size - (uint64_t)len)
		return -EFBIG;
	if (!file->ops->fallocate)
		return -EOPNOTSUPP;
	return file->ops->fallocate(file, mode, offset, len);
}

/* fallocate(2), number 47. */
long sys_fallocate(const struct syscall_args *args)
{
	off_t offset = (off_t)args->arg[2];
	off_t len = (off_t)args->arg[3];
	struct file *file;
	long ret;

	if (offset < 0 || len <= 0)
		return -EINVAL;
	file = fd_get((int)args->arg[0]);
	if (!file)
		return -EBADF;
	ret = fallocate_file(file, (int)args->arg[1], offset, len);
	fd_put(file);
	return ret;
}
