// SPDX-License-Identifier: MIT
/*
 * eventfd(2): a counter that writes add to and reads take from.  Each waits
 * until it can: a read for more than zero, a write for room.
 */
#include <ipc/eventfd.h>

#include <linux/fcntl.h>
#include <linux/poll.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <core/waitq.h>
#include <fs/file.h>
#include <mm/iov_iter.h>

#define COUNT_MAX (UINT64_MAX - 1)

struct eventfd {
	spinlock_t lock;
	uint64_t count;    /* [lock to change] */
	bool is_semaphore; /* [I] a read takes one */
	struct waitq readers;
	struct waitq writers;
};

/* Take what there is (or one); false: nothing. */
static bool count_take(struct eventfd *event, uint64_t *value)
{
	spin_lock(&event->lock);
	*value = event->is_semaphore ? MIN(event->count, 1ull) : event->count;
	event->count -= *value;
	spin_unlock(&event->lock);
	return *value != 0;
}

/* False: no room. */
static bool count_add(struct eventfd *event, uint64_t value)
{
	bool fits;

	spin_lock(&event->lock);
	fits = value <= COUNT_MAX - event->count;
	if (fits)
		event->count += value;
	spin_unlock(&event->lock);
	return fits;
}

static ssize_t eventfd_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	struct eventfd *event = file->private;
	uint64_t value;
	int ret;

	(void)pos;
	if (to->count < sizeof(value))
		return -EINVAL;
	if (!count_take(event, &value)) {
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		ret = waitq_wait_interruptible(&event->readers,
					       count_take(event, &value));
		if (ret)
			return ret;
	}
	waitq_wake_poll(&event->writers, POLLOUT);
	if (iov_iter_copy_to(to, &value, sizeof(value)) < sizeof(value))
		return -EFAULT;
	return sizeof(value);
}

static ssize_t eventfd_write(struct file *file, struct iov_iter *from,
			     off_t *pos)
{
	struct eventfd *event = file->private;
	uint64_t value;
	int ret;

	(void)pos;
	if (from->count < sizeof(value))
		return -EINVAL;
	if (iov_iter_copy_from(from, &value, sizeof(value)) < sizeof(value))
		return -EFAULT;
	if (value > COUNT_MAX)
		return -EINVAL;
	if (!count_add(event, value)) {
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		ret = waitq_wait_interruptible(&event->writers,
					       count_add(event, value));
		if (ret)
			return ret;
	}
	waitq_wake_poll(&event->readers, POLLIN);
	return sizeof(value);
}

static unsigned eventfd_poll(struct file *file, struct poll_table *table)
{
	struct eventfd *event = file->private;
	unsigned events = 0;

	poll_wait(file, &event->readers, table);
	poll_wait(file, &event->writers, table);
	if (event->count)
		events |= POLLIN;
	if (event->count < COUNT_MAX)
		events |= POLLOUT;
	return events;
}

static void eventfd_release(struct file *file)
{
	kfree(file->private);
}

static const struct file_ops eventfd_ops = {
	.release = eventfd_release,
	.read = eventfd_read,
	.write = eventfd_write,
	.poll = eventfd_poll,
	.stream = true,
};

int eventfd_create(uint64_t initial, bool is_semaphore, unsigned flags,
		   struct file **result)
{
	struct eventfd *event = kzalloc(sizeof(*event));
	int ret;

	if (!event)
		return -ENOMEM;
	spin_init(&event->lock, LOCK_LEAF);
	event->count = initial;
	event->is_semaphore = is_semaphore;
	waitq_init(&event->readers);
	waitq_init(&event->writers);
	ret = file_create_anon(&eventfd_ops, event, flags | O_RDWR,
			       "anon_inode:[eventfd]", result);
	if (ret)
		kfree(event);
	return ret;
}
