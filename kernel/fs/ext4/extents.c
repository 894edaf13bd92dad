// SPDX-License-Identifier: MIT
/*
 * Extent trees: checking nodes, walking to a leaf, looking up ("Extent Tree").
 */
#include <string.h>

#include <lib/errno.h>

#include <core/panic.h>

#include "extents.h"

void ext4_extent_set(struct ext4_extent *extent, uint32_t lblk, uint32_t len,
		     uint64_t pblk, bool unwritten)
{
	ASSERT(len && len + unwritten <= EXT4_EXTENT_LEN_MAX);
	extent->ee_block = cpu_to_le32(lblk);
	extent->ee_len = cpu_to_le16(
		(uint16_t)(len + (unwritten ? EXT4_EXTENT_LEN_MAX : 0)));
	extent->ee_start_lo = cpu_to_le32((uint32_t)pblk);
	extent->ee_start_hi = cpu_to_le16((uint16_t)(pblk >> 32));
}

struct ext4_extent_header *ext4_extent_root(struct ext4_inode *inode)
{
	return (struct ext4_extent_header *)inode->block;
}

void ext4_extents_init(struct ext4_inode *inode)
{
	struct ext4_extent_header *root = ext4_extent_root(inode);

	memset(inode->block, 0, sizeof(inode->block));
	root->eh_magic = cpu_to_le16(EXT4_EXTENT_MAGIC);
	root->eh_max = cpu_to_le16(EXT4_ROOT_EXTENTS);
}

unsigned ext4_node_capacity(const struct ext4_fs *fs)
{
	size_t room = fs->block_size - sizeof(struct ext4_extent_header);

	return (unsigned)(room / sizeof(struct ext4_extent));
}

/* Checksum of a node in a block: it stands behind the last possible entry. */
static struct ext4_extent_tail *ext4_node_tail(struct ext4_extent_header *h)
{
	return (void *)(ext4_node_extents(h) + le16_to_cpu(h->eh_max));
}

static void ext4_node_seal(struct buffer *buf)
{
	struct ext4_extent_header *header = buf->data;
	struct ext4_extent_tail *tail = ext4_node_tail(header);

	tail->et_checksum = cpu_to_le32(ext4_csum(
		buf->seed, header, (size_t)((char *)tail - (char *)header)));
}

static bool ext4_node_sum_ok(struct ext4_inode *inode,
			     struct ext4_extent_header *header)
{
	struct ext4_extent_tail *tail = ext4_node_tail(header);

	return le32_to_cpu(tail->et_checksum) ==
	       ext4_csum(inode->csum_seed, header,
			 (size_t)((char *)tail - (char *)header));
}

void ext4_node_init(struct ext4_inode *inode, struct buffer *buf,
		    unsigned depth)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct ext4_extent_header *header = buf->data;

	header->eh_magic = cpu_to_le16(EXT4_EXTENT_MAGIC);
	header->eh_max = cpu_to_le16((uint16_t)ext4_node_capacity(fs));
	header->eh_depth = cpu_to_le16((uint16_t)depth);
	if (fs->has_csum)
		buffer_set_seal(buf, ext4_node_seal, inode->csum_seed);
	buf->checked_as = EXT4_BUFFER_EXTENTS;
}

/* --- checks --- */

static bool ext4_leaf_is_sane(const struct ext4_fs *fs,
			      struct ext4_extent_header *header)
{
	const struct ext4_extent *extent = ext4_node_extents(header);
	uint64_t next = 0;

	for (unsigned i = 0; i < ext4_node_entries(header); i++, extent++) {
		uint32_t len = ext4_extent_len(extent);

		if (!len || ext4_extent_first(extent) < next ||
		    !ext4_blocks_valid(fs, ext4_extent_start(extent), len))
			return false;
		next = (uint64_t)ext4_extent_first(extent) + len;
	}
	return next <= UINT32_MAX;
}

static bool ext4_index_is_sane(const struct ext4_fs *fs,
			       struct ext4_extent_header *header)
{
	const struct ext4_extent_idx *idx = ext4_node_indexes(header);
	uint64_t next = 0;

	for (unsigned i = 0; i < ext4_node_entries(header); i++, idx++) {
		if (le32_to_cpu(idx->ei_block) < next ||
		    !ext4_blocks_valid(fs, ext4_idx_leaf(idx), 1))
			return false;
		next = (uint64_t)le32_to_cpu(idx->ei_block) + 1;
	}
	/* An index without entries leads nowhere. */
	return ext4_node_entries(header);
}

/* capacity: entries that there is room for. */
static int ext4_node_check(struct ext4_inode *inode,
			   struct ext4_extent_header *header, unsigned capacity,
			   unsigned depth)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	unsigned max = le16_to_cpu(header->eh_max);

	if (le16_to_cpu(header->eh_magic) != EXT4_EXTENT_MAGIC || !max ||
	    max > capacity || ext4_node_entries(header) > max ||
	    le16_to_cpu(header->eh_depth) != depth)
		return ext4_damaged(fs, inode->vfs.ino,
				    "wrong head of an extent node");
	if (depth ? !ext4_index_is_sane(fs, header)
		  : !ext4_leaf_is_sane(fs, header))
		return ext4_damaged(fs, inode->vfs.ino,
				    "wrong entries in an extent node");
	return 0;
}

static int ext4_root_check(struct ext4_inode *inode)
{
	struct ext4_extent_header *root = ext4_extent_root(inode);
	unsigned depth = le16_to_cpu(root->eh_depth);

	if (depth > EXT4_EXTENT_DEPTH_MAX)
		return ext4_damaged(ext4_fs(&inode->vfs), inode->vfs.ino,
				    "extent tree of depth %u", depth);
	return ext4_node_check(inode, root, EXT4_ROOT_EXTENTS, depth);
}

/* Check a node in a block, if that has not been done. */
static int ext4_node_check_block(struct ext4_inode *inode, struct buffer *buf,
				 unsigned depth)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct ext4_extent_header *header = buf->data;
	int ret;

	/* The depth also guards against a node that is its own ancestor. */
	if (buf->checked_as == EXT4_BUFFER_EXTENTS &&
	    le16_to_cpu(header->eh_depth) == depth &&
	    ext4_node_entries(header) <= le16_to_cpu(header->eh_max) &&
	    (!fs->has_csum || buf->seed == inode->csum_seed))
		return 0;
	ret = ext4_node_check(inode, header, ext4_node_capacity(fs), depth);
	if (ret)
		return ret;
	if (fs->has_csum && !ext4_node_sum_ok(inode, header))
		return ext4_damaged(fs, inode->vfs.ino,
				    "wrong checksum of an extent node");
	if (fs->has_csum)
		buffer_set_seal(buf, ext4_node_seal, inode->csum_seed);
	buf->checked_as = EXT4_BUFFER_EXTENTS;
	return 0;
}

/*
 * Does a node keep to [first, end), for which the one above has it?  Else what
 * is found by its first block would not be found by its last.
 */
static bool ext4_node_is_within(struct ext4_extent_header *header,
				uint32_t first, uint32_t end)
{
	unsigned n = ext4_node_entries(header);
	const struct ext4_extent *last = ext4_node_extents(header) + n - 1;

	if (!n)
		return true;
	if (ext4_extent_first(ext4_node_extents(header)) < first)
		return false;
	if (header->eh_depth)
		return ext4_extent_first(last) < end;
	return ext4_extent_first(last) + ext4_extent_len(last) <= end;
}

/* The node below the path's last one, for blocks [first, end). */
static int ext4_node_read(struct ext4_inode *inode,
			  const struct ext4_extent_idx *idx, unsigned depth,
			  uint32_t end, struct ext4_path_node *node)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct buffer *buf;
	int ret;

	ret = buffer_read(fs->cache, ext4_idx_leaf(idx), &buf);
	if (ret)
		return ret;
	ret = ext4_node_check_block(inode, buf, depth);
	if (!ret &&
	    !ext4_node_is_within(buf->data, le32_to_cpu(idx->ei_block), end))
		ret = ext4_damaged(fs, inode->vfs.ino,
				   "extents are not where the index says");
	if (ret) {
		buffer_put(buf);
		return ret;
	}
	node->buf = buf;
	node->header = buf->data;
	return 0;
}

/* --- walking --- */

/*
 * The last entry that starts at or before lblk; -1: none does.  Extents and
 * indexes both begin with their first logical block.
 */
static int ext4_node_search(struct ext4_extent_header *header, uint32_t lblk)
{
	const struct ext4_extent_idx *entries = ext4_node_indexes(header);
	int low = 0, high = (int)ext4_node_entries(header);

	while (low < high) {
		int mid = (low + high) / 2;

		if (le32_to_cpu(entries[mid].ei_block) <= lblk)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

void ext4_path_release(struct ext4_path *path)
{
	for (unsigned i = 0; i <= path->depth; i++)
		buffer_put(path->nodes[i].buf);
}

/* Where the range of the path's node at that level ends. */
static uint32_t ext4_path_end_above(const struct ext4_path *path,
				    unsigned level)
{
	while (level-- > 0) {
		const struct ext4_path_node *node = &path->nodes[level];

		if ((unsigned)node->index + 1 < ext4_node_entries(node->header))
			return le32_to_cpu(
				ext4_node_indexes(node->header)[node->index + 1]
					.ei_block);
	}
	return UINT32_MAX;
}

int ext4_path_find(struct ext4_inode *inode, uint32_t lblk,
		   struct ext4_path *path)
{
	struct ext4_path_node *node = path->nodes;
	int ret;

	ret = ext4_root_check(inode);
	if (ret)
		return ret;
	node->buf = NULL;
	node->header = ext4_extent_root(inode);
	path->depth = 0;
	for (unsigned left = le16_to_cpu(node->header->eh_depth); left;) {
		const struct ext4_extent_idx *idx;

		/* What lies before the first index belongs to it, too. */
		node->index = MAX(ext4_node_search(node->header, lblk), 0);
		idx = ext4_node_indexes(node->header) + node->index;
		ret = ext4_node_read(inode, idx, --left,
				     ext4_path_end_above(path, path->depth + 1),
				     node + 1);
		if (ret) {
			ext4_path_release(path);
			return ret;
		}
		node++;
		path->depth++;
	}
	node->index = ext4_node_search(node->header, lblk);
	return 0;
}

void ext4_node_begin_modify(struct ext4_path_node *node)
{
	if (node->buf)
		buffer_begin_modify(node->buf);
}

void ext4_node_mark_dirty(struct ext4_path_node *node)
{
	if (node->buf)
		buffer_mark_dirty(node->buf);
}

uint32_t ext4_path_next_first(const struct ext4_path *path)
{
	return ext4_path_end_above(path, path->depth);
}

/* Nothing is there: how far does the hole go? */
static uint32_t ext4_hole_len(const struct ext4_path *path, uint32_t lblk)
{
	const struct ext4_path_node *leaf = &path->nodes[path->depth];
	unsigned next = (unsigned)(leaf->index + 1);

	if (next < ext4_node_entries(leaf->header))
		return ext4_extent_first(
			       &ext4_node_extents(leaf->header)[next]) -
		       lblk;
	return ext4_path_next_first(path) - lblk;
}

int ext4_extents_map(struct ext4_inode *inode, struct ext4_map *map)
{
	const struct ext4_path_node *leaf;
	const struct ext4_extent *extent;
	struct ext4_path path;
	uint32_t skip;
	int ret;

	ret = ext4_path_find(inode, map->lblk, &path);
	if (ret)
		return ret;
	leaf = &path.nodes[path.depth];
	map->pblk = 0;
	if (leaf->index >= 0) {
		extent = ext4_node_extents(leaf->header) + leaf->index;
		skip = map->lblk - ext4_extent_first(extent);
		if (skip < ext4_extent_len(extent)) {
			map->pblk = ext4_extent_start(extent) + skip;
			map->unwritten = ext4_extent_is_unwritten(extent);
			map->len =
				MIN(map->len, ext4_extent_len(extent) - skip);
		}
	}
	if (!map->pblk)
		map->len = MIN(map->len, ext4_hole_len(&path, map->lblk));
	ext4_path_release(&path);
	return 0;
}
