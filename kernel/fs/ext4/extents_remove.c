// SPDX-License-Identifier: MIT
/*
 * Extent trees: taking out ranges.  Work goes from the end of a range to its
 * start, so that truncation always cuts at the end of leaves.  Leaves that
 * become empty go at once, and indexes with them; a tree without extents is a
 * bare root again.
 */
#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>

#include "extents.h"

/* Remove the entry at index from a node. */
static void ext4_node_close_gap(struct ext4_path_node *node)
{
	struct ext4_extent_idx *entries = ext4_node_indexes(node->header);
	unsigned n = ext4_node_entries(node->header);
	unsigned index = (unsigned)node->index;

	memmove(&entries[index], &entries[index + 1],
		(n - index - 1) * sizeof(*entries));
	node->header->eh_entries = cpu_to_le16((uint16_t)(n - 1));
}

/* Free the nodes at the path's end that have no entries left. */
static void ext4_path_prune(struct ext4_inode *inode, struct ext4_path *path)
{
	struct ext4_extent_header *root = ext4_extent_root(inode);
	unsigned level = path->depth;

	while (level > 0 && !ext4_node_entries(path->nodes[level].header)) {
		struct ext4_path_node *node = &path->nodes[level];
		uint64_t block = node->buf->block;

		buffer_put(node->buf);
		node->buf = NULL;
		ext4_free_blocks(ext4_fs(&inode->vfs), block, 1, true);
		ext4_inode_add_blocks(inode, -1);
		level--;
		ext4_node_begin_modify(&path->nodes[level]);
		ext4_node_close_gap(&path->nodes[level]);
		ext4_node_mark_dirty(&path->nodes[level]);
	}
	if (!ext4_node_entries(root))
		root->eh_depth = cpu_to_le16(0);
	else if (level < path->depth && path->nodes[level].index == 0)
		ext4_path_fix_first(path, level);
}

static void ext4_path_delete_extent(struct ext4_inode *inode,
				    struct ext4_path *path)
{
	struct ext4_path_node *leaf = &path->nodes[path->depth];

	ext4_node_begin_modify(leaf);
	ext4_node_close_gap(leaf);
	ext4_node_mark_dirty(leaf);
	if (!ext4_node_entries(leaf->header))
		ext4_path_prune(inode, path);
	else if (leaf->index == 0)
		ext4_path_fix_first(path, path->depth);
}

/* The extent of the path now is [first, first + len), from the same blocks. */
static void ext4_path_set_extent(struct ext4_path *path, uint32_t first,
				 uint32_t len)
{
	struct ext4_path_node *leaf = &path->nodes[path->depth];
	struct ext4_extent *extent =
		ext4_node_extents(leaf->header) + leaf->index;
	uint32_t skip = first - ext4_extent_first(extent);

	ext4_node_begin_modify(leaf);
	ext4_extent_set(extent, first, len, ext4_extent_start(extent) + skip,
			ext4_extent_is_unwritten(extent));
	ext4_node_mark_dirty(leaf);
	if (skip && leaf->index == 0)
		ext4_path_fix_first(path, path->depth);
}

/* The extent that began at first is len long again. */
static void ext4_extent_restore(struct ext4_inode *inode, uint32_t first,
				uint32_t len)
{
	struct ext4_path path;

	if (ext4_path_find(inode, first, &path)) {
		ext4_damaged(ext4_fs(&inode->vfs), inode->vfs.ino,
			     "an extent is lost");
		return;
	}
	ext4_path_set_extent(&path, first, len);
	ext4_path_release(&path);
}

/*
 * Before [x, y) of the extent that the path leads to is cut out: its blocks, and
 * the nodes that become empty with it, can be freed then.
 */
static int ext4_path_prepare_cut(struct ext4_inode *inode,
				 const struct ext4_path *path, uint32_t x,
				 uint32_t y)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	const struct ext4_path_node *node = &path->nodes[path->depth];
	const struct ext4_extent *extent =
		ext4_node_extents(node->header) + node->index;
	uint32_t skip = x - ext4_extent_first(extent);
	int ret;

	ret = ext4_free_prepare(fs, ext4_extent_start(extent) + skip, y - x);
	if (y - x < ext4_extent_len(extent))
		return ret;
	for (; !ret && node->buf && ext4_node_entries(node->header) == 1;
	     node--)
		ret = ext4_free_prepare(fs, node->buf->block, 1);
	return ret;
}

/* Cut [x, y) out of the extent that the path leads to; releases the path. */
static int ext4_path_cut(struct ext4_inode *inode, struct ext4_path *path,
			 uint32_t x, uint32_t y)
{
	struct ext4_path_node *leaf = &path->nodes[path->depth];
	struct ext4_extent old = ext4_node_extents(leaf->header)[leaf->index];
	uint32_t first = ext4_extent_first(&old);
	uint32_t len = ext4_extent_len(&old);
	uint32_t end = first + len;
	int ret = 0;

	if (x == first && y == end)
		ext4_path_delete_extent(inode, path);
	else if (x == first)
		ext4_path_set_extent(path, y, end - y);
	else
		ext4_path_set_extent(path, first, x - first);
	ext4_path_release(path);
	if (x > first && y < end) {
		ret = ext4_extent_insert(inode, y, end - y,
					 ext4_extent_start(&old) + (y - first),
					 ext4_extent_is_unwritten(&old));
		if (ret)
			ext4_extent_restore(inode, first, len);
	}
	return ret;
}

int ext4_extent_cut_last(struct ext4_inode *inode, uint32_t from, uint32_t to,
			 uint32_t *lblk, uint64_t *pblk, uint32_t *count)
{
	const struct ext4_path_node *leaf;
	const struct ext4_extent *extent;
	struct ext4_path path;
	uint32_t first, end, most = *count;
	int ret;

	*count = 0;
	ret = ext4_path_find(inode, to - 1, &path);
	if (ret)
		return ret;
	leaf = &path.nodes[path.depth];
	extent = ext4_node_extents(leaf->header) + leaf->index;
	if (leaf->index < 0 ||
	    ext4_extent_first(extent) + ext4_extent_len(extent) <= from) {
		ext4_path_release(&path);
		return 0;
	}
	first = ext4_extent_first(extent);
	end = MIN(to, first + ext4_extent_len(extent));
	*lblk = MAX(from, first);
	if (end - *lblk > most)
		*lblk = end - most;
	*pblk = ext4_extent_start(extent) + (*lblk - first);
	ret = ext4_path_prepare_cut(inode, &path, *lblk, end);
	if (ret) {
		ext4_path_release(&path);
		return ret;
	}
	*count = end - *lblk;
	return ext4_path_cut(inode, &path, *lblk, end);
}

int ext4_extents_remove(struct ext4_inode *inode, uint32_t from, uint32_t to)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	bool metadata = !S_ISREG(inode->vfs.mode);
	uint32_t most = metadata ? EXT4_UNMAP_METADATA : fs->blocks_per_group;
	uint64_t pblk;
	uint32_t lblk;
	int ret;

	for (unsigned runs = 0; runs < EXT4_UNMAP_RUNS && from < to; runs++) {
		uint32_t count = most;

		ret = ext4_extent_cut_last(inode, from, to, &lblk, &pblk,
					   &count);
		if (ret)
			return ret;
		if (!count)
			return 0;
		ext4_free_blocks(fs, pblk, count, metadata);
		ext4_inode_add_blocks(inode, -(int64_t)count);
		to = lblk;
	}
	return from < to;
}
