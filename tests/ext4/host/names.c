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

int host_lookup(struct inode *dir, const char *name, struct inode **inode)
{
	struct dentry dentry;
	int ret = find(dir, name, &dentry);

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
	if (S_ISREG(mode))
		ret = dir->ops->create(dir, &dentry, mode);
	else
		ret = dir->ops->mknod(dir, &dentry, mode, 0x103);
	rwsem_write_unlock(&dir->lock);
	*inode = dentry.inode;
	return ret;
}

int host_mkdir(struct inode *dir, const char *name)
{
	struct dentry dentry;
	int ret;

	make_dentry(&dentry, name);
	ret = dir->ops->mkdir(dir, &dentry, S_IFDIR | 0755);
	if (!ret)
		inode_put(dentry.inode);
	return ret;
}

int host_symlink(struct inode *dir, const char *name, const char *target)
{
	struct dentry dentry;
	int ret;

	make_dentry(&dentry, name);
	ret = dir->ops->symlink(dir, &dentry, target);
	if (!ret)
		inode_put(dentry.inode);
	return ret;
}

int host_link(struct inode *inode, struct inode *dir, const char *name)
{
	struct dentry old = { .inode = inode }, dentry;
	int ret;

	make_dentry(&dentry, name);
	ret = dir->ops->link(&old, dir, &dentry);
	if (!ret)
		inode_put(dentry.inode);
	return ret;
}

static int delete (struct inode *dir, const char *name, bool is_dir)
{
	struct dentry dentry;
	int ret = find_existing(dir, name, &dentry);

	if (ret)
		return ret;
	if (is_dir)
		ret = dir->ops->rmdir(dir, &dentry);
	else
		ret = dir->ops->unlink(dir, &dentry);
	inode_put(dentry.inode);
	return ret;
}

int host_unlink(struct inode *dir, const char *name)
{
	return delete (dir, name, false);
}

int host_rmdir(struct inode *dir, const char *name)
{
	return delete (dir, name, true);
}

int host_rename(struct inode *old_dir, const char *old, struct inode *new_dir,
		const char *new, unsigned flags)
{
	struct dentry from, to;
	int ret = find_existing(old_dir, old, &from);

	if (ret)
		return ret;
	ret = find(new_dir, new, &to);
	if (!ret && from.inode != to.inode)
		ret = old_dir->ops->rename(old_dir, &from, new_dir, &to, flags);
	inode_put(from.inode);
	if (to.inode)
		inode_put(to.inode);
	return ret;
}
