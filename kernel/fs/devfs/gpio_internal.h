// SPDX-License-Identifier: MIT
/* What the files of GPIO chips share. */
#pragma once

#include <linux/gpio.h>

struct file;
struct gpio_chip;

/*
 * A file of the lines that are wanted, claimed and configured: 0, -EINVAL,
 * -EBUSY, -ENOMEM or -ENFILE.  Context: thread; may sleep.
 */
int gpio_request_make_file(struct gpio_chip *chip,
			   const struct gpio_v2_line_request *wanted,
			   struct file **file);
