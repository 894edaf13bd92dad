// SPDX-License-Identifier: MIT
/*
 * What a file is: newfstatat(2), fstat(2), statx(2), readlinkat(2), access(2),
 * statfs(2).
 */
#include <syscall/handlers.h>

#include <string.h>

#include <asm/stat.h>
#include <asm/statfs.h>
#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/mount.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <mm/usercopy.h>
#include <proc/task.h>

#include "path_arg.h"
#include "stat_types.h"

#define AT_FLAGS_STAT (AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)

static uint64_t inode_blocks(const struct inode *inode)
{
	if (inode->mapping.no_writeback)
		return inode->mapping.nr_pages * (PAGE_SIZE / 512);
	return inode->blocks;
}

static void fill_stat(struct inode *inode, struct stat *st)
{
	if (inode->ops->getattr)
		inode->ops->getattr(inode);
	memset(st, 0, sizeof(*st));
	st->st_dev = inode->super->dev;
	st->st_ino = inode->ino;
	st->st_mode = inode->mode;
	st->st_nlink = inode->nlink;
	st->st_uid = inode->uid;
	st->st_gid = inode->gid;
	st->st_rdev = inode->rdev;
	st->st_size = inode_size(inode);
	st->st_blksize = (int)inode->super->block_size;
	st->st_blocks = (long)inode_blocks(inode);
	st->st_atime = inode->atime.sec;
	st->st_atime_nsec = inode->atime.nsec;
	st->st_mtime = inode->mtime.sec;
	st->st_mtime_nsec = inode->mtime.nsec;
	st->st_ctime = inode->ctime.sec;
	st->st_ctime_nsec = inode->ctime.nsec;
}

static long stat_to_user(struct inode *inode, unsigned long user)
{
	struct stat st;

	fill_stat(inode, &st);
	return copy_to_user((void __user *)user, &st, sizeof(st));
}

/* fstat(2), number 80. */
long sys_fstat(const struct syscall_args *args)
{
	struct file *file = fd_get_any((int)args->arg[0]);
	long ret;

	if (!file)
		return -EBADF;
	ret = stat_to_user(file->inode, args->arg[1]);
	fd_put(file);
	return ret;
}

static unsigned lookup_flags(unsigned at_flags)
{
	unsigned flags = at_flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;

	return at_flags & AT_EMPTY_PATH ? flags | LOOKUP_EMPTY : flags;
}

/* newfstatat(2), number 79. */
long sys_newfstatat(const struct syscall_args *args)
{
	int dirfd = (int)args->arg[0];
	unsigned flags = (unsigned)args->arg[3];
	struct syscall_args fstat_args = { { args->arg[0], args->arg[2] } };
	struct path_arg name;
	struct path path;
	long ret;

	if (flags & ~(unsigned)AT_FLAGS_STAT)
		return -EINVAL;
	ret = path_arg_get(&name, args->arg[1]);
	if (ret)
		return ret;
	if ((flags & AT_EMPTY_PATH) && !*name.name && dirfd >= 0) {
		/* As fstat(2), also of what has no name. */
		path_arg_put(&name);
		return sys_fstat(&fstat_args);
	}
	ret = path_lookup(dirfd, name.name, lookup_flags(flags), &path);
	path_arg_put(&name);
	if (ret)
		return ret;
	ret = stat_to_user(dentry_inode(path.dentry), args->arg[2]);
	path_put(&path);
	return ret;
}

static struct statx_timestamp statx_time(const struct fs_time *time)
{
	return (struct statx_timestamp){ .tv_sec = time->sec,
					 .tv_nsec = time->nsec };
}

static void fill_statx(struct inode *inode, bool is_mount_root,
		       struct statx *stx)
{
	uint64_t dev = inode->super->dev;

	if (inode->ops->getattr)
		inode->ops->getattr(inode);
	memset(stx, 0, sizeof(*stx));
	stx->stx_mask = STATX_BASIC_STATS | STATX_BTIME;
	stx->stx_attributes_mask = STATX_ATTR_MOUNT_ROOT;
	stx->stx_attributes = is_mount_root ? STATX_ATTR_MOUNT_ROOT : 0;
	stx->stx_blksize = inode->super->block_size;
	stx->stx_nlink = inode->nlink;
	stx->stx_uid = inode->uid;
	stx->stx_gid = inode->gid;
	stx->stx_mode = (uint16_t)inode->mode;
	stx->stx_ino = inode->ino;
	stx->stx_size = (uint64_t)inode_size(inode);
	stx->stx_blocks = inode_blocks(inode);
	stx->stx_atime = statx_time(&inode->atime);
	stx->stx_btime = statx_time(&inode->btime);
	stx->stx_ctime = statx_time(&inode->ctime);
	stx->stx_mtime = statx_time(&inode->mtime);
	stx->stx_rdev_major = dev_major(inode->rdev);
	stx->stx_rdev_minor = dev_minor(inode->rdev);
	stx->stx_dev_major = dev_major(dev);
	stx->stx_dev_minor = dev_minor(dev);
}

static long statx_to_user(struct inode *inode, bool is_mount_root,
			  unsigned long user)
{
	struct statx stx;

	fill_statx(inode, is_mount_root, &stx);
	return copy_to_user((void __user *)user, &stx, sizeof(stx));
}

static long statx_fd(int fd, unsigned long user)
{
	struct file *file = fd_get_any(fd);
	long ret;

	if (!file)
		return -EBADF;
	ret = statx_to_user(file->inode, false, user);
	fd_put(file);
	return ret;
}

/* statx(2), number 291.  All of the basic values come, asked for or not. */
long sys_statx(const struct syscall_args *args)
{
	int dirfd = (int)args->arg[0];
	unsigned flags = (unsigned)args->arg[2];
	struct path_arg name;
	struct path path;
	long ret;

	if (args->arg[3] & STATX__RESERVED)
		return -EINVAL;
	if (flags & ~(unsigned)(AT_FLAGS_STAT | AT_STATX_SYNC_TYPE) ||
	    (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	ret = path_arg_get(&name, args->arg[1]);
	if (ret)
		return ret;
	if ((flags & AT_EMPTY_PATH) && !*name.name && dirfd >= 0) {
		path_arg_put(&name);
		return statx_fd(dirfd, args->arg[4]);
	}
	ret = path_lookup(dirfd, name.name, lookup_flags(flags), &path);
	path_arg_put(&name);
	if (ret)
		return ret;
	ret = statx_to_user(dentry_inode(path.dentry),
			    path.dentry == path.mount->root, args->arg[4]);
	path_put(&path);
	return ret;
}

/* Links that lead to a place (procfs) are named by that place. */
static ssize_t read_magic_link(struct inode *inode, char *buf, size_t len)
{
	struct path target;
	ssize_t n;
	char *start;
	int ret;

	if (inode->ops->readlink) {
		n = inode->ops->readlink(inode, buf, len);
		if (n != -EINVAL)
			return n;
	}
	ret = inode->ops->follow(inode, &target);
	if (ret)
		return ret;
	start = path_to_string(&target, buf, len);
	path_put(&target);
	if (!start)
		return -ENAMETOOLONG;
	n = (ssize_t)strlen(start);
	memmove(buf, start, (size_t)n + 1);
	return n;
}

static long readlink_to_user(struct inode *inode, unsigned long user,
			     size_t len)
{
	char *buf;
	ssize_t n;

	if (!S_ISLNK(inode->mode))
		return -EINVAL;
	buf = kmalloc(PATH_MAX);
	if (!buf)
		return -ENOMEM;
	if (inode->ops->follow)
		n = read_magic_link(inode, buf, PATH_MAX);
	else
		n = inode->ops->readlink(inode, buf, PATH_MAX);
	if (n > 0) {
		n = (ssize_t)MIN((size_t)n, len);
		if (copy_to_user((void __user *)user, buf, (size_t)n))
			n = -EFAULT;
		else
			inode_touch_atime(inode);
	}
	kfree(buf);
	return n;
}

/* readlinkat(2), number 78.  "" is the descriptor's own link. */
long sys_readlinkat(const struct syscall_args *args)
{
	struct path_arg name;
	struct path path;
	long ret;

	if ((int)args->arg[3] <= 0)
		return -EINVAL;
	ret = path_arg_get(&name, args->arg[1]);
	if (ret)
		return ret;
	ret = path_lookup((int)args->arg[0], name.name, LOOKUP_EMPTY, &path);
	if (!ret) {
		ret = readlink_to_user(dentry_inode(path.dentry), args->arg[2],
				       args->arg[3]);
		if (ret == -EINVAL && !*name.name)
			ret = -ENOENT;
		path_put(&path);
	}
	path_arg_put(&name);
	return ret;
}

static long access_check(const struct path *path, unsigned mask)
{
	struct inode *inode = dentry_inode(path->dentry);
	int ret;

	if ((mask & MAY_EXEC) && S_ISREG(inode->mode) &&
	    (path->mount->flags & MS_NOEXEC))
		return -EACCES;
	ret = mask ? inode_permission(inode, mask) : 0;
	if (!ret && (mask & MAY_WRITE) &&
	    (S_ISREG(inode->mode) || S_ISDIR(inode->mode) ||
	     S_ISLNK(inode->mode)))
		ret = mount_check_write(path->mount);
	return ret;
}

/*
 * access(2) asks for the real user and group: until cred_restore() the task
 * acts as them.  *saved: what to restore, or NULL.
 */
static int cred_use_real(const struct cred **saved)
{
	const struct cred *cred = current_cred();
	struct cred *real;

	*saved = NULL;
	if (cred->uid == cred->fsuid && cred->gid == cred->fsgid)
		return 0;
	real = cred_copy(cred);
	if (!real)
		return -ENOMEM;
	real->fsuid = cred->uid;
	real->fsgid = cred->gid;
	real->cap_effective = cred->uid ? 0 : cred->cap_permitted;
	*saved = cred_get(cred);
	cred_install(real);
	return 0;
}

static long access_at(int dirfd, unsigned long user_name, unsigned mask,
		      unsigned flags)
{
	const struct cred *saved = NULL;
	struct path_arg name;
	struct path path;
	long ret;

	if (mask & ~7u)
		return -EINVAL;
	if (flags &
	    ~(unsigned)(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	ret = path_arg_get(&name, user_name);
	if (ret)
		return ret;
	if (!(flags & AT_EACCESS)) {
		ret = cred_use_real(&saved);
		if (ret)
			goto out_put_name;
	}
	ret = path_lookup(dirfd, name.name, lookup_flags(flags), &path);
	if (!ret) {
		ret = access_check(&path, mask);
		path_put(&path);
	}
	if (saved)
		cred_install(saved);
out_put_name:
	path_arg_put(&name);
	return ret;
}

/* faccessat(2), number 48: without flags. */
long sys_faccessat(const struct syscall_args *args)
{
	return access_at((int)args->arg[0], args->arg[1],
			 (unsigned)args->arg[2], 0);
}

/* faccessat2(2), number 439. */
long sys_faccessat2(const struct syscall_args *args)
{
	return access_at((int)args->arg[0], args->arg[1],
			 (unsigned)args->arg[2], (unsigned)args->arg[3]);
}

/* Flags of statfs(2) that a mount shows; ST_* are MS_* but for one. */
#define ST_VALID 0x20

static long statfs_to_user(const struct super *super, const struct mount *mount,
			   unsigned long user)
{
	struct fs_stat stat = { .block_size = super->block_size,
				.name_max = NAME_LEN_MAX };
	struct statfs64 out = { 0 };
	int ret = 0;

	if (super->ops->statfs)
		ret = super->ops->statfs((struct super *)super, &stat);
	if (ret)
		return ret;
	out.f_type = (long)stat.type;
	out.f_bsize = (long)stat.block_size;
	out.f_frsize = (long)stat.block_size;
	out.f_blocks = stat.blocks;
	out.f_bfree = stat.blocks_free;
	out.f_bavail = stat.blocks_avail;
	out.f_files = stat.files;
	out.f_ffree = stat.files_free;
	out.f_fsid.val[0] = (int)stat.fsid[0];
	out.f_fsid.val[1] = (int)stat.fsid[1];
	out.f_namelen = (long)stat.name_max;
	out.f_flags = ST_VALID;
	if (mount)
		out.f_flags |= mount->flags & 15;
	if (super->read_only)
		out.f_flags |= MS_RDONLY;
	return copy_to_user((void __user *)user, &out, sizeof(out));
}

/* statfs(2), number 43. */
long sys_statfs(const struct syscall_args *args)
{
	struct path path;
	long ret;

	ret = path_arg_lookup(AT_FDCWD, args->arg[0], LOOKUP_FOLLOW, &path);
	if (ret)
		return ret;
	ret = statfs_to_user(path.mount->super, path.mount, args->arg[1]);
	path_put(&path);
	return ret;
}

/* fstatfs(2), number 44. */
long sys_fstatfs(const struct syscall_args *args)
{
	struct file *file = fd_get_any((int)args->arg[0]);
	long ret;

	if (!file)
		return -EBADF;
	ret = statfs_to_user(file->inode->super, file->path.mount,
			     args->arg[1]);
	fd_put(file);
	return ret;
}
