// SPDX-License-Identifier: MIT
/* What the files of tmpfs share. */
#pragma once

#include <sys/tree.h>

#include <lib/atomic.h>
#include <lib/types.h>

#include <fs/inode.h>

struct dentry;

/* Of a mount.  [I] but for the counters; a limit of 0 is none. */
struct tmpfs {
	uint64_t max_pages;
	uint64_t max_inodes;
	atomic64_t nr_pages;
	atomic64_t nr_inodes;
	atomic64_t next_ino;
	uint32_t root_mode, root_uid, root_gid;
};

/* A directory's view of a child, in order of creation: what readdir walks. */
struct tmpfs_node {
	RB_ENTRY(tmpfs_node) link; /* [dir->lock] */
	uint64_t cookie;       /* [dir->lock] never used twice in a directory */
	struct dentry *dentry; /* [dir->lock] pinned */
};

/* inode->private of a directory.  [dir->lock] */
struct tmpfs_dir {
	RB_HEAD(tmpfs_tree, tmpfs_node) children;
	uint64_t next_cookie;
};

static inline struct tmpfs *tmpfs_of(const struct super *super)
{
	return super->private;
}

extern const struct inode_ops tmpfs_dir_ops;
extern const struct file_ops tmpfs_dir_file_ops;
extern const struct inode_ops tmpfs_symlink_ops;
extern const struct inode_ops tmpfs_file_inode_ops;
extern const struct file_ops tmpfs_file_ops;
extern const struct mapping_ops tmpfs_mapping_ops;

/*
 * A new inode of that mode (with its type) and kind-specific part, for a child
 * of dir (NULL: the root).  0, -ENOSPC or -ENOMEM.  target: of symlinks.
 */
int tmpfs_inode_make(struct super *super, struct inode *dir, uint32_t mode,
		     uint64_t rdev, const char *target, struct inode **result);
