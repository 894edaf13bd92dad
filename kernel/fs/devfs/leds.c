// SPDX-License-Identifier: MIT
/*
 * /dev/leds/NAME: a LED as a file.  It reads as "0" or "1" and a newline;
 * writing a number, 0 or not, sets it.  (Linux has /sys/class/leds for that,
 * with the same contents in each LED's brightness.)
 */
#include <fs/devfs/devfs.h>

#include <stdio.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/param.h>
#include <dev/chrdev.h>
#include <dev/led.h>
#include <fs/file.h>
#include <mm/iov_iter.h>

#define LED_MAJOR 249 /* of those Linux gives out as needed */

struct led_node {
	struct chrdev cdev;
	char name[40]; /* "leds/green" */
};

static ssize_t led_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	struct led *led = file->private;
	const char *text = led->on ? "1\n" : "0\n";
	size_t len = *pos < 2 ? MIN(to->count, (size_t)(2 - *pos)) : 0;

	if (iov_iter_copy_to(to, text + *pos, len) < len)
		return -EFAULT;
	*pos += (off_t)len;
	return (ssize_t)len;
}

static ssize_t led_write(struct file *file, struct iov_iter *from, off_t *pos)
{
	size_t len = from->count;
	uint64_t value;
	char text[16];

	(void)pos;
	if (len >= sizeof(text))
		return -EINVAL;
	if (iov_iter_copy_from(from, text, len) < len)
		return -EFAULT;
	text[len] = '\0';
	if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	if (!parse_u64(text, &value))
		return -EINVAL;
	led_set(file->private, value != 0);
	return (ssize_t)len;
}

static const struct file_ops led_ops = {
	.read = led_read,
	.write = led_write,
};

void led_files_init(void)
{
	struct led *led;

	for (unsigned n = 0; (led = led_nth(n)) != NULL; n++) {
		struct led_node *node = kzalloc(sizeof(*node));

		if (!node)
			return;
		snprintf(node->name, sizeof(node->name), "leds/%s", led->name);
		node->cdev.name = node->name;
		node->cdev.major = LED_MAJOR;
		node->cdev.minor = n;
		node->cdev.mode = 0664;
		node->cdev.ops = &led_ops;
		node->cdev.private = led;
		(void)chrdev_register(&node->cdev);
	}
}
