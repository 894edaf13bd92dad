// SPDX-License-Identifier: MIT
/* memfd_create(2) and eventfd2(2): descriptors out of nothing. */
#include <syscall/handlers.h>

#include <linux/eventfd.h>
#include <linux/fcntl.h>
#include <linux/memfd.h>

#include <lib/errno.h>

#include <fs/file.h>
#include <fs/tmpfs/tmpfs.h>
#include <ipc/eventfd.h>
#include <mm/usercopy.h>

#define MEMFD_NAME_MAX 249 /* "memfd:" goes before it */
#define MEMFD_FLAGS                                                            \
	(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC)

static long install(struct file *file, bool cloexec)
{
	int fd;
	int ret = fd_reserve(0, &fd, 1);

	if (ret) {
		file_put(file);
		return ret;
	}
	fd_install(fd, file, cloexec);
	return fd;
}

/* memfd_create(2), number 279.  Seals cannot be added to it. */
long sys_memfd_create(const struct syscall_args *args)
{
	unsigned flags = (unsigned)args->arg[1];
	char name[MEMFD_NAME_MAX + 1];
	struct file *file;
	ssize_t len;
	int ret;

	if (flags & ~(unsigned)MEMFD_FLAGS)
		return -EINVAL;
	len = copy_string_from_user(name, (const char __user *)args->arg[0],
				    sizeof(name));
	if (len < 0)
		return len == -ENAMETOOLONG ? -EINVAL : len;
	ret = tmpfs_create_unnamed(&file);
	return ret ? ret : install(file, flags & MFD_CLOEXEC);
}

/* eventfd2(2), number 19. */
long sys_eventfd2(const struct syscall_args *args)
{
	unsigned flags = (unsigned)args->arg[1];
	struct file *file;
	int ret;

	if (flags & ~(unsigned)(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK))
		return -EINVAL;
	ret = eventfd_create((unsigned)args->arg[0], flags & EFD_SEMAPHORE,
			     flags & EFD_NONBLOCK, &file);
	return ret ? ret : install(file, flags & EFD_CLOEXEC);
}
