// SPDX-License-Identifier: MIT
/*
 * /dev/watchdog, /dev/watchdog0 ...: watchdogs as files.
 *
 * Linux's interface (Documentation/watchdog/watchdog-api.rst): opening starts
 * it, any write or WDIOC_KEEPALIVE kicks it.  Closing does not stop it, unless
 * a 'V' was written last before: so it bites if the program that kicks it
 * dies.  One program at a time has it.
 */
#include <fs/devfs/devfs.h>

#include <stdio.h>
#include <string.h>

#include <linux/major.h>
#include <linux/watchdog.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/printk.h>
#include <dev/chrdev.h>
#include <dev/watchdog.h>
#include <fs/file.h>
#include <mm/iov_iter.h>
#include <mm/usercopy.h>

#define WATCHDOG_MISC_MINOR 130 /* of /dev/watchdog */
#define WATCHDOG_MAJOR      248 /* of those Linux gives out as needed */

#define WATCHDOG_OPTIONS                                                       \
	(WDIOF_SETTIMEOUT | WDIOF_KEEPALIVEPING | WDIOF_MAGICCLOSE)

struct watchdog_node {
	struct chrdev cdev;
	char name[sizeof("watchdog4294967295")];
	struct watchdog *watchdog; /* [I] */
	atomic_t *open;            /* [I] 1: somebody has that watchdog */
	bool magic;                /* [watchdog->lock] it may stop at close */
};

/* Start, or go on with another timeout; with the watchdog's lock held. */
static void watchdog_start(struct watchdog *watchdog, unsigned timeout_s)
{
	watchdog->timeout_s = watchdog->ops->start(watchdog, timeout_s);
	watchdog->running = true;
}

static int watchdog_open(struct inode *inode, struct file *file)
{
	struct watchdog_node *node = file->private;
	struct watchdog *watchdog = node->watchdog;
	int closed = 0;

	(void)inode;
	if (!atomic_cmpxchg(node->open, &closed, 1))
		return -EBUSY;
	mutex_lock(&watchdog->lock);
	node->magic = false;
	watchdog_start(watchdog, watchdog->timeout_s);
	mutex_unlock(&watchdog->lock);
	return 0;
}

static void watchdog_release(struct file *file)
{
	struct watchdog_node *node = file->private;
	struct watchdog *watchdog = node->watchdog;

	mutex_lock(&watchdog->lock);
	if (node->magic && watchdog->running) {
		watchdog->ops->stop(watchdog);
		watchdog->running = false;
	} else if (watchdog->running) {
		pr_warn("watchdog: closed, but it goes on: %u s left",
			watchdog->ops->left_s(watchdog));
	}
	mutex_unlock(&watchdog->lock);
	atomic_store(node->open, 0);
}

static ssize_t watchdog_write(struct file *file, struct iov_iter *from,
			      off_t *pos)
{
	struct watchdog_node *node = file->private;
	struct watchdog *watchdog = node->watchdog;
	size_t wanted = from->count;
	bool magic = false;
	char buf[64];

	(void)pos;
	while (from->count) {
		size_t part = MIN(from->count, sizeof(buf));

		if (iov_iter_copy_from(from, buf, part) < part)
			return -EFAULT;
		magic |= memchr(buf, 'V', part) != NULL;
	}
	if (!wanted)
		return 0;
	mutex_lock(&watchdog->lock);
	node->magic = magic;
	watchdog->ops->kick(watchdog);
	mutex_unlock(&watchdog->lock);
	return (ssize_t)wanted;
}

static long watchdog_set_options(struct watchdog *watchdog, int options)
{
	if (options & ~(WDIOS_DISABLECARD | WDIOS_ENABLECARD))
		return -EINVAL;
	if (options & WDIOS_DISABLECARD) {
		watchdog->ops->stop(watchdog);
		watchdog->running = false;
	}
	if (options & WDIOS_ENABLECARD)
		watchdog_start(watchdog, watchdog->timeout_s);
	return options ? 0 : -EINVAL;
}

/* Those that give or take a number; the watchdog's lock is held. */
static long watchdog_control(struct watchdog *watchdog, unsigned cmd,
			     int *value)
{
	switch (cmd) {
	case WDIOC_GETSTATUS:
	case WDIOC_GETBOOTSTATUS:
		*value = 0;
		return 0;
	case WDIOC_SETOPTIONS:
		return watchdog_set_options(watchdog, *value);
	case WDIOC_SETTIMEOUT:
		if (*value < 1 || (unsigned)*value > watchdog->max_timeout_s)
			return -EINVAL;
		watchdog_start(watchdog, (unsigned)*value);
		*value = (int)watchdog->timeout_s;
		return 0;
	case WDIOC_GETTIMEOUT:
		*value = (int)watchdog->timeout_s;
		return 0;
	case WDIOC_GETTIMELEFT:
		*value = (int)watchdog->ops->left_s(watchdog);
		return 0;
	default:
		return -ENOTTY;
	}
}

static long watchdog_get_support(const struct watchdog *watchdog,
				 unsigned long arg)
{
	struct watchdog_info info = { .options = WATCHDOG_OPTIONS };

	strncpy((char *)info.identity, watchdog->name,
		sizeof(info.identity) - 1);
	return copy_to_user((void __user *)arg, &info, sizeof(info));
}

static long watchdog_ioctl(struct file *file, unsigned cmd, unsigned long arg)
{
	struct watchdog_node *node = file->private;
	struct watchdog *watchdog = node->watchdog;
	int __user *user = (int __user *)arg;
	int value = 0;
	long ret = 0;

	if (cmd == WDIOC_GETSUPPORT)
		return watchdog_get_support(watchdog, arg);
	if (cmd == WDIOC_SETTIMEOUT || cmd == WDIOC_SETOPTIONS)
		ret = get_user(value, user);
	if (ret)
		return ret;
	mutex_lock(&watchdog->lock);
	if (cmd == WDIOC_KEEPALIVE)
		watchdog->ops->kick(watchdog);
	else
		ret = watchdog_control(watchdog, cmd, &value);
	mutex_unlock(&watchdog->lock);
	if (ret || cmd == WDIOC_KEEPALIVE || cmd == WDIOC_SETOPTIONS)
		return ret;
	return put_user(value, user);
}

static const struct file_ops watchdog_ops = {
	.open = watchdog_open,
	.release = watchdog_release,
	.write = watchdog_write,
	.ioctl = watchdog_ioctl,
	.stream = true,
};

static struct watchdog_node *watchdog_make_node(struct watchdog *watchdog,
						unsigned major, unsigned minor,
						atomic_t *open)
{
	struct watchdog_node *node = kzalloc(sizeof(*node));

	if (!node)
		return NULL;
	node->watchdog = watchdog;
	node->open = open;
	node->cdev.name = node->name;
	node->cdev.major = major;
	node->cdev.minor = minor;
	node->cdev.mode = 0600;
	node->cdev.ops = &watchdog_ops;
	node->cdev.private = node;
	return node;
}

static void watchdog_add(struct watchdog *watchdog, unsigned n)
{
	atomic_t *open = kzalloc(sizeof(*open));
	struct watchdog_node *node, *first;

	if (!open)
		return;
	node = watchdog_make_node(watchdog, WATCHDOG_MAJOR, n, open);
	if (!node)
		return;
	snprintf(node->name, sizeof(node->name), "watchdog%u", n);
	(void)chrdev_register(&node->cdev);
	if (n)
		return;
	/* The first has a second name, which most programs use. */
	first = watchdog_make_node(watchdog, MISC_MAJOR, WATCHDOG_MISC_MINOR,
				   open);
	if (!first)
		return;
	snprintf(first->name, sizeof(first->name), "watchdog");
	(void)chrdev_register(&first->cdev);
}

void watchdog_files_init(void)
{
	struct watchdog *watchdog;

	for (unsigned n = 0; (watchdog = watchdog_nth(n)) != NULL; n++)
		watchdog_add(watchdog, n);
}
