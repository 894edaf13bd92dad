// SPDX-License-Identifier: MIT
/*
 * Changes of directories: mkdir(2), mknod(2), symlink(2), link(2), unlink(2),
 * rmdir(2), rename(2).  Here are the checks that hold for every file system;
 * inode_ops do the work.
 *
 * Order of locks: rename_lock (rename only), directories (parent before child,
 * else by address), then the file that is acted upon.
 */
#include <fs/file.h>

#include <string.h>

#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <fs/dentry.h>
#include <fs/inode.h>
#include <proc/cred.h>

#include "namei.h"

/* One name in its directory, while an operation holds the directory's lock. */
struct dir_entry {
	struct walk walk;
	struct inode *dir;
	struct dentry *dentry;
};

static void entry_end(struct dir_entry *entry)
{
	if (entry->dentry)
		dentry_put(entry->dentry);
	walk_end(&entry->walk);
}

/* Walk to the directory; the name itself is not looked up. */
static int entry_begin(struct dir_entry *entry, int dirfd, const char *name)
{
	int ret;

	entry->dentry = NULL;
	ret = walk_begin(&entry->walk, dirfd, name, 0);
	if (!ret)
		ret = walk_to_parent(&entry->walk);
	if (ret) {
		walk_end(&entry->walk);
		return ret;
	}
	entry->dir = dentry_inode(entry->walk.path.dentry);
	return 0;
}

static int entry_lookup_locked(struct dir_entry *entry)
{
	return dentry_lookup_locked(entry->walk.path.dentry, entry->walk.last,
				    entry->walk.last_len, &entry->dentry);
}

/*
 * For what makes a name: lock the directory, see that the name is free and
 * may be made.  On success the lock is held; entry_commit() ends it.
 */
static int entry_begin_create(struct dir_entry *entry, int dirfd,
			      const char *name, bool is_dir)
{
	int ret;

	ret = entry_begin(entry, dirfd, name);
	if (ret)
		return ret;
	ret = -EEXIST;
	if (!entry->walk.last_len || walk_last_is_dots(&entry->walk))
		goto err_end;

	rwsem_write_lock(&entry->dir->lock);
	ret = entry_lookup_locked(entry);
	if (ret)
		goto err_unlock;
	ret = -EEXIST;
	if (dentry_inode(entry->dentry))
		goto err_unlock;
	ret = -ENOENT;
	if (entry->walk.trailing_slash && !is_dir)
		goto err_unlock;
	ret = mount_check_write(entry->walk.path.mount);
	if (!ret)
		ret = inode_permission(entry->dir, MAY_WRITE | MAY_EXEC);
	if (ret)
		goto err_unlock;
	return 0;

err_unlock:
	rwsem_write_unlock(&entry->dir->lock);
err_end:
	entry_end(entry);
	return ret;
}

static int entry_commit(struct dir_entry *entry, int ret)
{
	rwsem_write_unlock(&entry->dir->lock);
	entry_end(entry);
	return ret;
}

static uint32_t mode_masked(uint32_t mode, uint32_t allowed)
{
	return mode & allowed & ~fs_context_current()->umask;
}

int fs_mkdir(int dirfd, const char *name, uint32_t mode)
{
	struct dir_entry entry;
	int ret;

	ret = entry_begin_create(&entry, dirfd, name, true);
	if (ret)
		return ret;
	ret = -EPERM;
	if (entry.dir->ops->mkdir)
		ret = entry.dir->ops->mkdir(entry.dir, entry.dentry,
					    S_IFDIR | mode_masked(mode, 01777));
	return entry_commit(&entry, ret);
}

int fs_mknod(int dirfd, const char *name, uint32_t mode, uint64_t rdev)
{
	const struct inode_ops *ops;
	struct dir_entry entry;
	int ret;

	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	if (S_ISDIR(mode))
		return -EPERM;
	if (!S_ISREG(mode) && !S_ISCHR(mode) && !S_ISBLK(mode) &&
	    !S_ISFIFO(mode) && !S_ISSOCK(mode))
		return -EINVAL;
	if ((S_ISCHR(mode) || S_ISBLK(mode)) && !capable(CAP_MKNOD))
		return -EPERM;

	ret = entry_begin_create(&entry, dirfd, name, false);
	if (ret)
		return ret;
	ret = -EPERM;
	ops = entry.dir->ops;
	mode = (mode & S_IFMT) | mode_masked(mode, 07777);
	if (S_ISREG(mode) && ops->create)
		ret = ops->create(entry.dir, entry.dentry, mode);
	else if (!S_ISREG(mode) && ops->mknod)
		ret = ops->mknod(entry.dir, entry.dentry, mode, rdev);
	return entry_commit(&entry, ret);
}

int fs_symlink(const char *target, int dirfd, const char *name)
{
	struct dir_entry entry;
	int ret;

	if (!*target)
		return -ENOENT;
	ret = entry_begin_create(&entry, dirfd, name, false);
	if (ret)
		return ret;
	ret = -EPERM;
	if (entry.dir->ops->symlink)
		ret = entry.dir->ops->symlink(entry.dir, entry.dentry, target);
	return entry_commit(&entry, ret);
}

static int link_locked(struct dir_entry *entry, const struct path *old)
{
	struct inode *inode = dentry_inode(old->dentry);
	int ret;

	if (old->mount != entry->walk.path.mount)
		return -EXDEV;
	if (S_ISDIR(inode->mode) || !entry->dir->ops->link)
		return -EPERM;
	rwsem_write_lock(&inode->lock);
	ret = -ENOENT; /* all its names are gone: it stays nameless */
	if (inode->nlink > 0)
		ret = entry->dir->ops->link(old->dentry, entry->dir,
					    entry->dentry);
	rwsem_write_unlock(&inode->lock);
	return ret;
}

int fs_link(int old_dirfd, const char *old_name, int dirfd, const char *name,
	    unsigned lookup_flags)
{
	struct dir_entry entry;
	struct path old;
	int ret;

	ret = path_lookup(old_dirfd, old_name, lookup_flags, &old);
	if (ret)
		return ret;
	ret = entry_begin_create(&entry, dirfd, name, false);
	if (!ret)
		ret = entry_commit(&entry, link_locked(&entry, &old));
	path_put(&old);
	return ret;
}

/* May the caller take that name out of dir?  unlink(2), "EPERM" and "EACCES". */
static int may_delete(struct inode *dir, const struct inode *inode)
{
	int ret = inode_permission(dir, MAY_WRITE | MAY_EXEC);

	if (ret)
		return ret;
	if ((dir->mode & S_ISVTX) && !inode_owner_or_capable(inode) &&
	    current_cred()->fsuid != dir->uid)
		return -EPERM;
	return 0;
}

/* The directory is locked and the name looked up: may it go? */
static int delete_check(struct dir_entry *entry, bool is_rmdir)
{
	struct inode *inode = dentry_inode(entry->dentry);
	int ret;

	if (!inode)
		return -ENOENT;
	if (entry->walk.trailing_slash && !S_ISDIR(inode->mode))
		return -ENOTDIR;
	ret = mount_check_write(entry->walk.path.mount);
	if (!ret)
		ret = may_delete(entry->dir, inode);
	if (ret)
		return ret;
	if (is_rmdir && !S_ISDIR(inode->mode))
		return -ENOTDIR;
	if (!is_rmdir && S_ISDIR(inode->mode))
		return -EISDIR;
	return dentry_has(entry->dentry, DENTRY_MOUNTED) ? -EBUSY : 0;
}

static int delete_locked(struct dir_entry *entry, bool is_rmdir)
{
	int (*op)(struct inode * dir, struct dentry * dentry);
	struct inode *inode;
	int ret;

	ret = entry_lookup_locked(entry);
	if (!ret)
		ret = delete_check(entry, is_rmdir);
	if (ret)
		return ret;
	inode = dentry_inode(entry->dentry);
	op = is_rmdir ? entry->dir->ops->rmdir : entry->dir->ops->unlink;
	if (!op)
		return -EPERM;
	rwsem_write_lock(&inode->lock);
	ret = op(entry->dir, entry->dentry);
	if (!ret)
		dentry_drop(entry->dentry);
	rwsem_write_unlock(&inode->lock);
	if (!ret && is_rmdir)
		dentry_prune_children(entry->dentry);
	return ret;
}

static int fs_delete(int dirfd, const char *name, bool is_rmdir)
{
	struct dir_entry entry;
	int ret;

	ret = entry_begin(&entry, dirfd, name);
	if (ret)
		return ret;
	if (!entry.walk.last_len) {
		ret = is_rmdir ? -EBUSY : -EISDIR;
	} else if (walk_last_is_dots(&entry.walk)) {
		ret = -EISDIR;
		if (is_rmdir)
			ret = entry.walk.last_len == 1 ? -EINVAL : -ENOTEMPTY;
	} else {
		rwsem_write_lock(&entry.dir->lock);
		ret = delete_locked(&entry, is_rmdir);
		rwsem_write_unlock(&entry.dir->lock);
	}
	entry_end(&entry);
	return ret;
}

int fs_unlink(int dirfd, const char *name)
{
	return fs_delete(dirfd, name, false);
}

int fs_rmdir(int dirfd, const char *name)
{
	return fs_delete(dirfd, name, true);
}

/* Is dentry a or below it?  rename_lock held, so the tree stands still. */
static bool dentry_is_below(const struct dentry *dentry, const struct dentry *a)
{
	while (dentry != a && dentry->parent != dentry)
		dentry = dentry->parent;
	return dentry == a;
}

/*
 * Both directories: an ancestor first, or else by address.  Nothing moves
 * while rename_lock is held, so who is an ancestor stays so.
 */
static void lock_two_dirs(struct dir_entry *a, struct dir_entry *b)
{
	struct inode *first = a->dir;
	struct inode *second = b->dir;

	if (first == second) {
		rwsem_write_lock(&first->lock);
		return;
	}
	if (dentry_is_below(a->walk.path.dentry, b->walk.path.dentry) ||
	    (!dentry_is_below(b->walk.path.dentry, a->walk.path.dentry) &&
	     first > second)) {
		first = b->dir;
		second = a->dir;
	}
	rwsem_write_lock(&first->lock);
	rwsem_write_lock(&second->lock);
}

static void unlock_two(struct inode *a, struct inode *b)
{
	if (a)
		rwsem_write_unlock(&a->lock);
	if (b && b != a)
		rwsem_write_unlock(&b->lock);
}

/*
 * The inodes that move or go; either may be missing.  A directory first (an
 * exchange may mix them), or else by address.
 */
static void lock_two_children(struct inode *a, struct inode *b)
{
	struct inode *first = MIN(a, b);
	struct inode *second = MAX(a, b);

	if (first && S_ISDIR(second->mode) && !S_ISDIR(first->mode)) {
		first = second;
		second = MIN(a, b);
	}
	if (first)
		rwsem_write_lock(&first->lock);
	if (second && second != first)
		rwsem_write_lock(&second->lock);
}

static int rename_check_kinds(const struct dir_entry *old,
			      const struct dir_entry *new, unsigned flags)
{
	const struct inode *source = dentry_inode(old->dentry);
	const struct inode *target = dentry_inode(new->dentry);
	bool source_is_dir = S_ISDIR(source->mode);

	if (!source_is_dir &&
	    (old->walk.trailing_slash ||
	     (new->walk.trailing_slash && !(flags & RENAME_EXCHANGE))))
		return -ENOTDIR;
	if (!target)
		return flags & RENAME_EXCHANGE ? -ENOENT : 0;
	if (flags & RENAME_NOREPLACE)
		return -EEXIST;
	if (flags & RENAME_EXCHANGE)
		return 0;
	if (source_is_dir && !S_ISDIR(target->mode))
		return -ENOTDIR;
	return !source_is_dir && S_ISDIR(target->mode) ? -EISDIR : 0;
}

/* A directory may not move into itself, nor over what it lies in. */
static int rename_check_loops(const struct dir_entry *old,
			      const struct dir_entry *new, unsigned flags)
{
	if (dentry_is_below(new->walk.path.dentry, old->dentry))
		return -EINVAL;
	if (dentry_is_below(old->walk.path.dentry, new->dentry))
		return flags & RENAME_EXCHANGE ? -EINVAL : -ENOTEMPTY;
	return 0;
}

static int rename_check(struct dir_entry *old, struct dir_entry *new,
			unsigned flags)
{
	struct inode *source = dentry_inode(old->dentry);
	struct inode *target = dentry_inode(new->dentry);
	int ret;

	if (!source)
		return -ENOENT;
	ret = rename_check_loops(old, new, flags);
	if (ret)
		return ret;
	ret = rename_check_kinds(old, new, flags);
	if (ret)
		return ret;
	ret = mount_check_write(old->walk.path.mount);
	if (!ret)
		ret = may_delete(old->dir, source);
	if (!ret)
		ret = target ? may_delete(new->dir, target)
			     : inode_permission(new->dir, MAY_WRITE | MAY_EXEC);
	/* ".." is written, too, when a directory changes its parent. */
	if (!ret && S_ISDIR(source->mode) && old->dir != new->dir)
		ret = inode_permission(source, MAY_WRITE);
	if (ret)
		return ret;
	if (dentry_has(old->dentry, DENTRY_MOUNTED) ||
	    dentry_has(new->dentry, DENTRY_MOUNTED))
		return -EBUSY;
	return old->dir->ops->rename ? 0 : -EPERM;
}

/* Everything is locked: ask the file system, then let the cache follow. */
static int rename_do(struct dir_entry *old, struct dir_entry *new,
		     unsigned flags)
{
	struct inode *source = dentry_inode(old->dentry);
	struct inode *target = dentry_inode(new->dentry);
	int ret;

	if (source == target) /* two names of one file: nothing happens */
		return 0;
	lock_two_children(source, target);
	ret = old->dir->ops->rename(old->dir, old->dentry, new->dir,
				    new->dentry,
				    flags & ~(unsigned)RENAME_NOREPLACE);
	if (!ret && (flags & RENAME_EXCHANGE))
		dentry_exchange(old->dentry, new->dentry);
	else if (!ret)
		dentry_move(old->dentry, new->dentry);
	unlock_two(source, target);
	return ret;
}

static int rename_locked(struct dir_entry *old, struct dir_entry *new,
			 unsigned flags)
{
	int ret;

	ret = entry_lookup_locked(old);
	if (!ret)
		ret = entry_lookup_locked(new);
	if (!ret)
		ret = rename_check(old, new, flags);
	if (!ret)
		ret = rename_do(old, new, flags);
	return ret;
}

static int rename_entries(struct dir_entry *old, struct dir_entry *new,
			  unsigned flags)
{
	struct super *super = old->dir->super;
	bool pruned = false;
	int ret;

	if (old->walk.path.mount != new->walk.path.mount)
		return -EXDEV;
	if (!old->walk.last_len || walk_last_is_dots(&old->walk))
		return -EBUSY;
	if (!new->walk.last_len || walk_last_is_dots(&new->walk))
		return flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;

	mutex_lock(&super->rename_lock);
	lock_two_dirs(old, new);
	ret = rename_locked(old, new, flags);
	pruned =
		!ret && !(flags & RENAME_EXCHANGE) && dentry_inode(new->dentry);
	unlock_two(old->dir, new->dir);
	mutex_unlock(&super->rename_lock);
	if (pruned)
		dentry_prune_children(new->dentry);
	return ret;
}

int fs_rename(int old_dirfd, const char *old_name, int dirfd, const char *name,
	      unsigned flags)
{
	struct dir_entry old, new;
	int ret;

	if (flags & ~(unsigned)(RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	if ((flags & RENAME_NOREPLACE) && (flags & RENAME_EXCHANGE))
		return -EINVAL;
	ret = entry_begin(&old, old_dirfd, old_name);
	if (ret)
		return ret;
	ret = entry_begin(&new, dirfd, name);
	if (ret)
		goto out_end_old;
	ret = rename_entries(&old, &new, flags);
	entry_end(&new);
out_end_old:
	entry_end(&old);
	return ret;
}
