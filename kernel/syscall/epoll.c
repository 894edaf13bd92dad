// SPDX-License-Identifier: MIT
/* epoll_create1(2), epoll_ctl(2), epoll_pwait(2), epoll_pwait2(2). */
#include <syscall/handlers.h>

#include <linux/eventpoll.h>
#include <linux/time_types.h>

#include <lib/errno.h>

#include <core/time.h>
#include <fs/eventpoll.h>
#include <fs/file.h>
#include <mm/usercopy.h>

#include "call_mask.h"
#include "user_times.h"

/* epoll_create1(2), number 20. */
long sys_epoll_create1(const struct syscall_args *args)
{
	unsigned flags = (unsigned)args->arg[0];
	struct file *file;
	int fd, ret;

	if (flags & ~(unsigned)EPOLL_CLOEXEC)
		return -EINVAL;
	ret = eventpoll_create(&file);
	if (ret)
		return ret;
	ret = fd_reserve(0, &fd, 1);
	if (ret) {
		file_put(file);
		return ret;
	}
	fd_install(fd, file, flags & EPOLL_CLOEXEC);
	return fd;
}

/* epoll_ctl(2), number 21. */
long sys_epoll_ctl(const struct syscall_args *args)
{
	int op = (int)args->arg[1];
	int fd = (int)args->arg[2];
	struct epoll_event event = { 0 };
	struct file *epoll, *file;
	long ret = -EBADF;

	if (op != EPOLL_CTL_DEL &&
	    copy_from_user(&event, (void __user *)args->arg[3], sizeof(event)))
		return -EFAULT;
	epoll = fd_get((int)args->arg[0]);
	if (!epoll)
		return -EBADF;
	file = fd_get(fd);
	if (file) {
		ret = eventpoll_control(epoll, op, file, fd, &event);
		fd_put(file);
	}
	fd_put(epoll);
	return ret;
}

static long wait_user(const struct syscall_args *args, int64_t timeout_ns)
{
	int max = (int)args->arg[2];
	struct epoll_event events[EVENTPOLL_BATCH];
	struct file *epoll;
	long n;

	if (max <= 0)
		return -EINVAL;
	epoll = fd_get((int)args->arg[0]);
	if (!epoll)
		return -EBADF;
	n = call_mask_begin(args->arg[4], args->arg[5]);
	if (!n) {
		n = eventpoll_wait(epoll, events, (unsigned)max, timeout_ns);
		call_mask_end(args->arg[4], n);
	}
	fd_put(epoll);
	if (n > 0 && copy_to_user((void __user *)args->arg[1], events,
				  (size_t)n * sizeof(events[0])))
		return -EFAULT;
	return n;
}

/* epoll_pwait(2), number 22: the timeout is in milliseconds. */
long sys_epoll_pwait(const struct syscall_args *args)
{
	int64_t timeout_ms = (int)args->arg[3];

	return wait_user(args, timeout_ms < 0
				       ? -1
				       : timeout_ms * (int64_t)NSEC_PER_MSEC);
}

/* epoll_pwait2(2), number 441: the timeout is a struct timespec, or NULL. */
long sys_epoll_pwait2(const struct syscall_args *args)
{
	struct __kernel_timespec ts;
	uint64_t ns;

	if (!args->arg[3])
		return wait_user(args, -1);
	if (copy_from_user(&ts, (void __user *)args->arg[3], sizeof(ts)))
		return -EFAULT;
	if (!timespec_to_ns(&ts, &ns))
		return -EINVAL;
	return wait_user(args, (int64_t)ns);
}
