// SPDX-License-Identifier: MIT
/*
 * Names: the inode_ops of directories and symbolic links.
 *
 * The VFS holds the directories' locks and those of the inodes that change, and
 * has checked rights, types and loops.  Each operation is one transaction, which
 * all inodes that change are part of before anything does: where it fails later
 * nothing has changed, or a directory has an empty block more.
 */
#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <fs/dentry.h>

#include "namei.h"

#define EXT4_LINK_MAX 65000

int ext4_begin_names(struct inode *dir, struct inode *inode,
		     struct buffer_transaction *tx)
{
	int ret = ext4_begin_modify(dir, tx);

	if (ret || !inode)
		return ret;
	ret = ext4_inode_begin_modify(ext4_inode(inode));
	if (ret)
		ext4_end(tx);
	return ret;
}

/* --- link counts --- */

/*
 * A directory's count is 2 and one for each directory in it; what is too many
 * to count is 1, with the dir_nlink feature.
 */
int ext4_dir_may_grow(const struct inode *dir)
{
	if (dir->nlink < EXT4_LINK_MAX || ext4_fs(dir)->has_dir_nlink)
		return 0;
	return -EMLINK;
}

void ext4_dir_link(struct inode *dir)
{
	if (dir->nlink != 1)
		dir->nlink++;
	if (dir->nlink >= EXT4_LINK_MAX)
		dir->nlink = 1;
}

void ext4_dir_unlink(struct inode *dir)
{
	if (dir->nlink > 2)
		dir->nlink--;
}

void ext4_drop_link(struct inode *inode)
{
	if (S_ISDIR(inode->mode))
		inode->nlink = 0;
	else if (inode->nlink)
		inode->nlink--;
	inode_touch(inode, ATTR_CTIME);
	if (!inode->nlink)
		ext4_orphan_add(ext4_inode(inode));
}

/* --- looking up --- */

static int ext4_lookup(struct inode *dir, struct dentry *dentry)
{
	struct ext4_fs *fs = ext4_fs(dir);
	struct ext4_dir_pos pos;
	struct inode *inode;
	uint32_t ino;
	int ret;

	ret = ext4_dir_find(dir, dentry->name, dentry->name_len, &pos);
	if (ret == -ENOENT)
		return 0; /* it stays negative */
	if (ret)
		return ret;
	ino = le32_to_cpu(pos.entry->inode);
	buffer_put(pos.buf);
	if (ino == dir->ino)
		return ext4_damaged(fs, ino, "contains itself");
	ret = ext4_iget(fs, ino, false, &inode);
	if (ret == -ESTALE)
		return ext4_damaged(fs, ino, "has a name, but is not in use");
	if (ret)
		return ret;
	dentry_set_inode(dentry, inode);
	return 0;
}

int ext4_find_entry(struct inode *dir, const struct dentry *dentry,
		    struct ext4_dir_pos *pos)
{
	int ret = ext4_dir_find(dir, dentry->name, dentry->name_len, pos);

	if (ret)
		pos->buf = NULL;
	if (ret == -ENOENT)
		return ext4_damaged(ext4_fs(dir), dir->ino,
				    "a name has vanished");
	if (!ret &&
	    le32_to_cpu(pos->entry->inode) != dentry_inode(dentry)->ino) {
		buffer_put(pos->buf);
		pos->buf = NULL;
		return ext4_damaged(ext4_fs(dir), dir->ino,
				    "a name means another inode");
	}
	return ret;
}

/* --- symbolic links --- */

bool ext4_is_fast_symlink(const struct ext4_inode *inode)
{
	uint64_t attr_blocks = inode->file_acl != 0;

	return S_ISLNK(inode->vfs.mode) && !(inode->flags & EXT4_EXTENTS_FL) &&
	       inode->blocks == attr_blocks;
}

/* The target goes into the inode if it fits, else into a block. */
static int ext4_symlink_store(struct inode *inode, const char *target)
{
	struct ext4_inode *ei = ext4_inode(inode);
	size_t len = strlen(target);
	struct ext4_map map = { .lblk = 0, .len = 1 };
	struct buffer *buf;
	int ret;

	inode_set_size(inode, (off_t)len);
	if (len < sizeof(ei->block)) {
		ei->flags &= ~(uint32_t)EXT4_EXTENTS_FL;
		memset(ei->block, 0, sizeof(ei->block));
		memcpy(ei->block, target, len);
		return 0;
	}
	ret = ext4_map_blocks(ei, &map, EXT4_MAP_CREATE | EXT4_MAP_META);
	if (!ret)
		ret = buffer_get_new(ext4_fs(inode)->cache, map.pblk, &buf);
	if (ret)
		return ret;
	memcpy(buf->data, target, len);
	buffer_mark_dirty(buf);
	buffer_put(buf);
	return 0;
}

static ssize_t ext4_readlink(struct inode *inode, char *buf, size_t len)
{
	struct ext4_inode *ei = ext4_inode(inode);
	struct ext4_fs *fs = ext4_fs(inode);
	size_t n = MIN((size_t)inode_size(inode), len - 1);
	struct ext4_map map = { .lblk = 0, .len = 1 };
	struct buffer *block;
	int ret;

	if (!len)
		return -EINVAL;
	if (ext4_is_fast_symlink(ei)) {
		memcpy(buf, ei->block, n);
	} else {
		ret = ext4_map_blocks(ei, &map, 0);
		if (ret)
			return ret;
		if (!map.pblk)
			return ext4_damaged(fs, inode->ino, "link to nothing");
		ret = buffer_read(fs->cache, map.pblk, &block);
		if (ret)
			return ret;
		memcpy(buf, block->data, n);
		buffer_put(block);
	}
	buf[n] = '\0';
	return (ssize_t)n;
}

/* --- making --- */

/* What a new name is to mean. */
struct ext4_new {
	uint32_t mode;
	uint64_t rdev;
	const char *target; /* of a symbolic link */
};

/* What is in it from the start. */
static int ext4_new_fill(struct inode *dir, struct inode *inode,
			 const struct ext4_new *new)
{
	if (S_ISLNK(new->mode))
		return ext4_symlink_store(inode, new->target);
	if (!S_ISDIR(new->mode))
		return 0;
	inode->nlink = 2;
	return ext4_dir_init(inode, dir);
}

static int ext4_make_in_tx(struct inode *dir, struct dentry *dentry,
			   const struct ext4_new *new)
{
	struct inode *inode;
	int ret;

	ret = ext4_inode_create(dir, new->mode, new->rdev, &inode);
	if (ret)
		return ret;
	ret = ext4_new_fill(dir, inode, new);
	if (!ret)
		ret = ext4_dir_add(dir, dentry->name, dentry->name_len, inode);
	if (ret) {
		ext4_inode_discard(inode);
		return ret;
	}
	if (S_ISDIR(new->mode))
		ext4_dir_link(dir);
	inode_ready(inode);
	dentry_set_inode(dentry, inode);
	return 0;
}

static int ext4_make(struct inode *dir, struct dentry *dentry,
		     const struct ext4_new *new)
{
	struct buffer_transaction tx;
	unsigned tries = 0;
	int ret;

	do {
		ret = ext4_begin_names(dir, NULL, &tx);
		if (ret)
			return ret;
		ret = ext4_make_in_tx(dir, dentry, new);
		ext4_end(&tx);
	} while (ext4_should_retry(ext4_fs(dir), ret, &tries));
	return ret;
}

static int ext4_mknod(struct inode *dir, struct dentry *dentry, uint32_t mode,
		      uint64_t rdev)
{
	struct ext4_new new = { .mode = mode, .rdev = rdev };

	return ext4_make(dir, dentry, &new);
}

static int ext4_create(struct inode *dir, struct dentry *dentry, uint32_t mode)
{
	return ext4_mknod(dir, dentry, S_IFREG | (mode & ~(uint32_t)S_IFMT), 0);
}

static int ext4_mkdir(struct inode *dir, struct dentry *dentry, uint32_t mode)
{
	struct ext4_new new = { .mode = S_IFDIR | (mode & ~(uint32_t)S_IFMT) };
	int ret = ext4_dir_may_grow(dir);

	return ret ? ret : ext4_make(dir, dentry, &new);
}

static int ext4_symlink(struct inode *dir, struct dentry *dentry,
			const char *target)
{
	struct ext4_new new = { .mode = S_IFLNK | 0777, .target = target };

	if (strlen(target) >= ext4_fs(dir)->block_size)
		return -ENAMETOOLONG;
	return ext4_make(dir, dentry, &new);
}

/* --- further names, and fewer --- */

static int ext4_link(struct dentry *old, struct inode *dir,
		     struct dentry *dentry)
{
	struct inode *inode = dentry_inode(old);
	struct buffer_transaction tx;
	unsigned tries = 0;
	int ret;

	if (inode->nlink >= EXT4_LINK_MAX)
		return -EMLINK;
	do {
		ret = ext4_begin_names(dir, inode, &tx);
		if (ret)
			return ret;
		ret = ext4_dir_add(dir, dentry->name, dentry->name_len, inode);
		if (!ret) {
			inode->nlink++;
			inode_touch(inode, ATTR_CTIME);
			dentry_set_inode(dentry, inode_get(inode));
		}
		ext4_end(&tx);
	} while (ext4_should_retry(ext4_fs(dir), ret, &tries));
	return ret;
}

static int ext4_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = dentry_inode(dentry);
	struct buffer_transaction tx;
	struct ext4_dir_pos pos;
	int ret;

	ret = ext4_begin_names(dir, inode, &tx);
	if (ret)
		return ret;
	ret = ext4_find_entry(dir, dentry, &pos);
	if (!ret) {
		ext4_dir_remove(dir, &pos);
		buffer_put(pos.buf);
		ext4_drop_link(inode);
		if (S_ISDIR(inode->mode))
			ext4_dir_unlink(dir);
	}
	ext4_end(&tx);
	return ret;
}

static int ext4_rmdir(struct inode *dir, struct dentry *dentry)
{
	int ret = ext4_dir_is_empty(dentry_inode(dentry));

	return ret ? ret : ext4_unlink(dir, dentry);
}

const struct inode_ops ext4_dir_inode_ops = {
	.lookup = ext4_lookup,
	.create = ext4_create,
	.mkdir = ext4_mkdir,
	.mknod = ext4_mknod,
	.symlink = ext4_symlink,
	.link = ext4_link,
	.unlink = ext4_unlink,
	.rmdir = ext4_rmdir,
	.rename = ext4_rename,
	.setattr = ext4_setattr,
};

const struct inode_ops ext4_symlink_inode_ops = {
	.readlink = ext4_readlink,
	.setattr = ext4_setattr,
};
