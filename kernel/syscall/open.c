// SPDX-License-Identifier: MIT
/* Opening and closing: openat(2), openat2(2), close(2), close_range(2). */
#include <syscall/handlers.h>

#include <linux/close_range.h>
#include <linux/fcntl.h>
#include <linux/openat2.h>

#include <lib/errno.h>

#include <fs/file.h>
#include <fs/inode.h>
#include <mm/usercopy.h>

#include "path_arg.h"
#include "user_struct.h"

#define OPEN_FLAGS_KNOWN                                                       \
	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND |        \
	 O_NONBLOCK | O_DSYNC | FASYNC | O_DIRECT | O_LARGEFILE |              \
	 O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | __O_SYNC |         \
	 O_PATH | __O_TMPFILE)

static long open_fd(int dirfd, unsigned long user_name, unsigned flags,
		    uint32_t mode, unsigned resolve)
{
	struct path_arg name;
	struct file *file;
	int fd, ret;

	ret = path_arg_get(&name, user_name);
	if (ret)
		return ret;
	ret = fd_reserve(0, &fd, 1);
	if (ret)
		goto out_put_name;
	ret = file_open_resolve(dirfd, name.name, flags, mode, resolve, &file);
	if (ret) {
		fd_release(&fd, 1);
		goto out_put_name;
	}
	fd_install(fd, file, flags & O_CLOEXEC);
	ret = fd;
out_put_name:
	path_arg_put(&name);
	return ret;
}

/* openat(2), number 56.  Unknown flags are ignored, as Linux does. */
long sys_openat(const struct syscall_args *args)
{
	unsigned flags = (unsigned)args->arg[2] & OPEN_FLAGS_KNOWN;

	return open_fd((int)args->arg[0], args->arg[1], flags,
		       (uint32_t)args->arg[3] & 07777, 0);
}

static int resolve_flags(uint64_t resolve, unsigned *flags)
{
	static const struct {
		unsigned resolve, lookup;
	} map[] = {
		{ RESOLVE_NO_XDEV, LOOKUP_NO_XDEV },
		{ RESOLVE_NO_MAGICLINKS, LOOKUP_NO_MAGIC },
		{ RESOLVE_NO_SYMLINKS, LOOKUP_NO_SYMLINKS },
		{ RESOLVE_BENEATH, LOOKUP_BENEATH },
		{ RESOLVE_IN_ROOT, LOOKUP_IN_ROOT },
	};

	*flags = 0;
	for (size_t i = 0; i < ARRAY_SIZE(map); i++) {
		if (resolve & map[i].resolve)
			*flags |= map[i].lookup;
		resolve &= ~(uint64_t)map[i].resolve;
	}
	/* We cannot know beforehand what the cache would answer. */
	if (resolve == RESOLVE_CACHED)
		return -EAGAIN;
	if (resolve || ((*flags & LOOKUP_BENEATH) && (*flags & LOOKUP_IN_ROOT)))
		return -EINVAL;
	return 0;
}

/* openat2(2), number 437. */
long sys_openat2(const struct syscall_args *args)
{
	struct open_how how;
	unsigned resolve;
	int ret;

	ret = copy_struct_from_user(&how, sizeof(how), args->arg[2],
				    args->arg[3], sizeof(how));
	if (ret)
		return ret;
	if (how.flags & ~(uint64_t)OPEN_FLAGS_KNOWN)
		return -EINVAL;
	if (how.mode & ~(uint64_t)07777 ||
	    (how.mode && !(how.flags & (O_CREAT | __O_TMPFILE))))
		return -EINVAL;
	if ((how.flags & O_PATH) &&
	    (how.flags &
	     ~(uint64_t)(O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)))
		return -EINVAL;
	ret = resolve_flags(how.resolve, &resolve);
	if (ret)
		return ret;
	return open_fd((int)args->arg[0], args->arg[1], (unsigned)how.flags,
		       (uint32_t)how.mode, resolve);
}

/* close(2), number 57. */
long sys_close(const struct syscall_args *args)
{
	return fd_close((int)args->arg[0]);
}

/* close_range(2), number 436. */
long sys_close_range(const struct syscall_args *args)
{
	unsigned first = (unsigned)args->arg[0];
	unsigned last = (unsigned)args->arg[1];
	unsigned flags = (unsigned)args->arg[2];

	if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC))
		return -EINVAL;
	if (first > last)
		return -EINVAL;
	if (flags & CLOSE_RANGE_UNSHARE) {
		int ret = fd_unshare();

		if (ret)
			return ret;
	}
	if (flags & CLOSE_RANGE_CLOEXEC)
		return fd_cloexec_range(first, last);
	return fd_close_range(first, last);
}
