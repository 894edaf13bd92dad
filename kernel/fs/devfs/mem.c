// SPDX-License-Identifier: MIT
/*
 * The devices that are no devices: /dev/null, zero, full (null(4), full(4)),
 * random and urandom (random(4)); kmsg.c has kmsg.
 */
#include <fs/devfs/devfs.h>

#include <string.h>

#include <linux/fs.h>
#include <linux/poll.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <dev/chrdev.h>
#include <dev/random.h>
#include <fs/file.h>
#include <mm/iov_iter.h>
#include <proc/signal.h>
#include <proc/task.h>

#include "devfs_internal.h"

#define MEM_MAJOR 1

static ssize_t null_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	(void)file;
	(void)to;
	(void)pos;
	return 0;
}

static ssize_t null_write(struct file *file, struct iov_iter *from, off_t *pos)
{
	size_t n = from->count;

	(void)file;
	(void)pos;
	iov_iter_advance(from, n);
	return (ssize_t)n;
}

static off_t null_seek(struct file *file, off_t offset, int whence)
{
	(void)file;
	(void)offset;
	(void)whence;
	return 0;
}

static ssize_t zero_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	size_t done = 0;

	(void)file;
	(void)pos;
	while (to->count) {
		size_t part = MIN(to->count, 16 * PAGE_SIZE);
		size_t n = iov_iter_zero(to, part);

		done += n;
		if (n < part)
			return done ? (ssize_t)done : -EFAULT;
		if (to->count && signal_is_fatal_pending())
			break;
		thread_resched_point();
	}
	return (ssize_t)done;
}

static ssize_t full_write(struct file *file, struct iov_iter *from, off_t *pos)
{
	(void)file;
	(void)pos;
	return from->count ? -ENOSPC : 0;
}

static ssize_t random_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	uint8_t buf[128];
	size_t done = 0;

	(void)file;
	(void)pos;
	while (to->count) {
		size_t part = MIN(to->count, sizeof(buf));
		size_t n;

		random_bytes(buf, part);
		n = iov_iter_copy_to(to, buf, part);
		done += n;
		if (n < part)
			return done ? (ssize_t)done : -EFAULT;
		if (to->count && signal_is_pending())
			break;
		thread_resched_point();
	}
	memset(buf, 0, sizeof(buf));
	return (ssize_t)done;
}

static const struct file_ops null_ops = {
	.read = null_read,
	.write = null_write,
	.seek = null_seek,
};

static const struct file_ops zero_ops = {
	.read = zero_read,
	.write = null_write,
	.seek = null_seek,
};

static const struct file_ops full_ops = {
	.read = zero_read,
	.write = full_write,
	.seek = null_seek,
};

static const struct file_ops random_ops = {
	.read = random_read,
	.write = null_write,
	.seek = null_seek,
};

static struct chrdev mem_devices[] = {
	{ .name = "null", .minor = 3, .mode = 0666, .ops = &null_ops },
	{ .name = "zero", .minor = 5, .mode = 0666, .ops = &zero_ops },
	{ .name = "full", .minor = 7, .mode = 0666, .ops = &full_ops },
	{ .name = "random", .minor = 8, .mode = 0666, .ops = &random_ops },
	{ .name = "urandom", .minor = 9, .mode = 0666, .ops = &random_ops },
	{ .name = "kmsg", .minor = 11, .mode = 0644, .ops = &kmsg_ops },
};

void mem_devices_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mem_devices); i++) {
		mem_devices[i].major = MEM_MAJOR;
		if (chrdev_register(&mem_devices[i]))
			panic("device %s is there already",
			      mem_devices[i].name);
	}
}
