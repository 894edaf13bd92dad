// SPDX-License-Identifier: MIT
/*
 * devfs: the file system of type "devtmpfs".  There is one, however often it
 * is mounted; it is a tmpfs in which a node appears when a device is announced.
 * Programs may add links, change modes and so on, as in any directory.
 */
#include <fs/devfs/devfs.h>

#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/mutex.h>
#include <core/panic.h>
#include <core/printk.h>
#include <dev/block.h>
#include <dev/chrdev.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/tmpfs/tmpfs.h>

static struct super *devfs; /* [I] after devfs_start() */

/* The child of that name in a locked directory: referenced, or NULL. */
static struct dentry *child_get(struct dentry *dir, const char *name,
				size_t len)
{
	struct dentry *dentry;

	if (dentry_lookup_locked(dir, name, len, &dentry))
		return NULL;
	return dentry;
}

/* Make one entry; mode says of which type.  Existing ones stay as they are. */
static int devfs_make(struct dentry *parent, const char *name, size_t len,
		      uint32_t mode, uint64_t rdev)
{
	struct inode *dir = dentry_inode(parent);
	struct dentry *dentry;
	int ret = 0;

	rwsem_write_lock(&dir->lock);
	dentry = child_get(parent, name, len);
	if (!dentry)
		ret = -ENOMEM;
	else if (!dentry_inode(dentry))
		ret = S_ISDIR(mode) ? dir->ops->mkdir(dir, dentry, mode)
				    : dir->ops->mknod(dir, dentry, mode, rdev);
	rwsem_write_unlock(&dir->lock);
	if (dentry)
		dentry_put(dentry);
	return ret;
}

/* "input/event0" has its directory made first; there is one level at most. */
static void devfs_add(const char *name, uint32_t mode, uint64_t rdev)
{
	const char *slash = strchr(name, '/');
	struct dentry *parent = dentry_get(devfs->root);
	int ret = 0;

	if (slash) {
		size_t len = (size_t)(slash - name);
		struct dentry *sub = NULL;

		ret = devfs_make(parent, name, len, S_IFDIR | 0755, 0);
		if (!ret)
			ret = dentry_lookup(parent, name, len, &sub);
		dentry_put(parent);
		parent = sub;
		name = slash + 1;
	}
	if (!ret)
		ret = devfs_make(parent, name, strlen(name), mode, rdev);
	if (parent)
		dentry_put(parent);
	if (ret)
		pr_warn("devfs: no node for %s: error %d", name, -ret);
}

static void devfs_add_link(const char *name, const char *target)
{
	struct dentry *parent = devfs->root;
	struct inode *dir = dentry_inode(parent);
	struct dentry *dentry;

	rwsem_write_lock(&dir->lock);
	dentry = child_get(parent, name, strlen(name));
	if (dentry && !dentry_inode(dentry) &&
	    dir->ops->symlink(dir, dentry, target))
		pr_warn("devfs: no link %s", name);
	rwsem_write_unlock(&dir->lock);
	if (dentry)
		dentry_put(dentry);
}

static int devfs_mount(struct super *super, const char *options)
{
	(void)options;
	return tmpfs_mount(super, "mode=755");
}

static struct fs_type devfs_type = {
	.name = "devtmpfs",
	.noauto = true,
	.single = true,
	.mount = devfs_mount,
};

/* Character devices hand over to who serves them. */
static int chrdev_open(struct inode *inode, struct file *file)
{
	struct chrdev *cdev = chrdev_find(inode->rdev);

	if (!cdev)
		return -ENXIO;
	file->ops = cdev->ops;
	file->private = cdev->private;
	return file->ops->open ? file->ops->open(inode, file) : 0;
}

const struct file_ops chrdev_open_ops = {
	.open = chrdev_open,
};

void devfs_init(void)
{
	fs_type_register(&devfs_type);
	mem_devices_init();
}

void device_files_init(void)
{
	gpio_files_init();
	input_files_init();
	led_files_init();
	watchdog_files_init();
}

void devfs_start(void)
{
	struct chrdev *cdev = NULL;
	struct block_device *bdev;

	if (super_activate(&devfs_type, NULL, 0, NULL, &devfs))
		panic("devfs: no memory");
	while ((cdev = chrdev_next(cdev)) != NULL)
		devfs_add(cdev->name, S_IFCHR | cdev->mode,
			  DEV_MAKE(cdev->major, cdev->minor));
	for (unsigned i = 0; (bdev = block_device_nth(i)) != NULL; i++)
		devfs_add(bdev->name, S_IFBLK | 0660, bdev->dev);
	devfs_add_link("fd", "/proc/self/fd");
	devfs_add_link("stdin", "/proc/self/fd/0");
	devfs_add_link("stdout", "/proc/self/fd/1");
	devfs_add_link("stderr", "/proc/self/fd/2");
	devnode_set_listener(devfs_add);
}
