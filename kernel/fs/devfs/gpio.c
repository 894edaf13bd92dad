// SPDX-License-Identifier: MIT
/*
 * /dev/gpiochipN: lines for programs, with Linux's interface version 2
 * (<linux/gpio.h>), which libgpiod 2 and its gpioset, gpioget, gpiomon use.
 *
 * GPIO_V2_GET_LINE_IOCTL makes a file of some lines (gpio_request.c).  Bias,
 * debounce and drive of lines are left out, as no controller here can do them;
 * so is version 1.
 */
#include "gpio_internal.h"

#include <stdio.h>
#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <dev/chrdev.h>
#include <dev/gpio.h>
#include <fs/devfs/devfs.h>
#include <fs/file.h>
#include <mm/usercopy.h>

#define GPIO_MAJOR 247 /* of those Linux gives out as needed */

struct gpio_node {
	struct chrdev cdev;
	char name[sizeof("gpiochip4294967295")];
	struct gpio_chip *chip; /* [I] */
};

static int chip_request_lines(struct gpio_chip *chip,
			      struct gpio_v2_line_request *wanted,
			      struct gpio_v2_line_request __user *user)
{
	struct file *file;
	int ret = gpio_request_make_file(chip, wanted, &file);
	int fd;

	if (ret)
		return ret;
	ret = fd_reserve(0, &fd, 1);
	if (ret)
		goto err_put_file;
	ret = put_user(fd, &user->fd);
	if (ret)
		goto err_release_fd;
	fd_install(fd, file, true);
	return 0;

err_release_fd:
	fd_release(&fd, 1);
err_put_file:
	file_put(file);
	return ret;
}

static long chip_get_line(struct gpio_chip *chip, unsigned long arg)
{
	struct gpio_v2_line_request __user *user =
		(struct gpio_v2_line_request __user *)arg;
	struct gpio_v2_line_request *wanted = kmalloc(sizeof(*wanted));
	long ret;

	if (!wanted)
		return -ENOMEM;
	ret = copy_from_user(wanted, user, sizeof(*wanted));
	if (!ret)
		ret = chip_request_lines(chip, wanted, user);
	kfree(wanted);
	return ret;
}

static long chip_get_info(const struct gpio_node *node, unsigned long arg)
{
	struct gpiochip_info info = { .lines = node->chip->nr_lines };

	strncpy(info.name, node->name, sizeof(info.name) - 1);
	strncpy(info.label, node->chip->name, sizeof(info.label) - 1);
	return copy_to_user((void __user *)arg, &info, sizeof(info));
}

static long chip_get_line_info(struct gpio_chip *chip, unsigned long arg)
{
	struct gpio_v2_line_info info;
	bool output;

	if (copy_from_user(&info, (void __user *)arg, sizeof(info)))
		return -EFAULT;
	if (info.offset >= chip->nr_lines)
		return -EINVAL;
	info = (struct gpio_v2_line_info){ .offset = info.offset };
	if (gpio_describe(chip, info.offset, info.consumer,
			  sizeof(info.consumer), &output))
		info.flags |= GPIO_V2_LINE_FLAG_USED;
	info.flags |=
		output ? GPIO_V2_LINE_FLAG_OUTPUT : GPIO_V2_LINE_FLAG_INPUT;
	return copy_to_user((void __user *)arg, &info, sizeof(info));
}

static long chip_ioctl(struct file *file, unsigned cmd, unsigned long arg)
{
	struct gpio_node *node = file->private;

	switch (cmd) {
	case GPIO_GET_CHIPINFO_IOCTL:
		return chip_get_info(node, arg);
	case GPIO_V2_GET_LINEINFO_IOCTL:
		return chip_get_line_info(node->chip, arg);
	case GPIO_V2_GET_LINE_IOCTL:
		return chip_get_line(node->chip, arg);
	default:
		return -ENOTTY;
	}
}

static const struct file_ops chip_ops = {
	.ioctl = chip_ioctl,
	.stream = true,
};

void gpio_files_init(void)
{
	struct gpio_chip *chip;

	for (unsigned n = 0; (chip = gpio_chip_nth(n)) != NULL; n++) {
		struct gpio_node *node = kzalloc(sizeof(*node));

		if (!node)
			return;
		snprintf(node->name, sizeof(node->name), "gpiochip%u", n);
		node->chip = chip;
		node->cdev.name = node->name;
		node->cdev.major = GPIO_MAJOR;
		node->cdev.minor = n;
		node->cdev.mode = 0660;
		node->cdev.ops = &chip_ops;
		node->cdev.private = node;
		(void)chrdev_register(&node->cdev);
	}
}
