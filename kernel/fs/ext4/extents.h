// SPDX-License-Identifier: MIT
/*
 * Extent trees: what extents.c (finding), extents_insert.c and
 * extents_remove.c share.
 *
 * Nodes are used as they are on disk.  A path leads from the root, which is in
 * the inode and so always there, to a leaf; depth counts levels below the root.
 * A node is checked when it is read: magic, counts, order, ranges, checksum.
 * Changes of the root are in inode->block and stored with the inode.
 */
#pragma once

#include "ext4_internal.h"

/* One level of a path.  index: the entry that leads on or was found; -1: all
 * entries are behind what was looked for. */
struct ext4_path_node {
	struct buffer *buf; /* NULL: the root, in the inode */
	struct ext4_extent_header *header;
	int index;
};

struct ext4_path {
	unsigned depth;
	struct ext4_path_node nodes[EXT4_EXTENT_DEPTH_MAX + 1];
};

static inline struct ext4_extent *
ext4_node_extents(struct ext4_extent_header *header)
{
	return (struct ext4_extent *)(header + 1);
}

static inline struct ext4_extent_idx *
ext4_node_indexes(struct ext4_extent_header *header)
{
	return (struct ext4_extent_idx *)(header + 1);
}

static inline unsigned ext4_node_entries(const struct ext4_extent_header *h)
{
	return le16_to_cpu(h->eh_entries);
}

static inline bool ext4_node_is_full(const struct ext4_extent_header *h)
{
	return le16_to_cpu(h->eh_entries) >= le16_to_cpu(h->eh_max);
}

static inline uint32_t ext4_extent_first(const struct ext4_extent *extent)
{
	return le32_to_cpu(extent->ee_block);
}

static inline bool ext4_extent_is_unwritten(const struct ext4_extent *extent)
{
	return le16_to_cpu(extent->ee_len) > EXT4_EXTENT_LEN_MAX;
}

static inline uint32_t ext4_extent_len(const struct ext4_extent *extent)
{
	uint32_t len = le16_to_cpu(extent->ee_len);

	return len > EXT4_EXTENT_LEN_MAX ? len - EXT4_EXTENT_LEN_MAX : len;
}

static inline uint64_t ext4_extent_start(const struct ext4_extent *extent)
{
	return le32_to_cpu(extent->ee_start_lo) |
	       (uint64_t)le16_to_cpu(extent->ee_start_hi) << 32;
}

static inline uint64_t ext4_idx_leaf(const struct ext4_extent_idx *idx)
{
	return le32_to_cpu(idx->ei_leaf_lo) |
	       (uint64_t)le16_to_cpu(idx->ei_leaf_hi) << 32;
}

static inline void ext4_idx_set_leaf(struct ext4_extent_idx *idx,
				     uint64_t block)
{
	idx->ei_leaf_lo = cpu_to_le32((uint32_t)block);
	idx->ei_leaf_hi = cpu_to_le16((uint16_t)(block >> 32));
	idx->ei_unused = cpu_to_le16(0);
}

/*
 * Fill an entry: len blocks, at most EXT4_EXTENT_LEN_MAX (unwritten: one less,
 * as the length says that, too).
 */
void ext4_extent_set(struct ext4_extent *extent, uint32_t lblk, uint32_t len,
		     uint64_t pblk, bool unwritten);

/* The root of the inode's tree. */
struct ext4_extent_header *ext4_extent_root(struct ext4_inode *inode);

/* Walk to the leaf for lblk.  On 0 ext4_path_release() undoes it. */
int ext4_path_find(struct ext4_inode *inode, uint32_t lblk,
		   struct ext4_path *path);
/* Put the blocks of a path that ext4_path_find() gave. */
void ext4_path_release(struct ext4_path *path);

/* Around a change of a node: buffer or inode. */
void ext4_node_begin_modify(struct ext4_path_node *node);
/* After it.  The root changes with the inode, which is being modified. */
void ext4_node_mark_dirty(struct ext4_path_node *node);

/* The first block of the next leaf's range; UINT32_MAX: there is none. */
uint32_t ext4_path_next_first(const struct ext4_path *path);

/* A node of this many entries fits a block. */
unsigned ext4_node_capacity(const struct ext4_fs *fs);
/*
 * The head of a new node without entries in a block from buffer_get_new();
 * depth 0 is a leaf.  It is checked then, and its checksum is kept.
 */
void ext4_node_init(struct ext4_inode *inode, struct buffer *buf,
		    unsigned depth);

/* The path's leaf starts earlier or later now: tell the indexes above. */
void ext4_path_fix_first(struct ext4_path *path, unsigned level);

/*
 * Map [lblk, lblk + len), which is a hole, to pblk.  0, -ENOSPC, -EIO, -ENOMEM,
 * -EUCLEAN: then nothing has changed.
 */
int ext4_extent_insert(struct ext4_inode *inode, uint32_t lblk, uint32_t len,
		       uint64_t pblk, bool unwritten);

/*
 * Cut the end of [from, to) out of the tree, one extent or less, and no more than
 * *count blocks: then *count blocks at *pblk, which were mapped at *lblk, and
 * which are not freed.  *count 0: nothing is mapped there.
 */
int ext4_extent_cut_last(struct ext4_inode *inode, uint32_t from, uint32_t to,
			 uint32_t *lblk, uint64_t *pblk, uint32_t *count);
