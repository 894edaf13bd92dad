// SPDX-License-Identifier: MIT
/*
 * Names: getdents64(2), mkdirat(2), mknodat(2), unlinkat(2), symlinkat(2),
 * linkat(2), renameat2(2), and where a process is: chdir(2), fchdir(2),
 * getcwd(2), chroot(2), umask(2).
 */
#include <syscall/handlers.h>

#include <string.h>

#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <mm/usercopy.h>
#include <proc/cred.h>

#include "path_arg.h"

/* Linux's struct linux_dirent64, which no UAPI header has. */
struct dirent64 {
	uint64_t ino;
	int64_t next_pos;
	uint16_t len; /* of this entry, a multiple of eight */
	uint8_t type;
	char name[];
};
#define DIRENT64_HEAD 19
#define DIRENT64_MAX  ALIGN_UP(DIRENT64_HEAD + NAME_LEN_MAX + 1, 8u)

struct getdents {
	struct dir_context ctx;
	char __user *buf;
	size_t left;
	int error; /* why emit stopped, if nothing was emitted */
};

static bool getdents_emit(struct dir_context *ctx, const char *name, size_t len,
			  off_t next_pos, uint64_t ino, unsigned type)
{
	struct getdents *get = (struct getdents *)ctx;
	union {
		struct dirent64 entry;
		char bytes[DIRENT64_MAX];
	} out;
	size_t size = ALIGN_UP(DIRENT64_HEAD + len + 1, 8ul);

	if (len > NAME_LEN_MAX) {
		get->error = -EIO;
		return false;
	}
	if (size > get->left) {
		get->error = -EINVAL; /* not even one fits */
		return false;
	}
	out.entry.ino = ino;
	out.entry.next_pos = next_pos;
	out.entry.len = (uint16_t)size;
	out.entry.type = (uint8_t)type;
	memcpy(out.bytes + DIRENT64_HEAD, name, len);
	memset(out.bytes + DIRENT64_HEAD + len, 0, size - DIRENT64_HEAD - len);
	if (copy_to_user(get->buf, out.bytes, size)) {
		get->error = -EFAULT;
		return false;
	}
	get->buf += size;
	get->left -= size;
	return true;
}

/* getdents64(2), number 61. */
long sys_getdents64(const struct syscall_args *args)
{
	struct file *file = fd_get((int)args->arg[0]);
	size_t len = (unsigned)args->arg[2];
	struct getdents get = {
		.ctx = { .emit = getdents_emit },
		.buf = (char __user *)args->arg[1],
		.left = len,
	};
	long ret;

	if (!file)
		return -EBADF;
	ret = file_readdir(file, &get.ctx);
	fd_put(file);
	if (get.left < len)
		return (long)(len - get.left);
	return ret ? ret : get.error;
}

/* mkdirat(2), number 34. */
long sys_mkdirat(const struct syscall_args *args)
{
	struct path_arg name;
	long ret;

	ret = path_arg_get(&name, args->arg[1]);
	if (ret)
		return ret;
	ret = fs_mkdir((int)args->arg[0], name.name, (uint32_t)args->arg[2]);
	path_arg_put(&name);
	return ret;
}

/* mknodat(2), number 33. */
long sys_mknodat(const struct syscall_args *args)
{
	struct path_arg name;
	long ret;

	ret = path_arg_get(&name, args->arg[1]);
	if (ret)
		return ret;
	ret = fs_mknod((int)args->arg[0], name.name, (uint32_t)args->arg[2],
		       (uint32_t)args->arg[3]);
	path_arg_put(&name);
	return ret;
}

/* unlinkat(2), number 35. */
long sys_unlinkat(const struct syscall_args *args)
{
	unsigned flags = (unsigned)args->arg[2];
	struct path_arg name;
	long ret;

	if (flags & ~(unsigned)AT_REMOVEDIR)
		return -EINVAL;
	ret = path_arg_get(&name, args->arg[1]);
	if (ret)
		return ret;
	if (flags & AT_REMOVEDIR)
		ret = fs_rmdir((int)args->arg[0], name.name);
	else
		ret = fs_unlink((int)args->arg[0], name.name);
	path_arg_put(&name);
	return ret;
}

/* symlinkat(2), number 36. */
long sys_symlinkat(const struct syscall_args *args)
{
	struct path_arg_pair names;
	long ret;

	ret = path_arg_pair_get(&names, args->arg[0], args->arg[2]);
	if (ret)
		return ret;
	ret = fs_symlink(names.old.name, (int)args->arg[1], names.new.name);
	path_arg_pair_put(&names);
	return ret;
}

/* linkat(2), number 37. */
long sys_linkat(const struct syscall_args *args)
{
	unsigned flags = (unsigned)args->arg[4];
	struct path_arg_pair names;
	unsigned lookup = 0;
	long ret;

	if (flags & ~(unsigned)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if ((flags & AT_EMPTY_PATH) && !capable(CAP_DAC_READ_SEARCH))
		return -ENOENT;
	if (flags & AT_SYMLINK_FOLLOW)
		lookup |= LOOKUP_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	ret = path_arg_pair_get(&names, args->arg[1], args->arg[3]);
	if (ret)
		return ret;
	ret = fs_link((int)args->arg[0], names.old.name, (int)args->arg[2],
		      names.new.name, lookup);
	path_arg_pair_put(&names);
	return ret;
}

/* renameat2(2), number 276. */
long sys_renameat2(const struct syscall_args *args)
{
	struct path_arg_pair names;
	long ret;

	ret = path_arg_pair_get(&names, args->arg[1], args->arg[3]);
	if (ret)
		return ret;
	ret = fs_rename((int)args->arg[0], names.old.name, (int)args->arg[2],
			names.new.name, (unsigned)args->arg[4]);
	path_arg_pair_put(&names);
	return ret;
}

static long change_dir(const struct path *path)
{
	struct inode *inode = dentry_inode(path->dentry);
	int ret;

	if (!S_ISDIR(inode->mode))
		return -ENOTDIR;
	ret = inode_permission(inode, MAY_EXEC);
	if (!ret)
		fs_context_set_cwd(fs_context_current(), path);
	return ret;
}

/* chdir(2), number 49. */
long sys_chdir(const struct syscall_args *args)
{
	struct path path;
	long ret;

	ret = path_arg_lookup(AT_FDCWD, args->arg[0],
			      LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);
	if (ret)
		return ret;
	ret = change_dir(&path);
	path_put(&path);
	return ret;
}

/* fchdir(2), number 50. */
long sys_fchdir(const struct syscall_args *args)
{
	struct file *file = fd_get_any((int)args->arg[0]);
	long ret;

	if (!file)
		return -EBADF;
	ret = file->path.mount ? change_dir(&file->path) : -ENOTDIR;
	fd_put(file);
	return ret;
}

/* chroot(2), number 51. */
long sys_chroot(const struct syscall_args *args)
{
	struct path path;
	long ret;

	ret = path_arg_lookup(AT_FDCWD, args->arg[0],
			      LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);
	if (ret)
		return ret;
	ret = inode_permission(dentry_inode(path.dentry), MAY_EXEC);
	if (!ret && !capable(CAP_SYS_CHROOT))
		ret = -EPERM;
	if (!ret)
		fs_context_set_root(fs_context_current(), &path);
	path_put(&path);
	return ret;
}

/* getcwd(2), number 17: the length with the NUL. */
long sys_getcwd(const struct syscall_args *args)
{
	struct fs_context *ctx = fs_context_current();
	struct path cwd;
	size_t len;
	char *buf, *start;
	long ret;

	buf = kmalloc(PATH_MAX);
	if (!buf)
		return -ENOMEM;
	spin_lock(&ctx->lock);
	cwd = ctx->cwd;
	path_get(&cwd);
	spin_unlock(&ctx->lock);

	ret = -ENOENT;
	if (dentry_inode(cwd.dentry)->nlink == 0)
		goto out;
	ret = -ENAMETOOLONG;
	start = path_to_string(&cwd, buf, PATH_MAX);
	if (!start)
		goto out;
	len = strlen(start) + 1;
	ret = -ERANGE;
	if (len <= args->arg[1])
		ret = copy_to_user((void __user *)args->arg[0], start, len)
			      ? -EFAULT
			      : (long)len;
out:
	path_put(&cwd);
	kfree(buf);
	return ret;
}

/* umask(2), number 166. */
long sys_umask(const struct syscall_args *args)
{
	struct fs_context *ctx = fs_context_current();
	uint32_t old;

	spin_lock(&ctx->lock);
	old = ctx->umask;
	ctx->umask = (uint32_t)args->arg[0] & 0777;
	spin_unlock(&ctx->lock);
	return old;
}
