// SPDX-License-Identifier: MIT
/*
 * Renaming.  First all that may fail is done for both ends: the entries are
 * found, and ".." of directories that move; then things change, which as a rule
 * cannot fail any more, so that a commit never has half of it.
 */
#include <string.h>

#include <linux/fs.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <fs/dentry.h>

#include "namei.h"

/* A name, and what it means before the rename. */
struct ext4_rename_end {
	struct inode *dir;
	struct dentry *dentry;
	struct inode *inode;      /* NULL: the name is not there yet */
	struct ext4_dir_pos pos;  /* of the name; buf NULL: not found */
	struct ext4_dir_pos dots; /* ".." in inode; buf NULL: it stays */
};

/* --- what may fail --- */

/* Where a directory names its parent. */
static int ext4_find_dots(struct inode *dir, struct ext4_dir_pos *pos)
{
	struct ext4_fs *fs = ext4_fs(dir);
	struct ext4_dir_entry *dot, *dots;
	struct buffer *buf;
	int ret;

	ret = ext4_dir_read(dir, 0, &buf);
	if (ret)
		return ret;
	if (ext4_dir_is_indexed(fs, ext4_inode(dir)))
		ret = ext4_dx_check_block(dir, buf, 0);
	else
		ret = ext4_dir_check_leaf(dir, buf, 0);
	dot = buf->data;
	dots = (void *)((char *)dot + ext4_rec_len_get(fs, dot->rec_len));
	if (!ret && (ext4_rec_len_get(fs, dot->rec_len) != ext4_rec_len(1) ||
		     dots->name_len != 2 || memcmp(dots->name, "..", 2)))
		ret = ext4_damaged(fs, dir->ino, "has no \"..\"");
	if (ret) {
		buffer_put(buf);
		return ret;
	}
	pos->buf = buf;
	pos->entry = dots;
	return 0;
}

static int ext4_rename_find(struct ext4_rename_end *end, bool changes_parent)
{
	int ret;

	if (!end->inode)
		return 0;
	ret = ext4_find_entry(end->dir, end->dentry, &end->pos);
	if (!ret && changes_parent && S_ISDIR(end->inode->mode))
		ret = ext4_find_dots(end->inode, &end->dots);
	return ret;
}

static void ext4_rename_put(struct ext4_rename_end *end)
{
	buffer_put(end->pos.buf);
	buffer_put(end->dots.buf);
	end->pos.buf = NULL;
	end->dots.buf = NULL;
}

/* --- what changes --- */

/* If it is a directory it is in another one now. */
static void ext4_rename_parent(struct ext4_rename_end *end, struct inode *to)
{
	struct ext4_dir_pos *dots = &end->dots;

	inode_touch(end->inode, ATTR_CTIME);
	if (!dots->buf)
		return;
	buffer_begin_modify(dots->buf);
	dots->entry->inode = cpu_to_le32((uint32_t)to->ino);
	buffer_mark_dirty(dots->buf);
	ext4_dir_unlink(end->dir);
	ext4_dir_link(to);
}

/* The new name was added, and the old one cannot be removed. */
static int ext4_rename_undo(struct ext4_rename_end *to, int error)
{
	struct ext4_dir_pos pos;
	int ret = ext4_dir_find(to->dir, to->dentry->name, to->dentry->name_len,
				&pos);

	if (ret)
		return ext4_damaged(ext4_fs(to->dir), to->dir->ino,
				    "a file has two names after a rename");
	ext4_dir_remove(to->dir, &pos);
	buffer_put(pos.buf);
	return error;
}

/* A new name is added, and the old one goes. */
static int ext4_rename_add(struct ext4_rename_end *from,
			   struct ext4_rename_end *to)
{
	int ret = ext4_dir_add(to->dir, to->dentry->name, to->dentry->name_len,
			       from->inode);

	if (ret)
		return ret;
	if (!ext4_dir_pos_is_good(from->dir, &from->pos)) {
		buffer_put(from->pos.buf);
		ret = ext4_find_entry(from->dir, from->dentry, &from->pos);
		if (ret)
			return ext4_rename_undo(to, ret);
	}
	ext4_dir_remove(from->dir, &from->pos);
	return 0;
}

/* The new name is there already: it gets another meaning. */
static void ext4_rename_over(struct ext4_rename_end *from,
			     struct ext4_rename_end *to)
{
	ext4_dir_retarget(to->dir, &to->pos, from->inode);
	ext4_dir_remove(from->dir, &from->pos);
	if (S_ISDIR(to->inode->mode))
		ext4_dir_unlink(to->dir);
	ext4_drop_link(to->inode);
}

static int ext4_rename_in_tx(struct ext4_rename_end *from,
			     struct ext4_rename_end *to)
{
	bool crosses = from->dir != to->dir;
	int ret = ext4_rename_find(from, crosses);

	if (!ret)
		ret = ext4_rename_find(to, false);
	if (ret)
		return ret;
	if (to->inode)
		ext4_rename_over(from, to);
	else
		ret = ext4_rename_add(from, to);
	if (!ret)
		ext4_rename_parent(from, to->dir);
	return ret;
}

/* Two names change what they mean. */
static int ext4_exchange_in_tx(struct ext4_rename_end *from,
			       struct ext4_rename_end *to)
{
	bool crosses = from->dir != to->dir;
	int ret = ext4_rename_find(from, crosses);

	if (!ret)
		ret = ext4_rename_find(to, crosses);
	if (ret)
		return ret;
	ext4_dir_retarget(from->dir, &from->pos, to->inode);
	ext4_dir_retarget(to->dir, &to->pos, from->inode);
	ext4_rename_parent(from, to->dir);
	ext4_rename_parent(to, from->dir);
	return 0;
}

/* --- the operation --- */

/*
 * Programs that write a new file and rename it over the old one rely on having
 * one or the other after a crash.  So data that has no blocks yet gets them now,
 * and is on the disk before the commit that has the rename.  Errors are kept for
 * fsync(2).
 */
static void ext4_rename_flush(struct inode *inode)
{
	if (S_ISREG(inode->mode))
		(void)pagecache_sync(&inode->mapping, 0, UINT64_MAX, false);
}

/* Both directories, and both files: all that gets a new name or count. */
static int ext4_rename_begin(const struct ext4_rename_end *from,
			     const struct ext4_rename_end *to,
			     struct buffer_transaction *tx)
{
	int ret = ext4_begin_names(from->dir, from->inode, tx);

	if (ret)
		return ret;
	ret = ext4_inode_begin_modify(ext4_inode(to->dir));
	if (!ret && to->inode)
		ret = ext4_inode_begin_modify(ext4_inode(to->inode));
	if (ret)
		ext4_end(tx);
	return ret;
}

/* What can be seen to fail without a transaction. */
static int ext4_rename_check(const struct ext4_rename_end *from,
			     const struct ext4_rename_end *to, bool exchange)
{
	int ret = 0;

	if (S_ISDIR(from->inode->mode) && from->dir != to->dir)
		ret = ext4_dir_may_grow(to->dir);
	if (ret || !to->inode || !S_ISDIR(to->inode->mode))
		return ret;
	if (!exchange)
		return ext4_dir_is_empty(to->inode);
	return from->dir != to->dir ? ext4_dir_may_grow(from->dir) : 0;
}

int ext4_rename(struct inode *old_dir, struct dentry *old,
		struct inode *new_dir, struct dentry *new, unsigned flags)
{
	struct ext4_rename_end from = {
		.dir = old_dir,
		.dentry = old,
		.inode = dentry_inode(old),
	};
	struct ext4_rename_end to = {
		.dir = new_dir,
		.dentry = new,
		.inode = dentry_inode(new),
	};
	struct buffer_transaction tx;
	unsigned tries = 0;
	int ret;

	if (flags & ~(unsigned)RENAME_EXCHANGE)
		return -EINVAL;
	ret = ext4_rename_check(&from, &to, flags);
	if (ret)
		return ret;
	if (to.inode && !flags)
		ext4_rename_flush(from.inode);
	do {
		ret = ext4_rename_begin(&from, &to, &tx);
		if (ret)
			return ret;
		ret = flags ? ext4_exchange_in_tx(&from, &to)
			    : ext4_rename_in_tx(&from, &to);
		ext4_rename_put(&from);
		ext4_rename_put(&to);
		ext4_end(&tx);
	} while (ext4_should_retry(ext4_fs(old_dir), ret, &tries));
	return ret;
}
