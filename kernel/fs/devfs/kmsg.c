// SPDX-License-Identifier: MIT
/*
 * /dev/kmsg: the kernel's log by records, for dmesg(1) and log daemons.
 *
 * Linux, Documentation/ABI/testing/dev-kmsg.  A file's position is one in the
 * log.  Left out: the dictionary lines after a record, and a level given by
 * who writes.
 */
#include <linux/fcntl.h>
#include <linux/fs.h>

#include <lib/errno.h>

#include <core/printk.h>
#include <core/thread.h>
#include <core/time.h>
#include <fs/file.h>
#include <mm/iov_iter.h>

#include "devfs_internal.h"

#define LINE_MAX   240  /* of what is written */
#define RECORD_MAX 1152 /* of what is read: 256 bytes, each escaped, a head */

/*
 * How long until the log's end is looked at again.  Lines come from anywhere,
 * under any lock, where nobody can be woken.
 */
#define LOOK_AGAIN_NS (100 * NSEC_PER_MSEC)

/* Lines written join the log; a leading "<5>" is not interpreted. */
static ssize_t kmsg_write(struct file *file, struct iov_iter *from, off_t *pos)
{
	size_t wanted = from->count;
	char line[LINE_MAX];
	size_t n;

	(void)file;
	(void)pos;
	n = iov_iter_copy_from(from, line, MIN(wanted, sizeof(line) - 1));
	if (n == 0 && wanted)
		return -EFAULT;
	while (n && line[n - 1] == '\n')
		n--;
	line[n] = '\0';
	pr_info("%s", line);
	return (ssize_t)wanted;
}

/* 0: time passed, or -EINTR. */
static int wait_a_moment(void)
{
	int64_t left_ns = LOOK_AGAIN_NS;
	int ret;

	thread_set_state(THREAD_INTERRUPTIBLE);
	ret = thread_sleep(&left_ns);
	return ret == -EINTR ? ret : 0;
}

/* Each read gives one record, and waits for one at the end. */
static ssize_t kmsg_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	uint64_t at = (uint64_t)*pos;
	char record[RECORD_MAX];
	ssize_t ret;

	for (;;) {
		ret = klog_read_record(&at, record,
				       MIN(to->count, sizeof(record)));
		if (ret)
			break;
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_a_moment();
		if (ret)
			return ret;
	}
	if (ret > 0 && iov_iter_copy_to(to, record, (size_t)ret) < (size_t)ret)
		return -EFAULT;
	*pos = (off_t)at;
	return ret;
}

/* To the begin (SEEK_DATA, too: nothing is ever cleared here) or the end. */
static off_t kmsg_seek(struct file *file, off_t offset, int whence)
{
	(void)file;
	if (offset)
		return -ESPIPE;
	switch (whence) {
	case SEEK_SET:
	case SEEK_DATA:
		return 0;
	case SEEK_END:
		return (off_t)klog_end();
	default:
		return -EINVAL;
	}
}

const struct file_ops kmsg_ops = {
	.read = kmsg_read,
	.write = kmsg_write,
	.seek = kmsg_seek,
};
