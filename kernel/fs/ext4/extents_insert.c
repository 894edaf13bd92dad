// SPDX-License-Identifier: MIT
/*
 * Extent trees: adding extents.
 *
 * An extent that continues its neighbour just makes it longer.  A full leaf is
 * split: half of it moves, or, when the file grows at its end, nothing does and
 * the new leaf starts with the new extent, so that sequential files have full
 * leaves.  Splits go on from the lowest ancestor with room; if there is none,
 * the root's entries move down into a new node and the tree is a level deeper.
 * Each step leaves a well-formed tree, after which the walk starts anew.
 */
#include <string.h>

#include <lib/errno.h>

#include <core/panic.h>

#include "extents.h"

static void ext4_node_set_entries(struct ext4_extent_header *header, unsigned n)
{
	header->eh_entries = cpu_to_le16((uint16_t)n);
}

void ext4_path_fix_first(struct ext4_path *path, unsigned level)
{
	struct ext4_path_node *node = &path->nodes[level];
	le32 first = ext4_node_indexes(node->header)->ei_block;

	while (level-- > 0) {
		node = &path->nodes[level];
		ext4_node_begin_modify(node);
		ext4_node_indexes(node->header)[node->index].ei_block = first;
		ext4_node_mark_dirty(node);
		if (node->index)
			break;
	}
}

/* --- room --- */

/* A block for a node, zeroed. */
static int ext4_node_alloc(struct ext4_inode *inode, unsigned depth,
			   struct buffer **result)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint32_t count = 1;
	uint64_t block;
	int ret;

	ret = ext4_alloc_blocks(fs, ext4_goal(inode), EXT4_ALLOC_NODE, &count,
				&block);
	if (ret)
		return ret;
	ret = buffer_get_new(fs->cache, block, result);
	if (ret) {
		ext4_alloc_cancel(fs, block, 1);
		return ret;
	}
	ext4_node_init(inode, *result, depth);
	ext4_inode_add_blocks(inode, 1);
	return 0;
}

/* Every node up to the root is full: put a level between. */
static int ext4_tree_grow(struct ext4_inode *inode)
{
	struct ext4_extent_header *root = ext4_extent_root(inode);
	unsigned depth = le16_to_cpu(root->eh_depth);
	unsigned entries = ext4_node_entries(root);
	struct ext4_extent_idx *idx = ext4_node_indexes(root);
	struct buffer *buf;
	int ret;

	if (depth == EXT4_EXTENT_DEPTH_MAX)
		return -EFBIG;
	ret = ext4_node_alloc(inode, depth, &buf);
	if (ret)
		return ret;
	memcpy((struct ext4_extent_header *)buf->data + 1, root + 1,
	       entries * sizeof(struct ext4_extent));
	ext4_node_set_entries(buf->data, entries);
	buffer_mark_dirty(buf);

	/* The first index keeps the first block number, which is in place. */
	root->eh_depth = cpu_to_le16((uint16_t)(depth + 1));
	ext4_node_set_entries(root, 1);
	ext4_idx_set_leaf(idx, buf->block);
	buffer_put(buf);
	return 0;
}

/* Make room for an entry behind index of a node, and count it. */
static struct ext4_extent_idx *ext4_node_open_gap(struct ext4_path_node *node,
						  int index)
{
	unsigned entries = ext4_node_entries(node->header);
	struct ext4_extent_idx *at =
		ext4_node_indexes(node->header) + index + 1;

	ASSERT(!ext4_node_is_full(node->header));
	memmove(at + 1, at, (entries - (unsigned)(index + 1)) * sizeof(*at));
	ext4_node_set_entries(node->header, entries + 1);
	return at;
}

/*
 * Split the full node of that level, whose parent has room.  first: where the
 * extent that needs the room starts.
 */
static int ext4_node_split(struct ext4_inode *inode, struct ext4_path *path,
			   unsigned level, uint32_t first)
{
	struct ext4_path_node *parent = &path->nodes[level - 1];
	struct ext4_path_node *node = &path->nodes[level];
	unsigned entries = ext4_node_entries(node->header);
	unsigned depth = le16_to_cpu(node->header->eh_depth);
	unsigned keep = entries / 2;
	struct ext4_extent_idx *idx;
	struct buffer *buf;
	int ret;

	if (!depth && (unsigned)(node->index + 1) == entries &&
	    ext4_path_next_first(path) == UINT32_MAX)
		keep = entries;
	ret = ext4_node_alloc(inode, depth, &buf);
	if (ret)
		return ret;
	ext4_node_begin_modify(node);
	ext4_node_begin_modify(parent);
	if (keep < entries)
		first = le32_to_cpu(
			ext4_node_indexes(node->header)[keep].ei_block);
	memcpy((struct ext4_extent_header *)buf->data + 1,
	       ext4_node_extents(node->header) + keep,
	       (entries - keep) * sizeof(struct ext4_extent));
	ext4_node_set_entries(buf->data, entries - keep);
	ext4_node_set_entries(node->header, keep);

	idx = ext4_node_open_gap(parent, parent->index);
	idx->ei_block = cpu_to_le32(first);
	ext4_idx_set_leaf(idx, buf->block);
	buffer_mark_dirty(buf);
	ext4_node_mark_dirty(node);
	ext4_node_mark_dirty(parent);
	buffer_put(buf);
	return 0;
}

/* One step towards room in the path's leaf. */
static int ext4_path_make_room(struct ext4_inode *inode, struct ext4_path *path,
			       uint32_t first)
{
	for (unsigned level = path->depth; level > 0; level--) {
		if (!ext4_node_is_full(path->nodes[level - 1].header))
			return ext4_node_split(inode, path, level, first);
	}
	return ext4_tree_grow(inode);
}

/* --- merging --- */

/* Can b follow a within one extent? */
static bool ext4_extent_continues(const struct ext4_extent *a,
				  const struct ext4_extent *b)
{
	uint32_t len = ext4_extent_len(a);
	bool unwritten = ext4_extent_is_unwritten(a);

	return unwritten == ext4_extent_is_unwritten(b) &&
	       ext4_extent_first(a) + len == ext4_extent_first(b) &&
	       ext4_extent_start(a) + len == ext4_extent_start(b) &&
	       len + ext4_extent_len(b) + unwritten <= EXT4_EXTENT_LEN_MAX;
}

static void ext4_extent_append(struct ext4_extent *a,
			       const struct ext4_extent *b)
{
	ext4_extent_set(a, ext4_extent_first(a),
			ext4_extent_len(a) + ext4_extent_len(b),
			ext4_extent_start(a), ext4_extent_is_unwritten(a));
}

/* Let a neighbour in the leaf take it up. */
static bool ext4_leaf_merge(struct ext4_path *path,
			    const struct ext4_extent *extent)
{
	struct ext4_path_node *leaf = &path->nodes[path->depth];
	struct ext4_extent *entries = ext4_node_extents(leaf->header);
	unsigned n = ext4_node_entries(leaf->header);
	unsigned next = (unsigned)(leaf->index + 1);
	struct ext4_extent merged = *extent;

	if (leaf->index >= 0 &&
	    ext4_extent_continues(&entries[leaf->index], extent)) {
		ext4_node_begin_modify(leaf);
		ext4_extent_append(&entries[leaf->index], extent);
		/* It may have closed the gap to the next one. */
		if (next < n && ext4_extent_continues(&entries[leaf->index],
						      &entries[next])) {
			ext4_extent_append(&entries[leaf->index],
					   &entries[next]);
			memmove(&entries[next], &entries[next + 1],
				(n - next - 1) * sizeof(*entries));
			ext4_node_set_entries(leaf->header, n - 1);
		}
		ext4_node_mark_dirty(leaf);
		return true;
	}
	if (next >= n || !ext4_extent_continues(extent, &entries[next]))
		return false;
	ext4_node_begin_modify(leaf);
	ext4_extent_append(&merged, &entries[next]);
	entries[next] = merged;
	ext4_node_mark_dirty(leaf);
	if (next == 0)
		ext4_path_fix_first(path, path->depth);
	return true;
}

/* --- inserting --- */

/* 0, or -EAGAIN: something was made room for, look again. */
static int ext4_path_insert(struct ext4_inode *inode, struct ext4_path *path,
			    const struct ext4_extent *extent)
{
	struct ext4_path_node *leaf = &path->nodes[path->depth];
	struct ext4_extent_idx *at;
	int ret;

	if (ext4_leaf_merge(path, extent))
		return 0;
	if (ext4_node_is_full(leaf->header)) {
		ret = ext4_path_make_room(inode, path,
					  ext4_extent_first(extent));
		return ret ? ret : -EAGAIN;
	}
	ext4_node_begin_modify(leaf);
	at = ext4_node_open_gap(leaf, leaf->index);
	memcpy(at, extent, sizeof(*extent));
	ext4_node_mark_dirty(leaf);
	if (leaf->index < 0)
		ext4_path_fix_first(path, path->depth);
	return 0;
}

int ext4_extent_insert(struct ext4_inode *inode, uint32_t lblk, uint32_t len,
		       uint64_t pblk, bool unwritten)
{
	struct ext4_extent extent;
	struct ext4_path path;
	int ret;

	ext4_extent_set(&extent, lblk, len, pblk, unwritten);
	do {
		ret = ext4_path_find(inode, lblk, &path);
		if (ret)
			return ret;
		ret = ext4_path_insert(inode, &path, &extent);
		ext4_path_release(&path);
	} while (ret == -EAGAIN);
	return ret;
}

/* Unwritten blocks get contents: they become an extent of their own. */
static int ext4_extents_convert(struct ext4_inode *inode, struct ext4_map *map)
{
	uint32_t lblk, count = map->len;
	uint64_t pblk;
	int ret;

	ret = ext4_extent_cut_last(inode, map->lblk, map->lblk + map->len,
				   &lblk, &pblk, &count);
	if (ret)
		return ret;
	ASSERT(lblk == map->lblk && count == map->len);
	ret = ext4_extent_insert(inode, lblk, count, pblk, false);
	if (ret) {
		/* They read as zeros, and so does the hole that they leave. */
		ext4_free_blocks(ext4_fs(&inode->vfs), pblk, count, false);
		ext4_inode_add_blocks(inode, -(int64_t)count);
	}
	map->unwritten = false;
	map->fresh = map->len;
	return ret;
}

/* Behind the extent before it, if that is known to be there. */
static uint64_t ext4_extents_goal(struct ext4_inode *inode, uint32_t lblk)
{
	struct ext4_path path;
	uint64_t goal = 0;

	if (inode->goal || ext4_path_find(inode, lblk, &path))
		return ext4_goal(inode);
	if (path.nodes[path.depth].index >= 0) {
		const struct ext4_path_node *leaf = &path.nodes[path.depth];
		const struct ext4_extent *extent =
			ext4_node_extents(leaf->header) + leaf->index;

		goal = ext4_extent_start(extent) + ext4_extent_len(extent);
	}
	ext4_path_release(&path);
	return goal ? goal : ext4_goal(inode);
}

int ext4_extents_create(struct ext4_inode *inode, struct ext4_map *map,
			unsigned flags)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	bool unwritten = flags & EXT4_MAP_UNWRITTEN;
	uint32_t count = MIN(map->len, EXT4_EXTENT_LEN_MAX - 1u);
	uint64_t pblk;
	int ret;

	if (map->pblk)
		return ext4_extents_convert(inode, map);
	ret = ext4_alloc_blocks(fs, ext4_extents_goal(inode, map->lblk),
				flags & EXT4_MAP_DELAYED ? EXT4_ALLOC_DELAYED
							 : EXT4_ALLOC_NEW,
				&count, &pblk);
	if (ret)
		return ret;
	ret = ext4_extent_insert(inode, map->lblk, count, pblk, unwritten);
	if (ret) {
		ext4_alloc_cancel(fs, pblk, count);
		return ret;
	}
	ext4_inode_add_blocks(inode, count);
	map->pblk = pblk;
	map->len = count;
	map->unwritten = unwritten;
	map->fresh = count;
	return 0;
}
