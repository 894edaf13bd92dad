// SPDX-License-Identifier: MIT
/*
 * /dev/input/eventN: input devices as files, with Linux's evdev interface
 * (Documentation/input/input.rst): reads give struct input_event, each key's
 * followed by EV_SYN.  Every open file has its own queue; one that overflows
 * says SYN_DROPPED and goes on with what is new.
 *
 * The device's lock guards the queues, which its interrupts fill.
 */
#include <fs/devfs/devfs.h>

#include <stdio.h>
#include <string.h>

#include <linux/fcntl.h>
#include <linux/input.h>
#include <linux/major.h>
#include <linux/poll.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/time.h>
#include <core/waitq.h>
#include <dev/chrdev.h>
#include <dev/input.h>
#include <fs/file.h>
#include <mm/iov_iter.h>
#include <mm/usercopy.h>

#define EVDEV_MINOR_BASE 64
#define EVDEV_QUEUE      32 /* events */

struct evdev_node {
	struct chrdev cdev;
	char name[sizeof("input/event4294967295")];
	struct input_device *input; /* [I] */
};

/* One open file. */
struct evdev {
	struct input_listener listener;
	struct input_device *input;             /* [I] */
	struct input_event events[EVDEV_QUEUE]; /* [input->lock] a ring */
	unsigned head, count;                   /* [input->lock] */
	struct waitq readers;
};

static void evdev_put(struct evdev *evdev, uint16_t type, uint16_t code,
		      int value)
{
	uint64_t now_ns = time_wall_ns();
	struct input_event event = {
		.input_event_sec = (__kernel_ulong_t)(now_ns / NSEC_PER_SEC),
		.input_event_usec = (__kernel_ulong_t)(now_ns % NSEC_PER_SEC /
						       NSEC_PER_USEC),
		.type = type,
		.code = code,
		.value = value,
	};

	evdev->events[(evdev->head + evdev->count++) % EVDEV_QUEUE] = event;
}

static void evdev_key(struct input_listener *listener, unsigned code, bool down)
{
	struct evdev *evdev = container_of(listener, struct evdev, listener);

	/* Two more, and then there must be room for SYN_DROPPED. */
	if (evdev->count + 2 > EVDEV_QUEUE - 1) {
		evdev->head = evdev->count = 0;
		evdev_put(evdev, EV_SYN, SYN_DROPPED, 0);
	}
	evdev_put(evdev, EV_KEY, (uint16_t)code, down);
	evdev_put(evdev, EV_SYN, SYN_REPORT, 0);
	waitq_wake_poll(&evdev->readers, POLLIN);
}

static int evdev_open(struct inode *inode, struct file *file)
{
	struct evdev_node *node = file->private;
	struct evdev *evdev = kzalloc(sizeof(*evdev));

	(void)inode;
	if (!evdev)
		return -ENOMEM;
	evdev->input = node->input;
	evdev->listener.key = evdev_key;
	waitq_init(&evdev->readers);
	input_listen(evdev->input, &evdev->listener);
	file->private = evdev;
	return 0;
}

static void evdev_release(struct file *file)
{
	struct evdev *evdev = file->private;

	input_ignore(evdev->input, &evdev->listener);
	kfree(evdev);
}

static bool evdev_take(struct evdev *evdev, struct input_event *event)
{
	unsigned long flags = spin_lock_irqsave(&evdev->input->lock);
	bool taken = evdev->count != 0;

	if (taken) {
		*event = evdev->events[evdev->head];
		evdev->head = (evdev->head + 1) % EVDEV_QUEUE;
		evdev->count--;
	}
	spin_unlock_irqrestore(&evdev->input->lock, flags);
	return taken;
}

static ssize_t evdev_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	struct evdev *evdev = file->private;
	struct input_event event;
	ssize_t done = 0;
	bool taken;

	(void)pos;
	if (to->count < sizeof(event))
		return -EINVAL;
	taken = evdev_take(evdev, &event);
	if (!taken && file->flags & O_NONBLOCK)
		return -EAGAIN;
	if (!taken && waitq_wait_interruptible(&evdev->readers,
					       evdev_take(evdev, &event)))
		return -ERESTARTSYS;
	do {
		if (iov_iter_copy_to(to, &event, sizeof(event)) < sizeof(event))
			return done ? done : -EFAULT;
		done += (ssize_t)sizeof(event);
	} while (to->count >= sizeof(event) && evdev_take(evdev, &event));
	return done;
}

static unsigned evdev_poll(struct file *file, struct poll_table *table)
{
	struct evdev *evdev = file->private;

	poll_wait(file, &evdev->readers, table);
	return evdev->count ? POLLIN | POLLRDNORM : 0;
}

/* Bitmaps and strings: as much as the caller has room for. */
static long evdev_give(unsigned cmd, unsigned long arg, const void *data,
		       size_t len)
{
	len = MIN(len, _IOC_SIZE(cmd));
	return copy_to_user((void __user *)arg, data, len) ? -EFAULT
							   : (long)len;
}

/* EVIOCGBIT(type, len): the types of events, or the codes of one type. */
static long evdev_give_bits(struct evdev *evdev, unsigned cmd,
			    unsigned long arg)
{
	const uint64_t types = 1u << EV_SYN | 1u << EV_KEY;
	const uint64_t none[INPUT_KEYS / 64] = { 0 };

	switch (_IOC_NR(cmd) - _IOC_NR(EVIOCGBIT(0, 0))) {
	case 0:
		return evdev_give(cmd, arg, &types, sizeof(types));
	case EV_KEY:
		return evdev_give(cmd, arg, evdev->input->keys,
				  sizeof(evdev->input->keys));
	default:
		return evdev_give(cmd, arg, none, sizeof(none));
	}
}

static long evdev_ioctl(struct file *file, unsigned cmd, unsigned long arg)
{
	struct evdev *evdev = file->private;
	const char *name = evdev->input->name;
	struct input_id id = { .bustype = BUS_HOST };
	unsigned nr = _IOC_NR(cmd);

	if (cmd == EVIOCGVERSION)
		return put_user(EV_VERSION, (int __user *)arg);
	if (cmd == EVIOCGID)
		return copy_to_user((void __user *)arg, &id, sizeof(id));
	/* The others carry the length of the caller's buffer. */
	if (_IOC_TYPE(cmd) != 'E' || _IOC_DIR(cmd) != _IOC_READ)
		return -ENOTTY;
	if (nr == _IOC_NR(EVIOCGNAME(0)))
		return evdev_give(cmd, arg, name, strlen(name) + 1);
	if (nr == _IOC_NR(EVIOCGKEY(0)))
		return evdev_give(cmd, arg, evdev->input->pressed,
				  sizeof(evdev->input->pressed));
	if (nr >= _IOC_NR(EVIOCGBIT(0, 0)) &&
	    nr <= _IOC_NR(EVIOCGBIT(EV_MAX, 0)))
		return evdev_give_bits(evdev, cmd, arg);
	return -ENOTTY;
}

static const struct file_ops evdev_ops = {
	.open = evdev_open,
	.release = evdev_release,
	.read = evdev_read,
	.poll = evdev_poll,
	.ioctl = evdev_ioctl,
	.stream = true,
};

void input_files_init(void)
{
	struct input_device *input;

	for (unsigned n = 0; (input = input_nth(n)) != NULL; n++) {
		struct evdev_node *node = kzalloc(sizeof(*node));

		if (!node)
			return;
		snprintf(node->name, sizeof(node->name), "input/event%u", n);
		node->input = input;
		node->cdev.name = node->name;
		node->cdev.major = INPUT_MAJOR;
		node->cdev.minor = EVDEV_MINOR_BASE + n;
		node->cdev.mode = 0640;
		node->cdev.ops = &evdev_ops;
		node->cdev.private = node;
		(void)chrdev_register(&node->cdev);
	}
}
