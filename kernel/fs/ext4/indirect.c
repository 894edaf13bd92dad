// SPDX-License-Identifier: MIT
/*
 * Block lists of ext2 and ext3 ("Direct/Indirect Block Addressing"): twelve
 * blocks in the inode, then one, two and three levels of blocks full of block
 * numbers.
 *
 * Such blocks have no checksum and no magic; each number in them is checked
 * before use.  Blocks are allocated one at a time, next to one another.
 */
#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>

#include "ext4_internal.h"

#define LEVELS_MAX 3

/* How to get to a block: the slot in the inode, then one for each level. */
struct ext4_chain {
	unsigned depth; /* levels of indirect blocks */
	uint32_t slots[LEVELS_MAX + 1];
};

static unsigned ext4_ptr_bits(const struct ext4_fs *fs)
{
	return fs->block_bits - 2;
}

uint64_t ext4_indirect_limit(const struct ext4_fs *fs)
{
	unsigned bits = ext4_ptr_bits(fs);
	uint64_t blocks = EXT4_NDIR_BLOCKS + (1ull << bits) +
			  (1ull << 2 * bits) + (1ull << 3 * bits);

	return MIN(blocks, UINT32_MAX);
}

static int ext4_chain_make(const struct ext4_fs *fs, uint32_t lblk,
			   struct ext4_chain *chain)
{
	unsigned bits = ext4_ptr_bits(fs);
	uint64_t rest = lblk;

	chain->depth = 0;
	chain->slots[0] = lblk;
	if (rest < EXT4_NDIR_BLOCKS)
		return 0;
	rest -= EXT4_NDIR_BLOCKS;
	for (unsigned depth = 1; depth <= LEVELS_MAX; depth++) {
		uint64_t span = 1ull << depth * bits;

		if (rest < span) {
			chain->depth = depth;
			chain->slots[0] = EXT4_NDIR_BLOCKS + depth - 1;
			for (unsigned i = 1; i <= depth; i++)
				chain->slots[i] = (rest >> (depth - i) * bits) &
						  ((1u << bits) - 1);
			return 0;
		}
		rest -= span;
	}
	return -EFBIG;
}

static int ext4_ind_read(struct ext4_inode *inode, uint32_t block,
			 struct buffer **result)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	int ret;

	if (!ext4_blocks_valid(fs, block, 1))
		return ext4_damaged(fs, inode->vfs.ino, "indirect block at %u",
				    block);
	ret = buffer_read(fs->cache, block, result);
	if (!ret)
		(*result)->checked_as = EXT4_BUFFER_LIST;
	return ret;
}

/* How many entries from slot on continue block by block, at most max. */
static uint32_t ext4_run_len(const le32 *table, uint32_t slot, uint32_t limit,
			     uint32_t max)
{
	uint32_t first = le32_to_cpu(table[slot]), n = 1;

	while (n < max && slot + n < limit &&
	       le32_to_cpu(table[slot + n]) == (first ? first + n : 0))
		n++;
	return n;
}

static void ext4_map_entry(const le32 *table, uint32_t slot, uint32_t limit,
			   struct ext4_map *map)
{
	map->pblk = le32_to_cpu(table[slot]);
	map->len = ext4_run_len(table, slot, limit, map->len);
}

int ext4_indirect_map(struct ext4_inode *inode, struct ext4_map *map)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint32_t per_block = fs->block_size / 4;
	struct ext4_chain chain;
	struct buffer *buf;
	uint32_t block;
	int ret = ext4_chain_make(fs, map->lblk, &chain);

	if (ret)
		return ret;
	if (!chain.depth) {
		ext4_map_entry((const le32 *)inode->block, chain.slots[0],
			       EXT4_NDIR_BLOCKS, map);
		return 0;
	}
	block = inode->block[chain.slots[0]];
	for (unsigned level = 1; block; level++) {
		ret = ext4_ind_read(inode, block, &buf);
		if (ret)
			return ret;
		if (level == chain.depth) {
			ext4_map_entry(buf->data, chain.slots[level], per_block,
				       map);
			buffer_put(buf);
			return 0;
		}
		block = le32_to_cpu(((le32 *)buf->data)[chain.slots[level]]);
		buffer_put(buf);
	}
	/* The whole indirect block is missing; at least one block is a hole. */
	map->pblk = 0;
	map->len = 1;
	return 0;
}

/* One block for the tree or the file; 32 bits are all that a list can hold. */
static int ext4_ind_alloc(struct ext4_inode *inode, enum ext4_alloc_kind kind,
			  uint32_t *block)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint32_t count = 1;
	uint64_t first;
	int ret;

	ret = ext4_alloc_blocks(fs, ext4_goal(inode), kind, &count, &first);
	if (ret)
		return ret;
	if (first > UINT32_MAX) {
		ext4_alloc_cancel(fs, first, 1);
		return -ENOSPC;
	}
	inode->goal = first + 1;
	*block = (uint32_t)first;
	return 0;
}

/* A new, empty indirect block; its number goes into *slot of the parent. */
static int ext4_ind_grow(struct ext4_inode *inode, le32 *slot,
			 struct buffer *parent, struct buffer **result)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint32_t block;
	int ret = ext4_ind_alloc(inode, EXT4_ALLOC_NODE, &block);

	if (ret)
		return ret;
	ret = buffer_get_new(fs->cache, block, result);
	if (ret) {
		ext4_alloc_cancel(fs, block, 1);
		return ret;
	}
	(*result)->checked_as = EXT4_BUFFER_LIST;
	buffer_mark_dirty(*result);
	if (parent)
		buffer_begin_modify(parent);
	*slot = cpu_to_le32(block);
	if (parent)
		buffer_mark_dirty(parent);
	ext4_inode_add_blocks(inode, 1);
	return 0;
}

/* The table that has the chain's last slot, made where missing. */
static int ext4_chain_walk(struct ext4_inode *inode,
			   const struct ext4_chain *chain,
			   struct buffer **result, le32 **slot)
{
	struct buffer *buf, *parent = NULL;
	int ret = 0;

	*slot = (le32 *)&inode->block[chain->slots[0]];
	for (unsigned level = 1; level <= chain->depth; level++) {
		if (le32_to_cpu(**slot))
			ret = ext4_ind_read(inode, le32_to_cpu(**slot), &buf);
		else
			ret = ext4_ind_grow(inode, *slot, parent, &buf);
		buffer_put(parent);
		if (ret)
			return ret;
		parent = buf;
		*slot = (le32 *)buf->data + chain->slots[level];
	}
	*result = parent;
	return 0;
}

int ext4_indirect_create(struct ext4_inode *inode, struct ext4_map *map,
			 unsigned flags)
{
	struct ext4_chain chain;
	struct buffer *buf;
	uint32_t block;
	le32 *slot;
	int ret;

	/* There is no way to say "allocated, but reads as zeros". */
	if (flags & EXT4_MAP_UNWRITTEN)
		return -EOPNOTSUPP;
	ret = ext4_chain_make(ext4_fs(&inode->vfs), map->lblk, &chain);
	if (ret)
		return ret;
	ret = ext4_chain_walk(inode, &chain, &buf, &slot);
	if (ret)
		return ret;
	ret = ext4_ind_alloc(inode,
			     flags & EXT4_MAP_DELAYED ? EXT4_ALLOC_DELAYED
						      : EXT4_ALLOC_NEW,
			     &block);
	if (!ret) {
		if (buf)
			buffer_begin_modify(buf);
		*slot = cpu_to_le32(block);
		if (buf)
			buffer_mark_dirty(buf);
		ext4_inode_add_blocks(inode, 1);
		map->pblk = block;
		map->len = 1;
		map->fresh = 1;
	}
	buffer_put(buf);
	return ret;
}

/* --- removing --- */

/* One go at it.  Blocks that lie one behind the other are freed together. */
struct ext4_ind_removal {
	struct ext4_inode *inode;
	uint64_t from, to; /* logical blocks */
	bool metadata;     /* the file's own blocks are */

	uint32_t run, run_len; /* blocks that are in no list any more */
	bool run_metadata;
	unsigned runs; /* that were freed */
};

static void ext4_ind_free_run(struct ext4_ind_removal *r)
{
	struct ext4_inode *inode = r->inode;

	if (!r->run_len)
		return;
	ext4_free_blocks(ext4_fs(&inode->vfs), r->run, r->run_len,
			 r->run_metadata);
	ext4_inode_add_blocks(inode, -(int64_t)r->run_len);
	r->run_len = 0;
	r->runs++;
}

/* 0, 1: not in this transaction, -EUCLEAN, -EIO, -ENOMEM. */
static int ext4_ind_free(struct ext4_ind_removal *r, le32 *slot, bool metadata)
{
	uint32_t block = le32_to_cpu(*slot);
	int ret = ext4_free_prepare(ext4_fs(&r->inode->vfs), block, 1);

	if (ret)
		return ret;
	if (block != r->run + r->run_len || metadata != r->run_metadata ||
	    (metadata && r->run_len == EXT4_UNMAP_METADATA)) {
		ext4_ind_free_run(r);
		if (r->runs == EXT4_UNMAP_RUNS)
			return 1;
		r->run = block;
		r->run_metadata = metadata;
	}
	r->run_len++;
	*slot = cpu_to_le32(0);
	return 0;
}

static bool ext4_table_is_empty(const struct ext4_fs *fs, const le32 *table)
{
	for (uint32_t i = 0; i < fs->block_size / 4; i++) {
		if (le32_to_cpu(table[i]))
			return false;
	}
	return true;
}

/*
 * What a slot refers to: a block of the file, or a table that is depth levels
 * (at most 3) above them and starts at logical block first.
 */
static int ext4_ind_remove_slot(struct ext4_ind_removal *r, le32 *slot,
				unsigned depth, uint64_t first)
{
	struct ext4_fs *fs = ext4_fs(&r->inode->vfs);
	uint64_t span = 1ull << (depth ? depth - 1 : 0) * ext4_ptr_bits(fs);
	struct buffer *buf;
	bool empty;
	int ret;

	if (!le32_to_cpu(*slot))
		return 0;
	if (!depth)
		return ext4_ind_free(r, slot, r->metadata);
	ret = ext4_ind_read(r->inode, le32_to_cpu(*slot), &buf);
	if (ret)
		return ret;
	buffer_begin_modify(buf);
	for (uint32_t i = 0; !ret && i < fs->block_size / 4; i++) {
		uint64_t at = first + i * span;

		if (at < r->to && at + span > r->from)
			ret = ext4_ind_remove_slot(r, (le32 *)buf->data + i,
						   depth - 1, at);
	}
	buffer_mark_dirty(buf);
	empty = ext4_table_is_empty(fs, buf->data);
	buffer_put(buf);
	if (ret || !empty)
		return ret;
	return ext4_ind_free(r, slot, true);
}

int ext4_indirect_remove(struct ext4_inode *inode, uint32_t from, uint32_t to)
{
	struct ext4_ind_removal r = {
		.inode = inode,
		.from = from,
		.to = to,
		.metadata = !S_ISREG(inode->vfs.mode),
	};
	unsigned bits = ext4_ptr_bits(ext4_fs(&inode->vfs));
	le32 *slots = (le32 *)inode->block;
	uint64_t first = 0;
	int ret = 0;

	for (unsigned i = 0; !ret && i < EXT4_N_BLOCKS; i++) {
		unsigned depth =
			i < EXT4_NDIR_BLOCKS ? 0 : i - EXT4_NDIR_BLOCKS + 1;
		uint64_t span = 1ull << depth * bits;

		if (first < to && first + span > from)
			ret = ext4_ind_remove_slot(&r, &slots[i], depth, first);
		first += span;
	}
	ext4_ind_free_run(&r);
	return ret;
}
