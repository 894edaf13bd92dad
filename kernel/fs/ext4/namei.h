// SPDX-License-Identifier: MIT
/* Operations on names: what namei.c and rename.c share. */
#pragma once

#include "ext4_internal.h"

struct dentry;

/*
 * Begin an operation on names of dir, which changes inode (or NULL) as well.
 * 0, -EROFS, -EIO, -ENOMEM: there is no transaction then.
 */
__must_check int ext4_begin_names(struct inode *dir, struct inode *inode,
				  struct buffer_transaction *tx);
/* May there be one more directory in dir?  0 or -EMLINK. */
int ext4_dir_may_grow(const struct inode *dir);
/* One directory more in dir, which is part of the transaction. */
void ext4_dir_link(struct inode *dir);
/* One less. */
void ext4_dir_unlink(struct inode *dir);
/*
 * One name less; the last one makes it an orphan until it is closed.  It is
 * part of the transaction.
 */
void ext4_drop_link(struct inode *inode);
/*
 * The entry of a name that the VFS knows to be there.  0, and pos->buf needs
 * buffer_put(); -EIO, -ENOMEM, -EUCLEAN, and pos->buf is NULL.
 */
int ext4_find_entry(struct inode *dir, const struct dentry *dentry,
		    struct ext4_dir_pos *pos);
/* inode_ops.rename, with RENAME_EXCHANGE. */
int ext4_rename(struct inode *old_dir, struct dentry *old,
		struct inode *new_dir, struct dentry *new, unsigned flags);
