// SPDX-License-Identifier: MIT
/*
 * Character devices: numbers, names in /dev, and who serves them.
 *
 * The functions are opaque here (dev/ knows no files): fs/devfs passes the
 * const struct file_ops * on to whoever opens the node.
 */
#pragma once

#include <lib/types.h>

struct file_ops;

struct chrdev {
	const char *name;           /* [I] "console", "null", "tty1" */
	unsigned major, minor;      /* [I] Linux's numbers (devices.txt) */
	uint32_t mode;              /* [I] permission bits of the node */
	const struct file_ops *ops; /* [I] */
	void *private;              /* [I] becomes file->private */
	struct chrdev *next;        /* [chrdev lock] */
};

int chrdev_register(struct chrdev *cdev); /* -EBUSY: number or name taken */
struct chrdev *chrdev_find(uint64_t rdev); /* NULL: -ENXIO */
/* In order, for devfs; NULL starts. */
struct chrdev *chrdev_next(struct chrdev *cdev);
/* devfs asks to be told of new nodes (also block devices). is_block tells which. */
void devnode_set_listener(void (*added)(const char *name, uint32_t mode, uint64_t rdev));
void devnode_announce(const char *name, uint32_t mode, uint64_t rdev);

#define DEV_MAKE(major, minor)                                      \
	(((uint64_t)(major) & 0xfff) << 8 | ((minor) & 0xff) |      \
	 ((uint64_t)((minor) & ~0xffu)) << 12 | ((uint64_t)((major) & ~0xfffu)) << 32)
