// SPDX-License-Identifier: MIT
/*
 * Inodes as they are on disk ("Inode Table"): what inode.c (reading),
 * inode_store.c and inode_life.c share.
 */
#pragma once

#include "ext4_internal.h"

#define EXT4_TIME_EPOCH_BITS 2

/* Does the inode on disk have that field, which needs end bytes? */
#define EXT4_RAW_HAS(fs, extra, field)                                         \
	((fs)->inode_size > EXT4_GOOD_OLD_INODE_SIZE &&                        \
	 (size_t)(extra) + EXT4_GOOD_OLD_INODE_SIZE >=                         \
		 offsetof(struct ext4_raw_inode, field) +                      \
			 sizeof(((struct ext4_raw_inode *)0)->field))

/* The field, or NULL: an inode of 128 bytes ends before it. */
#define EXT4_RAW_FIELD(fs, extra, raw, field)                                  \
	(EXT4_RAW_HAS(fs, extra, field) ? &(raw)->field : NULL)

/*
 * The place of an inode, whose number must be a valid one: raw is in buf, which
 * is referenced.  0, -EIO, -ENOMEM.
 */
int ext4_inode_locate(struct ext4_fs *fs, uint32_t ino, struct buffer **buf,
		      struct ext4_raw_inode **raw);
/*
 * Fill in what ext4_iget() gives: vfs.ino and vfs.super are set, the rest is
 * new.  0, -EIO, -ENOMEM, -ESTALE (unused), -EOPNOTSUPP, -EUCLEAN.
 */
int ext4_inode_read(struct ext4_fs *fs, struct ext4_inode *inode, bool orphan);
/* Give it operations by its type, and a page cache.  0 or damage. */
int ext4_inode_set_ops(struct ext4_fs *fs, struct inode *vfs);
/* ext4_inode_begin_modify() for a number whose place holds rubbish. */
int ext4_inode_begin_new(struct ext4_inode *inode);
/*
 * It has no names and no blocks any more: store that, and free its number, whose
 * place in the table belongs to another one from then on.  0, -EIO, -ENOMEM,
 * -EUCLEAN: the number is still taken.
 */
int ext4_inode_retire(struct ext4_inode *inode);
