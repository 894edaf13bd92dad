// SPDX-License-Identifier: MIT
/* pipe2(2). */
#include <syscall/handlers.h>

#include <linux/fcntl.h>

#include <lib/errno.h>

#include <fs/file.h>
#include <ipc/pipe.h>
#include <mm/usercopy.h>

/* pipe2(2), number 59: descriptors into arg[0], the read end first. */
long sys_pipe2(const struct syscall_args *args)
{
	unsigned flags = (unsigned)args->arg[1];
	struct file *ends[2];
	int fds[2];
	int ret;

	if (flags & ~(unsigned)(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		return -EINVAL;
	/* Packet mode, which nobody uses. */
	if (flags & O_DIRECT)
		return -EINVAL;
	ret = pipe_create(flags, ends);
	if (ret)
		return ret;
	ret = fd_reserve(0, fds, 2);
	if (ret)
		goto err_put_ends;

	/* Reserved descriptors are not visible yet: a bad pointer undoes all. */
	ret = copy_to_user((void __user *)args->arg[0], fds, sizeof(fds));
	if (ret)
		goto err_release_fds;
	fd_install(fds[0], ends[0], flags & O_CLOEXEC);
	fd_install(fds[1], ends[1], flags & O_CLOEXEC);
	return 0;

err_release_fds:
	fd_release(fds, 2);
err_put_ends:
	file_put(ends[0]);
	file_put(ends[1]);
	return ret;
}
