// SPDX-License-Identifier: MIT
/*
 * tmpfs: directories.  The dentry cache is the directory: a child's dentry is
 * pinned as long as the name exists.  A tree in order of creation gives
 * readdir a position that survives changes.
 */
#include <string.h>

#include <linux/fs.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <fs/dentry.h>
#include <fs/file.h>

#include "tmpfs_internal.h"

#define FIRST_COOKIE 2 /* after "." and ".." */

static int node_compare(const struct tmpfs_node *a, const struct tmpfs_node *b)
{
	return (a->cookie > b->cookie) - (a->cookie < b->cookie);
}

RB_GENERATE_STATIC(tmpfs_tree, tmpfs_node, link, node_compare)

static void node_insert(struct inode *dir, struct tmpfs_node *node)
{
	struct tmpfs_dir *list = dir->private;

	node->cookie = FIRST_COOKIE + list->next_cookie++;
	RB_INSERT(tmpfs_tree, &list->children, node);
}

static void node_remove(struct inode *dir, struct tmpfs_node *node)
{
	struct tmpfs_dir *list = dir->private;

	RB_REMOVE(tmpfs_tree, &list->children, node);
}

static void dir_touch(struct inode *dir)
{
	inode_touch(dir, ATTR_MTIME | ATTR_CTIME);
}

/* The name exists from here on. */
static void child_add(struct inode *dir, struct dentry *dentry,
		      struct tmpfs_node *node)
{
	node->dentry = dentry;
	dentry->private = node;
	node_insert(dir, node);
	dentry_pin(dentry);
	dir_touch(dir);
}

static void child_remove(struct inode *dir, struct dentry *dentry)
{
	struct tmpfs_node *node = dentry->private;

	dentry->private = NULL;
	node_remove(dir, node);
	kfree(node);
	dentry_unpin(dentry);
	dir_touch(dir);
}

/* All names are in the cache: what is not there does not exist. */
static int tmpfs_lookup(struct inode *dir, struct dentry *dentry)
{
	(void)dir;
	(void)dentry;
	return 0;
}

static int tmpfs_make(struct inode *dir, struct dentry *dentry, uint32_t mode,
		      uint64_t rdev, const char *target)
{
	struct tmpfs_node *node = kmalloc(sizeof(*node));
	struct inode *inode;
	int ret;

	if (!node)
		return -ENOMEM;
	ret = tmpfs_inode_make(dir->super, dir, mode, rdev, target, &inode);
	if (ret) {
		kfree(node);
		return ret;
	}
	if (S_ISDIR(mode))
		dir->nlink++;
	dentry_set_inode(dentry, inode);
	child_add(dir, dentry, node);
	return 0;
}

static int tmpfs_create(struct inode *dir, struct dentry *dentry, uint32_t mode)
{
	return tmpfs_make(dir, dentry, mode, 0, NULL);
}

static int tmpfs_mknod(struct inode *dir, struct dentry *dentry, uint32_t mode,
		       uint64_t rdev)
{
	return tmpfs_make(dir, dentry, mode, rdev, NULL);
}

static int tmpfs_symlink(struct inode *dir, struct dentry *dentry,
			 const char *target)
{
	return tmpfs_make(dir, dentry, S_IFLNK | 0777, 0, target);
}

static int tmpfs_link(struct dentry *old, struct inode *dir,
		      struct dentry *dentry)
{
	struct tmpfs_node *node = kmalloc(sizeof(*node));
	struct inode *inode = dentry_inode(old);

	if (!node)
		return -ENOMEM;
	inode->nlink++;
	inode_touch(inode, ATTR_CTIME);
	dentry_set_inode(dentry, inode_get(inode));
	child_add(dir, dentry, node);
	return 0;
}

static int tmpfs_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = dentry_inode(dentry);

	inode->nlink--;
	inode_touch(inode, ATTR_CTIME);
	child_remove(dir, dentry);
	return 0;
}

static bool dir_is_empty(const struct inode *dir)
{
	const struct tmpfs_dir *list = dir->private;

	return RB_EMPTY(&list->children);
}

static int tmpfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = dentry_inode(dentry);

	if (!dir_is_empty(inode))
		return -ENOTEMPTY;
	inode->nlink = 0;
	dir->nlink--;
	child_remove(dir, dentry);
	return 0;
}

/* The nodes keep their places and change dentries. */
static void rename_exchange(struct inode *old_dir, struct dentry *old,
			    struct inode *new_dir, struct dentry *new)
{
	struct tmpfs_node *old_node = old->private;
	struct tmpfs_node *new_node = new->private;
	int moved = (int)S_ISDIR(dentry_inode(old)->mode) -
		    (int)S_ISDIR(dentry_inode(new)->mode);

	old_node->dentry = new;
	new->private = old_node;
	new_node->dentry = old;
	old->private = new_node;
	new_dir->nlink += (uint32_t)moved;
	old_dir->nlink -= (uint32_t)moved;
	inode_touch(dentry_inode(new), ATTR_CTIME);
}

static void rename_drop_target(struct inode *dir, struct dentry *target)
{
	struct inode *inode = dentry_inode(target);

	if (S_ISDIR(inode->mode)) {
		inode->nlink = 0;
		dir->nlink--;
	} else {
		inode->nlink--;
	}
	inode_touch(inode, ATTR_CTIME);
	child_remove(dir, target);
}

static int tmpfs_rename(struct inode *old_dir, struct dentry *old,
			struct inode *new_dir, struct dentry *new,
			unsigned flags)
{
	struct inode *inode = dentry_inode(old);
	struct inode *target = dentry_inode(new);
	struct tmpfs_node *node = old->private;

	if (flags & RENAME_EXCHANGE) {
		rename_exchange(old_dir, old, new_dir, new);
	} else {
		if (target && S_ISDIR(target->mode) && !dir_is_empty(target))
			return -ENOTEMPTY;
		if (target)
			rename_drop_target(new_dir, new);
		node_remove(old_dir, node);
		node_insert(new_dir, node);
		if (S_ISDIR(inode->mode)) {
			old_dir->nlink--;
			new_dir->nlink++;
		}
	}
	inode_touch(inode, ATTR_CTIME);
	dir_touch(old_dir);
	dir_touch(new_dir);
	return 0;
}

static int tmpfs_readdir(struct file *file, struct dir_context *ctx)
{
	struct tmpfs_dir *list = file->inode->private;
	struct tmpfs_node wanted, *node;

	if (!dir_emit_dots(file, ctx))
		return 0;
	rwsem_read_lock(&file->inode->lock);
	wanted.cookie = (uint64_t)ctx->pos;
	for (node = RB_NFIND(tmpfs_tree, &list->children, &wanted); node;
	     node = RB_NEXT(tmpfs_tree, &list->children, node)) {
		struct dentry *dentry = node->dentry;
		struct inode *inode = dentry_inode(dentry);
		off_t next = (off_t)node->cookie + 1;

		if (!ctx->emit(ctx, dentry->name, dentry->name_len, next,
			       inode->ino, inode->mode >> 12 & 15))
			break;
		ctx->pos = next;
	}
	rwsem_read_unlock(&file->inode->lock);
	return 0;
}

static ssize_t tmpfs_readlink(struct inode *inode, char *buf, size_t len)
{
	size_t n = strlen(inode->private);

	if (n >= len)
		return -ENAMETOOLONG;
	memcpy(buf, inode->private, n + 1);
	return (ssize_t)n;
}

static int tmpfs_fsync_dir(struct file *file, off_t start, off_t end,
			   bool data_only)
{
	(void)file;
	(void)start;
	(void)end;
	(void)data_only;
	return 0;
}

const struct inode_ops tmpfs_dir_ops = {
	.lookup = tmpfs_lookup,
	.create = tmpfs_create,
	.mkdir = tmpfs_create,
	.mknod = tmpfs_mknod,
	.symlink = tmpfs_symlink,
	.link = tmpfs_link,
	.unlink = tmpfs_unlink,
	.rmdir = tmpfs_rmdir,
	.rename = tmpfs_rename,
};

const struct file_ops tmpfs_dir_file_ops = {
	.readdir = tmpfs_readdir,
	.seek = generic_dir_seek,
	.fsync = tmpfs_fsync_dir,
};

const struct inode_ops tmpfs_symlink_ops = {
	.readlink = tmpfs_readlink,
};
