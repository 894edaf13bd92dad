// SPDX-License-Identifier: MIT
/* Mounting and writing back: mount(2), umount2(2), sync(2) and its kin. */
#include <syscall/handlers.h>

#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/mount.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/mount.h>
#include <mm/pagecache.h>
#include <mm/usercopy.h>

#include "path_arg.h"

#define OPTIONS_MAX 4096
#define SYNC_FLAGS                                                             \
	(SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |                 \
	 SYNC_FILE_RANGE_WAIT_AFTER)

/* An optional string of a user, as path_arg_get(). */
static int optional_get(struct path_arg *arg, unsigned long user)
{
	if (user)
		return path_arg_get(arg, user);
	arg->name = NULL;
	arg->allocated = NULL;
	return 0;
}

/* Options are a string; what is not one (binary data) is cut. */
static int options_get(char **options, unsigned long user)
{
	ssize_t len;

	*options = NULL;
	if (!user)
		return 0;
	*options = kzalloc(OPTIONS_MAX);
	if (!*options)
		return -ENOMEM;
	len = copy_string_from_user(*options, (const char __user *)user,
				    OPTIONS_MAX);
	if (len == -EFAULT) {
		kfree(*options);
		return -EFAULT;
	}
	(*options)[OPTIONS_MAX - 1] = '\0';
	return 0;
}

/* mount(2), number 40. */
long sys_mount(const struct syscall_args *args)
{
	struct path_arg source, target, type;
	char *options;
	long ret;

	ret = optional_get(&type, args->arg[2]);
	if (ret)
		return ret;
	ret = optional_get(&source, args->arg[0]);
	if (ret)
		goto out_put_type;
	ret = options_get(&options, args->arg[4]);
	if (ret)
		goto out_put_source;
	ret = path_arg_get(&target, args->arg[1]);
	if (ret)
		goto out_free_options;
	ret = fs_mount(source.name, target.name, type.name, args->arg[3],
		       options);
	path_arg_put(&target);
out_free_options:
	kfree(options);
out_put_source:
	path_arg_put(&source);
out_put_type:
	path_arg_put(&type);
	return ret;
}

/* umount2(2), number 39. */
long sys_umount2(const struct syscall_args *args)
{
	struct path_arg target;
	long ret;

	ret = path_arg_get(&target, args->arg[0]);
	if (ret)
		return ret;
	ret = fs_umount(target.name, (unsigned)args->arg[1]);
	path_arg_put(&target);
	return ret;
}

/* sync(2), number 81: errors are for fsync(2) to tell. */
long sys_sync(const struct syscall_args *args)
{
	(void)args;
	(void)fs_sync_all(true);
	return 0;
}

/* syncfs(2), number 267. */
long sys_syncfs(const struct syscall_args *args)
{
	struct file *file = fd_get((int)args->arg[0]);
	long ret;

	if (!file)
		return -EBADF;
	ret = super_sync(file->inode->super, true);
	fd_put(file);
	return ret;
}

static long sync_fd(int fd, bool data_only)
{
	struct file *file = fd_get(fd);
	long ret;

	if (!file)
		return -EBADF;
	ret = -EINVAL;
	if (file->ops->fsync)
		ret = file->ops->fsync(file, 0, INT64_MAX, data_only);
	fd_put(file);
	return ret;
}

/* fsync(2), number 82. */
long sys_fsync(const struct syscall_args *args)
{
	return sync_fd((int)args->arg[0], false);
}

/* fdatasync(2), number 83. */
long sys_fdatasync(const struct syscall_args *args)
{
	return sync_fd((int)args->arg[0], true);
}

/* sync_file_range(2), number 84.  Length 0 is up to the end. */
long sys_sync_file_range(const struct syscall_args *args)
{
	off_t offset = (off_t)args->arg[1];
	off_t len = (off_t)args->arg[2];
	unsigned flags = (unsigned)args->arg[3];
	uint64_t last = UINT64_MAX;
	struct file *file;
	long ret;

	if (flags & ~(unsigned)SYNC_FLAGS || offset < 0 || len < 0 ||
	    len > INT64_MAX - offset)
		return -EINVAL;
	file = fd_get((int)args->arg[0]);
	if (!file)
		return -EBADF;
	ret = -ESPIPE;
	if (S_ISREG(file->inode->mode) || S_ISBLK(file->inode->mode)) {
		if (len)
			last = (uint64_t)(offset + len - 1) >> PAGE_SHIFT;
		ret = pagecache_sync(&file->inode->mapping,
				     (uint64_t)offset >> PAGE_SHIFT, last,
				     flags & ~(unsigned)SYNC_FILE_RANGE_WRITE);
	}
	fd_put(file);
	return ret;
}
