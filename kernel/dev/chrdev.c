// SPDX-License-Identifier: MIT
/*
 * Character devices by number and name, and news of device nodes for devfs.
 *
 * Registration is rare and look-up happens at open: one list, one lock.
 * Entries are never removed, so chrdev_next() needs the lock only to step.
 */
#include <dev/chrdev.h>

#include <string.h>

#include <lib/errno.h>

#include <core/lock.h>

static spinlock_t chrdev_lock = SPINLOCK_INIT(LOCK_LEAF);
static struct chrdev *chrdevs;     /* [chrdev_lock] newest last */
static devnode_listener *listener; /* set once at boot */

static bool chrdev_clashes(const struct chrdev *a, const struct chrdev *b)
{
	return (a->major == b->major && a->minor == b->minor) ||
	       !strcmp(a->name, b->name);
}

int chrdev_register(struct chrdev *cdev)
{
	struct chrdev **link;

	spin_lock(&chrdev_lock);
	for (link = &chrdevs; *link; link = &(*link)->next) {
		if (chrdev_clashes(*link, cdev)) {
			spin_unlock(&chrdev_lock);
			return -EBUSY;
		}
	}
	cdev->next = NULL;
	*link = cdev;
	spin_unlock(&chrdev_lock);

	devnode_announce(cdev->name, S_IFCHR_NODE | cdev->mode,
			 DEV_MAKE(cdev->major, cdev->minor));
	return 0;
}

struct chrdev *chrdev_find(uint64_t rdev)
{
	struct chrdev *cdev;

	spin_lock(&chrdev_lock);
	for (cdev = chrdevs; cdev; cdev = cdev->next) {
		if (DEV_MAKE(cdev->major, cdev->minor) == rdev)
			break;
	}
	spin_unlock(&chrdev_lock);
	return cdev;
}

struct chrdev *chrdev_next(struct chrdev *cdev)
{
	spin_lock(&chrdev_lock);
	cdev = cdev ? cdev->next : chrdevs;
	spin_unlock(&chrdev_lock);
	return cdev;
}

void devnode_set_listener(devnode_listener *added)
{
	listener = added;
}

void devnode_announce(const char *name, uint32_t mode, uint64_t rdev)
{
	if (listener)
		listener(name, mode, rdev);
}
