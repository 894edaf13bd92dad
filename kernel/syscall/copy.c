// SPDX-License-Identifier: MIT
/*
 * From file to file: sendfile(2), copy_file_range(2), splice(2).  The bytes go
 * through a buffer of ours; no pages change hands.
 */
#include <syscall/handlers.h>

#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/thread.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <ipc/pipe.h>
#include <mm/iov_iter.h>
#include <mm/usercopy.h>
#include <proc/signal.h>

#include "iovec.h"

#define COPY_CHUNK   (4 * PAGE_SIZE)
#define SPLICE_FLAGS 15u /* SPLICE_F_*, in no UAPI header; only hints here */

/* One side of a copy. */
struct copy_end {
	struct file *file;
	off_t pos;
	off_t *pos_ptr;            /* &pos, or the file's own */
	unsigned long user_offset; /* where pos came from and goes to, or 0 */
};

static int end_get(struct copy_end *end, int fd, unsigned long user_offset)
{
	end->file = fd_get(fd);
	end->user_offset = user_offset;
	if (!end->file)
		return -EBADF;
	end->pos_ptr = &end->file->pos;
	if (!user_offset)
		return 0;
	end->pos_ptr = &end->pos;
	if (get_user(end->pos, (off_t __user *)user_offset))
		return -EFAULT;
	if (end->file->ops->stream)
		return -ESPIPE;
	return end->pos < 0 ? -EINVAL : 0;
}

/* Done: a moved offset goes back to the user. */
static long end_put(struct copy_end *end, long ret)
{
	if (!end->file)
		return ret;
	if (end->user_offset && ret > 0 &&
	    put_user(end->pos, (off_t __user *)end->user_offset))
		ret = -EFAULT;
	fd_put(end->file);
	return ret;
}

/*
 * At most len bytes (no more than the buffer), once.  What could not be
 * written is given back to the source, unless that is a stream.
 */
static ssize_t copy_chunk(struct copy_end *in, struct copy_end *out, char *buf,
			  size_t len)
{
	struct iov_iter iter;
	ssize_t n, written;

	iov_iter_kernel(&iter, buf, MIN(len, COPY_CHUNK));
	n = file_read(in->file, &iter, in->pos_ptr);
	if (n <= 0)
		return n;
	iov_iter_kernel(&iter, buf, (size_t)n);
	written = file_write(out->file, &iter, out->pos_ptr);
	if (written < n && !in->file->ops->stream)
		*in->pos_ptr -= n - MAX(written, 0);
	return written;
}

static long copy_all(struct copy_end *in, struct copy_end *out, size_t len)
{
	bool lock_in = false, lock_out = false;
	size_t done = 0;
	ssize_t n = 0;
	char *buf;

	buf = kmalloc(COPY_CHUNK);
	if (!buf)
		return -ENOMEM;
	if (in->pos_ptr != &in->pos)
		lock_in = file_pos_lock(in->file);
	/* The same rank twice is not ordered: streams need none anyhow. */
	if (out->pos_ptr != &out->pos && !lock_in)
		lock_out = file_pos_lock(out->file);
	while (done < len) {
		n = copy_chunk(in, out, buf, len - done);
		if (n <= 0)
			break;
		done += (size_t)n;
		if (signal_is_pending() || in->file->ops->stream)
			break;
		thread_resched_point();
	}
	file_pos_unlock(out->file, lock_out);
	file_pos_unlock(in->file, lock_in);
	kfree(buf);
	return done ? (long)done : n;
}

/* sendfile(2), number 71. */
long sys_sendfile(const struct syscall_args *args)
{
	struct copy_end in = { 0 }, out = { 0 };
	long ret;

	ret = end_get(&in, (int)args->arg[1], args->arg[2]);
	if (!ret)
		ret = end_get(&out, (int)args->arg[0], 0);
	if (!ret && (out.file->flags & O_APPEND))
		ret = -EINVAL;
	if (!ret)
		ret = copy_all(&in, &out, MIN(args->arg[3], RW_MAX));
	ret = end_put(&out, ret);
	return end_put(&in, ret);
}

static long copy_range_check(const struct copy_end *in,
			     const struct copy_end *out, size_t len)
{
	off_t from = *in->pos_ptr;
	off_t to = *out->pos_ptr;

	if (S_ISDIR(in->file->inode->mode) || S_ISDIR(out->file->inode->mode))
		return -EISDIR;
	if (!S_ISREG(in->file->inode->mode) || !S_ISREG(out->file->inode->mode))
		return -EINVAL;
	if (out->file->flags & O_APPEND)
		return -EBADF;
	if (in->file->inode == out->file->inode && from < to + (off_t)len &&
	    to < from + (off_t)len)
		return -EINVAL;
	return 0;
}

/* copy_file_range(2), number 285. */
long sys_copy_file_range(const struct syscall_args *args)
{
	size_t len = MIN(args->arg[4], RW_MAX);
	struct copy_end in = { 0 }, out = { 0 };
	long ret;

	if (args->arg[5])
		return -EINVAL;
	ret = end_get(&in, (int)args->arg[0], args->arg[1]);
	if (!ret)
		ret = end_get(&out, (int)args->arg[2], args->arg[3]);
	if (!ret)
		ret = copy_range_check(&in, &out, len);
	if (!ret)
		ret = copy_all(&in, &out, len);
	ret = end_put(&out, ret);
	return end_put(&in, ret);
}

/* What was taken out of a pipe must find room on the other side. */
static long splice_limit(const struct copy_end *out, size_t len)
{
	long room = pipe_get_room(out->file);

	if (room < 0)
		return (long)len;
	if (room == 0 && (out->file->flags & O_NONBLOCK))
		return -EAGAIN;
	return (long)MIN(len, room ? (size_t)room : PIPE_BUF);
}

/* splice(2), number 76: one of the two is a pipe. */
long sys_splice(const struct syscall_args *args)
{
	struct copy_end in = { 0 }, out = { 0 };
	long ret;

	if (args->arg[5] & ~(unsigned long)SPLICE_FLAGS)
		return -EINVAL;
	ret = end_get(&in, (int)args->arg[0], args->arg[1]);
	if (!ret)
		ret = end_get(&out, (int)args->arg[2], args->arg[3]);
	if (!ret && pipe_get_size(in.file) < 0 && pipe_get_size(out.file) < 0)
		ret = -EINVAL;
	if (!ret) {
		ret = splice_limit(&out, MIN(args->arg[4], RW_MAX));
		if (ret > 0)
			ret = copy_all(&in, &out, (size_t)ret);
	}
	ret = end_put(&out, ret);
	return end_put(&in, ret);
}
