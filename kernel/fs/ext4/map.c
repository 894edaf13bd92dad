// SPDX-License-Identifier: MIT
/*
 * From a file's block numbers to the disk's, for both kinds of inodes: with
 * extents, and with the block lists of ext2.
 *
 * The last run that was found is remembered in the inode, as reads and writes
 * mostly go on where the last one ended.
 */
#include <lib/errno.h>

#include <core/panic.h>

#include "ext4_internal.h"

void ext4_inode_add_blocks(struct ext4_inode *inode, int64_t count)
{
	const struct ext4_fs *fs = ext4_fs(&inode->vfs);

	inode->blocks += (uint64_t)count;
	inode->vfs.blocks =
		(inode->blocks + (uint64_t)atomic64_load(&inode->delayed))
		<< (fs->block_bits - 9);
}

uint64_t ext4_goal(struct ext4_inode *inode)
{
	const struct ext4_fs *fs = ext4_fs(&inode->vfs);
	uint32_t group = (uint32_t)(inode->vfs.ino - 1) / fs->inodes_per_group;

	return inode->goal ? inode->goal : ext4_group_first_block(fs, group);
}

static bool ext4_map_from_last(const struct ext4_inode *inode,
			       struct ext4_map *map)
{
	uint32_t skip = map->lblk - inode->last_lblk;

	if (map->lblk < inode->last_lblk || skip >= inode->last_len)
		return false;
	map->pblk = inode->last_pblk + skip;
	map->len = MIN(map->len, inode->last_len - skip);
	map->unwritten = false;
	map->fresh = 0;
	return true;
}

static void ext4_map_remember(struct ext4_inode *inode,
			      const struct ext4_map *map)
{
	if (!map->pblk || map->unwritten)
		return;
	/* Runs grow at their end, by small writes. */
	if (inode->last_len &&
	    map->lblk == inode->last_lblk + inode->last_len &&
	    map->pblk == inode->last_pblk + inode->last_len) {
		inode->last_len += map->len;
		return;
	}
	inode->last_lblk = map->lblk;
	inode->last_len = map->len;
	inode->last_pblk = map->pblk;
}

static int ext4_map_find(struct ext4_inode *inode, struct ext4_map *map)
{
	if (ext4_has_extents(inode))
		return ext4_extents_map(inode, map);
	return ext4_indirect_map(inode, map);
}

static int ext4_map_create(struct ext4_inode *inode, struct ext4_map *map,
			   unsigned flags)
{
	int ret;

	if (ext4_has_extents(inode))
		ret = ext4_extents_create(inode, map, flags);
	else
		ret = ext4_indirect_create(inode, map, flags);
	if (!ret)
		inode->goal = map->pblk + map->len;
	return ret;
}

/* Does the caller have to change the tree to get what it wants? */
static bool ext4_map_must_create(const struct ext4_map *map, unsigned flags)
{
	if (!(flags & EXT4_MAP_CREATE))
		return false;
	return !map->pblk || (map->unwritten && !(flags & EXT4_MAP_UNWRITTEN));
}

static int ext4_map_locked(struct ext4_inode *inode, struct ext4_map *map,
			   unsigned flags)
{
	uint32_t want = map->len;
	int ret;

	if (ext4_map_from_last(inode, map))
		return 0;
	ret = ext4_map_find(inode, map);
	if (!ret && ext4_map_must_create(map, flags)) {
		map->len = MIN(map->len, want);
		ret = ext4_map_create(inode, map, flags);
	}
	if (!ret)
		ext4_map_remember(inode, map);
	return ret;
}

int ext4_map_blocks(struct ext4_inode *inode, struct ext4_map *map,
		    unsigned flags)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	bool found;
	int ret;

	map->fresh = 0;
	map->unwritten = false;
	rwsem_read_lock(&inode->map_lock);
	found = ext4_map_from_last(inode, map);
	rwsem_read_unlock(&inode->map_lock);
	if (found)
		return 0;

	if (flags & EXT4_MAP_CREATE) {
		ret = ext4_inode_begin_modify(inode);
		if (ret)
			return ret;
	}
	rwsem_write_lock(&inode->map_lock);
	ret = ext4_map_locked(inode, map, flags);
	rwsem_write_unlock(&inode->map_lock);
	if (ret || !map->pblk || ext4_blocks_valid(fs, map->pblk, map->len))
		return ret;
	return ext4_damaged(fs, inode->vfs.ino, "block %u is at %llu",
			    map->lblk, (unsigned long long)map->pblk);
}

int ext4_unmap_blocks(struct ext4_inode *inode, uint32_t from, uint32_t to)
{
	int ret = ext4_inode_begin_modify(inode);

	if (ret)
		return ret;
	rwsem_write_lock(&inode->map_lock);
	inode->last_len = 0;
	inode->goal = 0;
	if (ext4_has_extents(inode))
		ret = ext4_extents_remove(inode, from, to);
	else
		ret = ext4_indirect_remove(inode, from, to);
	rwsem_write_unlock(&inode->map_lock);
	return ret;
}
