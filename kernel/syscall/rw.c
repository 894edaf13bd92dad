// SPDX-License-Identifier: MIT
/*
 * Reading and writing: read(2), write(2), readv(2), pread(2) and their kin,
 * lseek(2).
 */
#include <syscall/handlers.h>

#include <linux/fs.h>

#include <lib/errno.h>

#include <fs/file.h>
#include <fs/inode.h>
#include <mm/iov_iter.h>
#include <mm/usercopy.h>

#include "iovec.h"

#define RWF_IGNORED 1ul /* RWF_HIPRI, whose definition sparse refuses */

typedef ssize_t rw_fn(struct file *file, struct iov_iter *iter, off_t *pos);

/* One user buffer, checked.  Lengths above the limit are cut, as on Linux. */
static int buffer_get(struct iov_iter *iter, unsigned long addr, size_t len)
{
	void __user *buf = (void __user *)addr;

	if (unlikely((ssize_t)len < 0))
		return -EINVAL;
	if (unlikely(!user_range_ok(buf, len)))
		return -EFAULT;
	iov_iter_user(iter, buf, MIN(len, RW_MAX));
	return 0;
}

/* read(2), number 63. */
long sys_read(const struct syscall_args *args)
{
	struct file *file = fd_get((int)args->arg[0]);
	struct iov_iter to;
	ssize_t ret;

	if (unlikely(!file))
		return -EBADF;
	ret = buffer_get(&to, args->arg[1], args->arg[2]);
	if (likely(!ret))
		ret = file_read_pos(file, &to);
	fd_put(file);
	return ret;
}

/* write(2), number 64. */
long sys_write(const struct syscall_args *args)
{
	struct file *file = fd_get((int)args->arg[0]);
	struct iov_iter from;
	ssize_t ret;

	if (unlikely(!file))
		return -EBADF;
	ret = buffer_get(&from, args->arg[1], args->arg[2]);
	if (likely(!ret))
		ret = file_write_pos(file, &from);
	fd_put(file);
	return ret;
}

/* At a given place; streams have none. */
static long rw_at(int fd, struct iov_iter *iter, off_t pos, rw_fn *rw)
{
	struct file *file;
	ssize_t ret;

	if (pos < 0)
		return -EINVAL;
	file = fd_get(fd);
	if (!file)
		return -EBADF;
	ret = file->ops->stream ? -ESPIPE : rw(file, iter, &pos);
	fd_put(file);
	return ret;
}

/* pread64(2), number 67. */
long sys_pread64(const struct syscall_args *args)
{
	struct iov_iter to;
	int ret = buffer_get(&to, args->arg[1], args->arg[2]);

	return ret ? ret
		   : rw_at((int)args->arg[0], &to, (off_t)args->arg[3],
			   file_read);
}

/* pwrite64(2), number 68. */
long sys_pwrite64(const struct syscall_args *args)
{
	struct iov_iter from;
	int ret = buffer_get(&from, args->arg[1], args->arg[2]);

	return ret ? ret
		   : rw_at((int)args->arg[0], &from, (off_t)args->arg[3],
			   file_write);
}

/* At the file's own position. */
static long vector_rw(const struct syscall_args *args,
		      ssize_t (*rw)(struct file *file, struct iov_iter *iter))
{
	struct file *file = fd_get((int)args->arg[0]);
	struct iovec_arg vec;
	ssize_t ret;

	if (!file)
		return -EBADF;
	ret = iovec_arg_get(&vec, args->arg[1], args->arg[2]);
	if (!ret) {
		ret = rw(file, &vec.iter);
		iovec_arg_put(&vec);
	}
	fd_put(file);
	return ret;
}

/* readv(2), number 65. */
long sys_readv(const struct syscall_args *args)
{
	return vector_rw(args, file_read_pos);
}

/* writev(2), number 66. */
long sys_writev(const struct syscall_args *args)
{
	return vector_rw(args, file_write_pos);
}

static long vector_at(const struct syscall_args *args, rw_fn *rw)
{
	struct iovec_arg vec;
	long ret;

	ret = iovec_arg_get(&vec, args->arg[1], args->arg[2]);
	if (ret)
		return ret;
	ret = rw_at((int)args->arg[0], &vec.iter, (off_t)args->arg[3], rw);
	iovec_arg_put(&vec);
	return ret;
}

/* preadv(2), number 69. */
long sys_preadv(const struct syscall_args *args)
{
	return vector_at(args, file_read);
}

/* pwritev(2), number 70. */
long sys_pwritev(const struct syscall_args *args)
{
	return vector_at(args, file_write);
}

/*
 * A position of -1 is the file's own.  Of the flags RWF_HIPRI may be ignored;
 * the others are -EOPNOTSUPP.
 */
static long vector_at_flags(const struct syscall_args *args, bool is_write)
{
	if (args->arg[5] & ~RWF_IGNORED)
		return -EOPNOTSUPP;
	if ((long)args->arg[3] == -1)
		return is_write ? sys_writev(args) : sys_readv(args);
	return vector_at(args, is_write ? file_write : file_read);
}

/* preadv2(2), number 286. */
long sys_preadv2(const struct syscall_args *args)
{
	return vector_at_flags(args, false);
}

/* pwritev2(2), number 287. */
long sys_pwritev2(const struct syscall_args *args)
{
	return vector_at_flags(args, true);
}

/* lseek(2), number 62. */
long sys_lseek(const struct syscall_args *args)
{
	struct file *file = fd_get((int)args->arg[0]);
	off_t ret;

	if (!file)
		return -EBADF;
	ret = args->arg[2] > SEEK_MAX
		      ? -EINVAL
		      : file_seek(file, (off_t)args->arg[1], (int)args->arg[2]);
	fd_put(file);
	return ret;
}
