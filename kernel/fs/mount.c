// SPDX-License-Identifier: MIT
/*
 * The mount tree: mount(2), umount(2), and crossing from one file system into
 * another.
 *
 * mount_lock serialises changes and may be held over I/O; tree_lock guards the
 * links, so that a path walk needs no sleeping lock.  A mount counts the paths
 * into it: one is the tree's own, so with more than that it is busy.
 * Propagation between mount name spaces is left out; there is one.
 */
#include <fs/mount.h>

#include <string.h>

#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <core/mutex.h>
#include <core/panic.h>
#include <dev/block.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <proc/cred.h>

#define MOUNT_BUCKETS   32
#define UMOUNT_DETACH   2 /* MNT_DETACH of umount2(2), not in UAPI headers */
#define UMOUNT_NOFOLLOW 8

/* Flags that a mount keeps; the others are verbs. */
#define MOUNT_FLAGS                                                            \
	(MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME |           \
	 MS_NODIRATIME | MS_RELATIME)
#define MOUNT_PROPAGATION (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)

LIST_HEAD(mount_list, mount);
TAILQ_HEAD(mount_queue, mount);

static struct mutex mount_lock = MUTEX_INIT(mount_lock, LOCK_MOUNT);
static spinlock_t tree_lock = SPINLOCK_INIT(LOCK_LEAF);
static struct mount_list buckets[MOUNT_BUCKETS]; /* [tree_lock] by parent */
static struct mount_queue mounts = TAILQ_HEAD_INITIALIZER(mounts);
static struct mount *top; /* [tree_lock] the root of the name space */

static struct mount_list *bucket_of(const struct path *parent)
{
	uintptr_t h =
		(uintptr_t)parent->dentry / 64 + (uintptr_t)parent->mount / 32;

	return &buckets[(h ^ h >> 5) % MOUNT_BUCKETS];
}

/* tree_lock held. */
static struct mount *find_locked(const struct path *path)
{
	struct mount *mount;

	LIST_FOREACH (mount, bucket_of(path), hash_link) {
		if (path_equal(&mount->parent, path))
			return mount;
	}
	return NULL;
}

struct mount *mount_lookup(const struct path *path)
{
	struct mount *mount;

	spin_lock(&tree_lock);
	mount = find_locked(path);
	if (mount)
		mount_get(mount);
	spin_unlock(&tree_lock);
	return mount;
}

bool mount_parent(const struct mount *mount, struct path *parent)
{
	bool has;

	spin_lock(&tree_lock);
	*parent = mount->parent;
	has = parent->mount != NULL;
	if (has)
		path_get(parent);
	spin_unlock(&tree_lock);
	return has;
}

int mount_check_write(const struct mount *mount)
{
	if ((mount->flags & MS_RDONLY) || mount->super->read_only)
		return -EROFS;
	return 0;
}

struct mount *mount_nth(unsigned n)
{
	struct mount *mount;

	spin_lock(&tree_lock);
	TAILQ_FOREACH (mount, &mounts, link) {
		if (n-- == 0) {
			mount_get(mount);
			break;
		}
	}
	spin_unlock(&tree_lock);
	return mount;
}

static struct mount *mount_alloc(struct super *super, struct dentry *root,
				 unsigned flags, const char *source)
{
	struct mount *mount = kzalloc(sizeof(*mount));

	if (!mount)
		return NULL;
	mount->source = kstrdup(source && *source ? source : "none");
	if (!mount->source) {
		kfree(mount);
		return NULL;
	}
	refcount_set(&mount->refs, 1);
	mount->super = super;
	mount->root = dentry_get(root);
	mount->flags = flags & MOUNT_FLAGS;
	return mount;
}

/* Out of the tree and without users; mount_lock held unless it was detached. */
static void mount_free(struct mount *mount)
{
	dentry_put(mount->root);
	super_deactivate(mount->super);
	kfree(mount->source);
	kfree(mount);
}

void mount_put(struct mount *mount)
{
	if (likely(!refcount_put(&mount->refs)))
		return;
	/* Only a lazily unmounted one dies by its last path. */
	mutex_lock(&mount_lock);
	mount_free(mount);
	mutex_unlock(&mount_lock);
}

/* mount_lock held.  -EBUSY: something is mounted right there already. */
static int mount_attach(struct mount *mount, const struct path *parent)
{
	struct mount_list *bucket = bucket_of(parent);

	if (!dentry_has(parent->dentry, DENTRY_HASHED) &&
	    parent->dentry->parent != parent->dentry)
		return -ENOENT;
	path_get(parent);
	spin_lock(&tree_lock);
	mount->parent = *parent;
	LIST_INSERT_HEAD(bucket, mount, hash_link);
	TAILQ_INSERT_TAIL(&mounts, mount, link);
	atomic_fetch_or(&parent->dentry->flags, DENTRY_MOUNTED);
	spin_unlock(&tree_lock);
	return 0;
}

/* tree_lock held.  Returns the parent path, which the caller puts. */
static struct path mount_detach_locked(struct mount *mount)
{
	struct path parent = mount->parent;
	struct mount *other;
	bool still_mounted = false;

	LIST_REMOVE(mount, hash_link);
	TAILQ_REMOVE(&mounts, mount, link);
	mount->parent = (struct path){ 0 };
	LIST_FOREACH (other, bucket_of(&parent), hash_link)
		still_mounted |= other->parent.dentry == parent.dentry;
	/* A dentry seen through two mounts keeps the mark: it is a hint. */
	if (!still_mounted)
		atomic_fetch_and(&parent.dentry->flags, ~(int)DENTRY_MOUNTED);
	return parent;
}

static int device_of_source(const char *source, struct block_device **bdev)
{
	struct path path;
	struct inode *inode;
	int ret;

	if (!source || !*source)
		return -EINVAL;
	ret = path_lookup(AT_FDCWD, source, LOOKUP_FOLLOW, &path);
	if (ret) {
		/* Before /dev is there, the kernel says "vda". */
		*bdev = block_device_find(source);
		return *bdev ? block_device_check(*bdev) : ret;
	}
	inode = dentry_inode(path.dentry);
	*bdev = NULL;
	if (!S_ISBLK(inode->mode))
		ret = -ENOTBLK;
	else if ((*bdev = block_device_by_dev(inode->rdev)) == NULL)
		ret = -ENXIO;
	else
		ret = block_device_check(*bdev);
	path_put(&path);
	return ret;
}

static int mount_new(const char *source, const struct path *where,
		     const char *type_name, unsigned long flags,
		     const char *options)
{
	struct fs_type *type = type_name ? fs_type_find(type_name) : NULL;
	struct block_device *bdev = NULL;
	struct super *super;
	struct mount *mount;
	int ret;

	if (!type)
		return type_name ? -ENODEV : -EINVAL;
	if (type->needs_device) {
		ret = device_of_source(source, &bdev);
		if (ret)
			return ret;
		if (bdev->read_only && !(flags & MS_RDONLY))
			return -EACCES;
	}
	ret = super_activate(type, bdev, flags, options, &super);
	if (ret)
		return ret;
	mount = mount_alloc(super, super->root, (unsigned)flags, source);
	if (!mount) {
		super_deactivate(super);
		return -ENOMEM;
	}
	ret = where ? mount_attach(mount, where) : 0;
	if (ret) {
		mount_free(mount);
		return ret;
	}
	if (!where) {
		top = mount;
		TAILQ_INSERT_TAIL(&mounts, mount, link);
	}
	return 0;
}

static int mount_bind(const char *source, const struct path *where,
		      unsigned long flags)
{
	struct path from;
	struct mount *mount;
	int ret;

	if (!source)
		return -EINVAL;
	ret = path_lookup(AT_FDCWD, source, LOOKUP_FOLLOW, &from);
	if (ret)
		return ret;
	ret = -ENOTDIR;
	if (S_ISDIR(dentry_inode(from.dentry)->mode) !=
	    S_ISDIR(dentry_inode(where->dentry)->mode))
		goto out;
	ret = -ENOMEM;
	mount = mount_alloc(from.mount->super, from.dentry,
			    from.mount->flags | (flags & MOUNT_FLAGS),
			    from.mount->source);
	if (!mount)
		goto out;
	from.mount->super->active++;
	ret = mount_attach(mount, where);
	if (ret)
		mount_free(mount);
out:
	path_put(&from);
	return ret;
}

static int mount_change(const struct path *where, unsigned long flags,
			const char *options)
{
	int ret = 0;

	if (where->dentry != where->mount->root)
		return -EINVAL;
	if (!(flags & MS_BIND))
		ret = super_remount(where->mount->super, flags & MS_RDONLY,
				    options);
	if (ret)
		return ret;
	where->mount->flags = (unsigned)flags & MOUNT_FLAGS;
	return 0;
}

/* Is path somewhere below what is mounted as mount? */
static bool path_is_under(const struct path *path, const struct mount *mount)
{
	const struct mount *m;

	for (m = path->mount; m; m = m->parent.mount) {
		if (m == mount)
			return true;
	}
	return false;
}

static int mount_move(const char *source, const struct path *where)
{
	struct path from, old_parent;
	int ret;

	if (!source)
		return -EINVAL;
	ret = path_lookup(AT_FDCWD, source, LOOKUP_FOLLOW, &from);
	if (ret)
		return ret;
	ret = -EINVAL;
	if (from.dentry != from.mount->root || !from.mount->parent.mount)
		goto out;
	ret = -ELOOP;
	if (path_is_under(where, from.mount))
		goto out;
	spin_lock(&tree_lock);
	old_parent = mount_detach_locked(from.mount);
	spin_unlock(&tree_lock);
	path_put(&old_parent);
	ret = mount_attach(from.mount, where);
out:
	path_put(&from);
	return ret;
}

int fs_mount(const char *source, const char *target, const char *type,
	     unsigned long flags, const char *options)
{
	struct path where;
	int ret;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~(unsigned long)MS_MGC_MSK;

	mutex_lock(&mount_lock);
	ret = path_lookup(AT_FDCWD, target, LOOKUP_FOLLOW, &where);
	if (ret)
		goto out_unlock;
	if (flags & MS_REMOUNT)
		ret = mount_change(&where, flags, options);
	else if (flags & MS_BIND)
		ret = mount_bind(source, &where, flags);
	else if (flags & MOUNT_PROPAGATION)
		ret = 0;
	else if (flags & MS_MOVE)
		ret = mount_move(source, &where);
	else if (!S_ISDIR(dentry_inode(where.dentry)->mode))
		ret = -ENOTDIR;
	else
		ret = mount_new(source, &where, type, flags, options);
	path_put(&where);
out_unlock:
	mutex_unlock(&mount_lock);
	return ret;
}

int fs_mount_first(const char *type, const char *options)
{
	struct fs_context *ctx = fs_context_current();
	struct path root;
	int ret;

	mutex_lock(&mount_lock);
	ret = mount_new(type, NULL, type, 0, options);
	mutex_unlock(&mount_lock);
	if (ret)
		return ret;
	fs_root_path(&root);
	fs_context_set_root(ctx, &root);
	fs_context_set_cwd(ctx, &root);
	path_put(&root);
	return 0;
}

void fs_root_path(struct path *root)
{
	spin_lock(&tree_lock);
	root->mount = top;
	root->dentry = top->root;
	path_get(root);
	spin_unlock(&tree_lock);
}

int fs_switch_root(const struct path *new_root)
{
	struct mount *mount = new_root->mount;
	struct path old_parent;
	struct mount *old;

	if (new_root->dentry != mount->root || !mount->parent.mount)
		return -EINVAL;
	mutex_lock(&mount_lock);
	spin_lock(&tree_lock);
	old_parent = mount_detach_locked(mount);
	TAILQ_INSERT_HEAD(&mounts, mount, link);
	old = top;
	TAILQ_REMOVE(&mounts, old, link);
	top = mount;
	spin_unlock(&tree_lock);
	mutex_unlock(&mount_lock);
	path_put(&old_parent);
	mount_put(old); /* the tree's reference: it goes with its last user */
	return 0;
}

static bool mount_has_children(const struct mount *mount)
{
	const struct mount *other;

	TAILQ_FOREACH (other, &mounts, link) {
		if (other->parent.mount == mount)
			return true;
	}
	return false;
}

/* mount_lock held; path is where the mount to go is seen. */
static int umount_locked(struct path *path, unsigned flags)
{
	struct mount *mount = path->mount;
	struct path parent;

	if (path->dentry != mount->root || mount == top ||
	    !mount->parent.mount) {
		path_put(path);
		return mount == top ? -EBUSY : -EINVAL;
	}
	/* Our own path is one reference, the tree's the other. */
	spin_lock(&tree_lock);
	if (!(flags & UMOUNT_DETACH) &&
	    (refcount_read(&mount->refs) > 2 || mount_has_children(mount))) {
		spin_unlock(&tree_lock);
		path_put(path);
		return -EBUSY;
	}
	parent = mount_detach_locked(mount);
	spin_unlock(&tree_lock);

	path_put(path);
	path_put(&parent);
	if (refcount_put(&mount->refs))
		mount_free(mount);
	return 0;
}

int fs_umount(const char *target, unsigned flags)
{
	unsigned lookup = flags & UMOUNT_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct path path;
	int ret;

	if (flags & ~15u)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	mutex_lock(&mount_lock);
	ret = path_lookup(AT_FDCWD, target, lookup, &path);
	if (!ret)
		ret = umount_locked(&path, flags);
	mutex_unlock(&mount_lock);
	return ret;
}
