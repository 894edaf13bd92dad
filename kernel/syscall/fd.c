// SPDX-License-Identifier: MIT
/*
 * What is done with descriptors: dup(2), dup3(2), fcntl(2), flock(2),
 * ioctl(2).
 */
#include <syscall/handlers.h>

#include <asm/ioctls.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/memfd.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <fs/file.h>
#include <fs/inode.h>
#include <fs/locks.h>
#include <ipc/pipe.h>
#include <linux/resource.h>
#include <mm/usercopy.h>
#include <proc/signal.h>
#include <proc/task.h>

/* What F_SETFL may change. */
#define SETFL_FLAGS (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME | FASYNC)

static long dup_from(struct file *file, int min, bool cloexec)
{
	int fd, ret;

	if (min < 0 || (uint64_t)min >= rlimit_get(RLIMIT_NOFILE))
		return -EINVAL;
	ret = fd_reserve(min, &fd, 1);
	if (ret)
		return ret;
	fd_install(fd, file_get(file), cloexec);
	return fd;
}

/* dup(2), number 23. */
long sys_dup(const struct syscall_args *args)
{
	struct file *file = fd_get_any((int)args->arg[0]);
	long ret;

	if (!file)
		return -EBADF;
	ret = dup_from(file, 0, false);
	fd_put(file);
	return ret;
}

/* dup3(2), number 24. */
long sys_dup3(const struct syscall_args *args)
{
	int old_fd = (int)args->arg[0];
	int new_fd = (int)args->arg[1];
	unsigned flags = (unsigned)args->arg[2];
	struct file *file;
	long ret;

	if (flags & ~(unsigned)O_CLOEXEC)
		return -EINVAL;
	if (old_fd == new_fd)
		return -EINVAL;
	if (new_fd < 0)
		return -EBADF;
	file = fd_get_any(old_fd);
	if (!file)
		return -EBADF;
	ret = fd_replace(new_fd, file, flags & O_CLOEXEC);
	fd_put(file);
	return ret;
}

static long set_flags(struct file *file, unsigned flags)
{
	if ((flags & O_NOATIME) && !(file->flags & O_NOATIME) &&
	    !inode_owner_or_capable(file->inode))
		return -EPERM;
	file->flags =
		(file->flags & ~(unsigned)SETFL_FLAGS) | (flags & SETFL_FLAGS);
	return 0;
}

static long posix_lock(struct file *file, unsigned cmd, unsigned long arg)
{
	struct flock __user *user = (struct flock __user *)arg;
	struct flock lock;
	long ret;

	if (copy_from_user(&lock, user, sizeof(lock)))
		return -EFAULT;
	switch (cmd) {
	case F_GETLK:
		ret = file_lock_get(file, &lock, current->files);
		break;
	case F_OFD_GETLK:
		ret = lock.l_pid ? -EINVAL : file_lock_get(file, &lock, file);
		break;
	case F_SETLK:
	case F_SETLKW:
		ret = file_lock_set(file, &lock, current->files,
				    cmd == F_SETLKW);
		break;
	default:
		ret = lock.l_pid ? -EINVAL
				 : file_lock_set(file, &lock, file,
						 cmd == F_OFD_SETLKW);
		break;
	}
	if (!ret && (cmd == F_GETLK || cmd == F_OFD_GETLK))
		ret = copy_to_user(user, &lock, sizeof(lock));
	return ret;
}

/* What an O_PATH file can do, too. */
static long fcntl_any(int fd, struct file *file, unsigned cmd,
		      unsigned long arg)
{
	switch (cmd) {
	case F_DUPFD:
		return dup_from(file, (int)arg, false);
	case F_DUPFD_CLOEXEC:
		return dup_from(file, (int)arg, true);
	case F_GETFD:
		return fd_get_cloexec(fd);
	case F_SETFD:
		return fd_set_cloexec(fd, arg & FD_CLOEXEC);
	case F_GETFL:
		return file->flags | O_LARGEFILE;
	default:
		return -EBADF;
	}
}

static long fcntl_open(struct file *file, unsigned cmd, unsigned long arg)
{
	switch (cmd) {
	case F_SETFL:
		return set_flags(file, (unsigned)arg);
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return posix_lock(file, cmd, arg);
	case F_GETOWN:
		return file->owner;
	case F_SETOWN:
		file->owner = (int)arg;
		return 0;
	case F_GETPIPE_SZ:
		return pipe_get_size(file);
	case F_SETPIPE_SZ:
		return pipe_set_size(file, (unsigned)arg);
	default:
		return -EINVAL;
	}
}

/* fcntl(2), number 25. */
long sys_fcntl(const struct syscall_args *args)
{
	int fd = (int)args->arg[0];
	unsigned cmd = (unsigned)args->arg[1];
	struct file *file = fd_get_any(fd);
	long ret;

	if (!file)
		return -EBADF;
	ret = fcntl_any(fd, file, cmd, args->arg[2]);
	if (ret == -EBADF && !(file->mode & FMODE_PATH))
		ret = fcntl_open(file, cmd, args->arg[2]);
	fd_put(file);
	return ret;
}

/* flock(2), number 32. */
long sys_flock(const struct syscall_args *args)
{
	unsigned op = (unsigned)args->arg[1];
	struct file *file = fd_get((int)args->arg[0]);
	long ret;

	if (!file)
		return -EBADF;
	ret = file_flock(file, op);
	fd_put(file);
	return ret;
}

static long ioctl_readable(struct file *file, unsigned long arg)
{
	int left;

	if (!S_ISREG(file->inode->mode))
		return -ENOTTY;
	left = (int)(inode_size(file->inode) - file->pos);
	return put_user(left, (int __user *)arg);
}

static long ioctl_nonblock(struct file *file, unsigned long arg)
{
	int on;

	if (get_user(on, (int __user *)arg))
		return -EFAULT;
	if (on)
		file->flags |= O_NONBLOCK;
	else
		file->flags &= ~(unsigned)O_NONBLOCK;
	return 0;
}

/* ioctl(2), number 29: what holds for all files, then the file's own. */
long sys_ioctl(const struct syscall_args *args)
{
	int fd = (int)args->arg[0];
	unsigned cmd = (unsigned)args->arg[1];
	struct file *file = fd_get(fd);
	long ret;

	if (!file)
		return -EBADF;
	switch (cmd) {
	case FIOCLEX:
	case FIONCLEX:
		ret = fd_set_cloexec(fd, cmd == FIOCLEX);
		break;
	case FIONBIO:
		ret = ioctl_nonblock(file, args->arg[2]);
		break;
	default:
		ret = -ENOTTY;
		if (file->ops->ioctl)
			ret = file->ops->ioctl(file, cmd, args->arg[2]);
		else if (cmd == FIONREAD)
			ret = ioctl_readable(file, args->arg[2]);
		break;
	}
	fd_put(file);
	return ret;
}
