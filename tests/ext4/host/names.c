// SPDX-License-Identifier: MIT
/* Operations on names, as the VFS calls them. */
#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include "host.h"

static void make_dentry(struct dentry *dentry, const char *name)
{
	memset(dentry, 0, sizeof(*dentry));
	dentry->name = name;
	dentry->name_len = (uint16_t)strlen(name);
}

static int find(struct inode *dir, const char *name, struct dentry *dentry)
{
	make_dentry(dentry, name);
	return dir->ops->lookup(dir, dentry);
}

/* The same for names that must be there. */
static int find_existing(struct inode *dir, const char *name,
			 struct dentry *dentry)
{
	int ret = find(dir, name, dentry);

	return ret ? ret : dentry->inode ? 0 : -ENOENT;
}

/* A damaged disk may have a directory in itself. */
static void lock_child(struct inode *dir, struct inode *inode)
{
	if (inode != dir)
		rwsem_write_lock(&inode->lock);
}

static void unlock_child(struct inode *dir, struct inode *inode)
{
	if (inode != dir)
		rwsem_write_unlock(&inode->lock);
}

int host_lookup(struct inode *dir, const char *name, struct inode **inode)
{
	struct dentry dentry;
	int ret;

	rwsem_read_lock(&dir->lock);
	ret = find(dir, name, &dentry);
	rwsem_read_unlock(&dir->lock);
	*inode = dentry.inode;
	return ret;
}

int host_create(struct inode *dir, const char *name, uint32_t mode,
		struct inode **inode)
{
	struct dentry dentry;
	int ret;

	make_dentry(&dentry, name);
	rwsem_write_lock(&dir->lock);
	if (S_ISDIR(mode))
		ret = dir->ops->mkdir(dir, &dentry, mode);
	else if (S_ISREG(mode))
		ret = dir->ops->create(dir, &dentry, mode);
	else
		ret = dir->ops->mknod(dir, &dentry, mode, 0x103);
	rwsem_write_unlock(&dir->lock);
	*inode = dentry.inode;
	return ret;
}

int host_mkdir(struct inode *dir, const char *name)
{
	struct inode *inode;
	int ret = host_create(dir, name, S_IFDIR | 0755, &inode);

	if (!ret)
		inode_put(inode);
	return ret;
}

int host_symlink(struct inode *dir, const char *name, const char *target)
{
	struct dentry dentry;
	int ret;

	make_dentry(&dentry, name);
	rwsem_write_lock(&dir->lock);
	ret = dir->ops->symlink(dir, &dentry, target);
	rwsem_write_unlock(&dir->lock);
	if (!ret)
		inode_put(dentry.inode);
	return ret;
}

int host_link(struct inode *inode, struct inode *dir, const char *name)
{
	struct dentry old = { .inode = inode }, dentry;
	int ret;

	make_dentry(&dentry, name);
	rwsem_write_lock(&dir->lock);
	lock_child(dir, inode);
	ret = dir->ops->link(&old, dir, &dentry);
	unlock_child(dir, inode);
	rwsem_write_unlock(&dir->lock);
	if (!ret)
		inode_put(dentry.inode);
	return ret;
}

int host_remove(struct inode *dir, const char *name, bool is_dir,
		struct inode **removed)
{
	struct dentry dentry;
	int ret;

	rwsem_write_lock(&dir->lock);
	ret = find_existing(dir, name, &dentry);
	*removed = dentry.inode;
	if (!ret) {
		lock_child(dir, dentry.inode);
		if (is_dir)
			ret = dir->ops->rmdir(dir, &dentry);
		else
			ret = dir->ops->unlink(dir, &dentry);
		unlock_child(dir, dentry.inode);
	}
	rwsem_write_unlock(&dir->lock);
	return ret;
}

static int remove_for_good(struct inode *dir, const char *name, bool is_dir)
{
	struct inode *inode;
	int ret = host_remove(dir, name, is_dir, &inode);

	if (inode)
		inode_put(inode);
	return ret;
}

int host_unlink(struct inode *dir, const char *name)
{
	return remove_for_good(dir, name, false);
}

int host_rmdir(struct inode *dir, const char *name)
{
	return remove_for_good(dir, name, true);
}

static int rename_locked(struct inode *old_dir, const char *old,
			 struct inode *new_dir, const char *new, unsigned flags,
			 struct inode **replaced)
{
	struct dentry from, to;
	int ret = find_existing(old_dir, old, &from);

	if (ret)
		return ret;
	ret = find(new_dir, new, &to);
	if (!ret && from.inode != to.inode)
		ret = old_dir->ops->rename(old_dir, &from, new_dir, &to, flags);
	inode_put(from.inode);
	*replaced = to.inode;
	return ret;
}

int host_move(struct inode *old_dir, const char *old, struct inode *new_dir,
	      const char *new, unsigned flags, struct inode **replaced)
{
	struct inode *first = MIN(old_dir, new_dir);
	struct inode *second = MAX(old_dir, new_dir);
	int ret;

	*replaced = NULL;
	rwsem_write_lock(&first->lock);
	if (second != first)
		rwsem_write_lock(&second->lock);
	ret = rename_locked(old_dir, old, new_dir, new, flags, replaced);
	if (second != first)
		rwsem_write_unlock(&second->lock);
	rwsem_write_unlock(&first->lock);
	return ret;
}

int host_rename(struct inode *old_dir, const char *old, struct inode *new_dir,
		const char *new, unsigned flags)
{
	struct inode *replaced;
	int ret = host_move(old_dir, old, new_dir, new, flags, &replaced);

	if (replaced)
		inode_put(replaced);
	return ret;
}
