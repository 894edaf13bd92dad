// SPDX-License-Identifier: MIT
/* Hash trees: what dx.c (finding) and dx_insert.c share. */
#pragma once

#include "ext4_internal.h"

#define DX_LEVELS_MAX 2 /* index blocks above a leaf, without large_dir */

/* One index block on the way, and the entry that was followed. */
struct ext4_dx_frame {
	struct buffer *buf;
	struct ext4_dx_entry *entries;
	unsigned at;
};

struct ext4_dx_path {
	uint32_t hash;
	unsigned nr; /* frames in use; the last one's entry is the leaf */
	struct ext4_dx_frame frames[DX_LEVELS_MAX];
};

/* Of block 0. */
struct ext4_dx_root_info *ext4_dx_root_info(const struct buffer *buf);
/* The entries of any index block; the first holds count and limit, no hash. */
struct ext4_dx_entry *ext4_dx_entries(const struct buffer *buf);
/* How many are in use, the first one included. */
unsigned ext4_dx_count(const struct ext4_dx_entry *entries);
/* How many fit the block. */
unsigned ext4_dx_limit(const struct ext4_dx_entry *entries);

/* The block is a well-formed index block: remember, and keep its checksum. */
void ext4_dx_ready(struct inode *dir, struct buffer *buf);

/* Walk to the leaf for a name.  On 0 the path needs ext4_dx_release(). */
int ext4_dx_walk(struct inode *dir, const char *name, size_t len,
		 struct ext4_dx_path *path);
/* Put the blocks of a path, which is empty then. */
void ext4_dx_release(struct ext4_dx_path *path);
/* The hash of a name, as the tree of the path has it. */
int ext4_dx_hash(struct inode *dir, const struct ext4_dx_path *path,
		 const char *name, size_t len, uint32_t *hash);
/* The leaf that the path leads to, checked. */
int ext4_dx_read_leaf(struct inode *dir, const struct ext4_dx_path *path,
		      struct buffer **result, uint32_t *lblk);
