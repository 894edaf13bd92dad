// SPDX-License-Identifier: MIT
/*
 * Character devices: numbers, names in /dev, and who serves them.
 *
 * What serves them is opaque here (dev/ knows no files): devfs hands the
 * struct file_ops on to whoever opens the node.
 */
#pragma once

#include <lib/types.h>

struct file_ops;

struct chrdev {
	const char *name;           /* [I] "null", "ttyS0" */
	unsigned major, minor;      /* [I] Linux's numbers (devices.txt) */
	uint32_t mode;              /* [I] permission bits of the node */
	const struct file_ops *ops; /* [I] */
	void *private;              /* [I] becomes file->private */
	struct chrdev *next;        /* [chrdev lock] */
};

/* Never freed.  0, or -EBUSY: number or name is taken.  Thread context. */
int chrdev_register(struct chrdev *cdev);

/* By st_rdev; NULL: there is none.  Thread context. */
struct chrdev *chrdev_find(uint64_t rdev);

/* All, in order of registration: NULL gives the first, the last gives NULL. */
struct chrdev *chrdev_next(struct chrdev *cdev);

/*
 * A device node came into being, of a character or block device (S_IFCHR or
 * S_IFBLK stand in mode).  devfs listens; what was announced before it did, it
 * finds through chrdev_next() and block_device_nth().  Thread context.
 */
typedef void devnode_listener(const char *name, uint32_t mode, uint64_t rdev);
void devnode_set_listener(devnode_listener *added);
void devnode_announce(const char *name, uint32_t mode, uint64_t rdev);

/* Types as st_mode has them (inode(7)); <linux/stat.h> calls them S_IF*. */
#define S_IFCHR_NODE 0020000
#define S_IFBLK_NODE 0060000

/* Linux's encoding of a device number in st_rdev: makedev(3). */
#define DEV_MAKE(major, minor)                                                 \
	(((uint64_t)(major)&0xfffu) << 8 | ((uint64_t)(minor)&0xffu) |         \
	 ((uint64_t)(minor) & ~0xffull) << 12 |                                \
	 ((uint64_t)(major) & ~0xfffull) << 32)
