// SPDX-License-Identifier: MIT
/*
 * Super blocks and kinds of file systems.
 *
 * Life of a super block: super_activate() at the first mount, shared by further
 * ones of the same device, super_deactivate() with the last: everything is
 * written back, the caches let go, put_super() frees what is private.
 */
#include <fs/inode.h>

#include <string.h>

#include <linux/mount.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/mutex.h>
#include <core/panic.h>
#include <core/printk.h>
#include <dev/block.h>
#include <dev/chrdev.h>
#include <fs/dentry.h>

static struct fs_type *fs_types;   /* grows at boot only */
static uint64_t next_anon_dev = 1; /* [mount lock] minors of major 0 */

/* Taken inside the mount lock; sync(2) walks the list without that. */
static struct mutex supers_lock = MUTEX_INIT(supers_lock, LOCK_SUPERS);
static TAILQ_HEAD(, super) supers = TAILQ_HEAD_INITIALIZER(supers);

void fs_type_register(struct fs_type *type)
{
	struct fs_type **link = &fs_types;

	while (*link)
		link = &(*link)->next;
	*link = type;
}

struct fs_type *fs_type_next(struct fs_type *type)
{
	return type ? type->next : fs_types;
}

struct fs_type *fs_type_find(const char *name)
{
	struct fs_type *type = fs_types;

	while (type && strcmp(type->name, name))
		type = type->next;
	return type;
}

static struct super *super_alloc(struct fs_type *type,
				 struct block_device *bdev, unsigned long flags)
{
	struct super *super = kzalloc(sizeof(*super));

	if (!super)
		return NULL;
	super->type = type;
	super->bdev = bdev;
	super->read_only = flags & MS_RDONLY;
	super->probing = flags & MS_SILENT;
	super->dev = bdev ? bdev->dev : DEV_MAKE(0, next_anon_dev);
	next_anon_dev += !bdev;
	super->block_size = PAGE_SIZE;
	super->max_size = INT64_MAX;
	super->active = 1;
	mutex_init(&super->rename_lock, LOCK_SB_RENAME);
	mutex_init(&super->sync_lock, LOCK_SYNC);
	spin_init(&super->inodes_lock, LOCK_LEAF);
	TAILQ_INIT(&super->inodes);
	TAILQ_INIT(&super->dirty);
	return super;
}

static struct super *super_find(const struct block_device *bdev)
{
	struct super *super;

	mutex_lock(&supers_lock);
	TAILQ_FOREACH (super, &supers, link) {
		if (super->bdev == bdev)
			break;
	}
	mutex_unlock(&supers_lock);
	return super;
}

/* One that can be shared, with one more user, or NULL. */
static int super_reuse(struct fs_type *type, struct block_device *bdev,
		       bool read_only, struct super **result)
{
	struct super *super = bdev ? super_find(bdev) : type->instance;

	*result = super;
	if (!super)
		return 0;
	if (super->type != type || (bdev && super->read_only != read_only))
		return -EBUSY;
	super->active++;
	return 0;
}

int super_activate(struct fs_type *type, struct block_device *bdev,
		   unsigned long flags, const char *options,
		   struct super **result)
{
	struct super *super;
	int ret;

	ret = super_reuse(type, bdev, flags & MS_RDONLY, result);
	if (ret || *result)
		return ret;

	super = super_alloc(type, bdev, flags);
	if (!super)
		return -ENOMEM;
	ret = type->mount(super, options);
	if (ret) {
		kfree(super);
		return ret;
	}

	ASSERT(super->root);
	if (type->single)
		type->instance = super;
	mutex_lock(&supers_lock);
	TAILQ_INSERT_TAIL(&supers, super, link);
	mutex_unlock(&supers_lock);
	*result = super;
	return 0;
}

/* Let go of every cached name and inode. */
static void super_drop_caches(struct super *super)
{
	dentry_unpin_tree(super->root);
	while (dentry_shrink(super, SIZE_MAX))
		;
	dentry_put(super->root);
	while (inode_shrink(super, SIZE_MAX))
		;
	if (!TAILQ_EMPTY(&super->inodes))
		pr_err("%s: inodes are in use after unmount, e.g. %lu",
		       super->type->name,
		       (unsigned long)TAILQ_FIRST(&super->inodes)->ino);
}

void super_deactivate(struct super *super)
{
	if (--super->active)
		return;
	if (super->type->single) {
		super->active = 1; /* it lives on without mounts */
		return;
	}
	mutex_lock(&supers_lock);
	TAILQ_REMOVE(&supers, super, link);
	mutex_unlock(&supers_lock);

	if (super_sync(super, true))
		pr_err("%s: not everything could be written back",
		       super->type->name);
	super->is_dying = true;
	super_drop_caches(super);
	if (super->ops->put_super)
		super->ops->put_super(super);
	kfree(super);
}

/* Is a file open for writing, or open without a name? */
static bool super_is_busy(struct super *super)
{
	struct inode *inode;
	unsigned long flags;
	bool busy = false;

	flags = spin_lock_irqsave(&super->inodes_lock);
	TAILQ_FOREACH (inode, &super->inodes, super_link) {
		busy |= atomic_load(&inode->writers) > 0 ||
			(!inode->nlink && refcount_read(&inode->refs));
	}
	spin_unlock_irqrestore(&super->inodes_lock, flags);
	return busy;
}

/*
 * Changes are refused first, so that what is busy or dirty then is all there
 * is.  Who has been let in before, and opens a file only now, gets -EROFS from
 * the file system for what he writes.
 */
static int super_make_read_only(struct super *super, const char *options)
{
	int ret = -EBUSY;

	super->read_only = true;
	if (!super_is_busy(super))
		ret = super_write_back(super, true);
	if (!ret && super->ops->remount)
		ret = super->ops->remount(super, true, options);
	super->read_only = !ret;
	return ret;
}

static int super_make_writable(struct super *super, const char *options)
{
	int ret = 0;

	if (super->bdev && super->bdev->read_only)
		return -EACCES;
	if (super->ops->remount)
		ret = super->ops->remount(super, false, options);
	if (!ret)
		super->read_only = false;
	return ret;
}

int super_remount(struct super *super, bool read_only, const char *options)
{
	if (read_only == super->read_only)
		return 0;
	return read_only ? super_make_read_only(super, options)
			 : super_make_writable(super, options);
}

int fs_sync_all(bool wait)
{
	struct super *super;
	int ret = 0;

	mutex_lock(&supers_lock);
	TAILQ_FOREACH (super, &supers, link) {
		int err = super_sync(super, wait);

		ret = ret ? ret : err;
	}
	mutex_unlock(&supers_lock);
	return ret;
}
