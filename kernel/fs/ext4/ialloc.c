// SPDX-License-Identifier: MIT
/*
 * Allocation of inodes.
 *
 * Files go into their directory's group, so that names, inodes and data lie
 * close together.  Directories directly below the root are spread over groups
 * that have more free inodes and blocks than the average and the fewest
 * directories (Orlov's idea); deeper ones stay near their parent while its
 * group is not crowded.
 *
 * Within a group it is always the lowest free number: with checksums, the part
 * of the inode table that was ever used must grow without holes, as the rest of
 * it holds rubbish.
 */
#include <lib/errno.h>

#include <core/panic.h>
#include <linux/stat.h>

#include "ext4_internal.h"

static uint32_t ext4_inode_group(const struct ext4_fs *fs, uint64_t ino)
{
	return (uint32_t)((ino - 1) / fs->inodes_per_group);
}

/* For a child of the root: the emptiest of the better groups. */
static uint32_t ext4_spread_dir(struct ext4_fs *fs)
{
	uint64_t avg_inodes =
		(uint64_t)atomic64_load(&fs->free_inodes) / fs->nr_groups;
	uint64_t avg_blocks =
		(uint64_t)atomic64_load(&fs->free_blocks) / fs->nr_groups;
	uint32_t best = 0, best_dirs = UINT32_MAX;

	for (uint32_t i = 0; i < fs->nr_groups; i++) {
		const struct ext4_group *group = ext4_group(fs, i);

		if (!group->free_inodes || group->free_inodes < avg_inodes ||
		    group->free_blocks < avg_blocks ||
		    group->used_dirs >= best_dirs)
			continue;
		best = i;
		best_dirs = group->used_dirs;
	}
	return best;
}

static uint32_t ext4_preferred_group(struct inode *dir, bool is_dir)
{
	struct ext4_fs *fs = ext4_fs(dir);

	if (is_dir && dir->ino == EXT4_ROOT_INO)
		return ext4_spread_dir(fs);
	return ext4_inode_group(fs, dir->ino);
}

/* Is it worth putting something there, in the first round? */
static bool ext4_group_is_roomy(const struct ext4_fs *fs,
				const struct ext4_group *group, bool is_dir)
{
	if (!is_dir)
		return group->free_inodes && group->free_blocks;
	return group->free_inodes > fs->inodes_per_group / 16 &&
	       group->free_blocks > fs->blocks_per_group / 16;
}

/* The inode table was in use up to here; now a higher number is. */
static void ext4_grow_used_table(struct ext4_fs *fs, struct ext4_group *group,
				 uint32_t bit)
{
	uint32_t used = fs->inodes_per_group - group->itable_unused;

	if (group->flags & EXT4_BG_INODE_UNINIT)
		used = 0;
	group->flags &= (uint16_t)~EXT4_BG_INODE_UNINIT;
	if ((fs->has_csum || fs->has_gdt_csum) && bit >= used)
		group->itable_unused = fs->inodes_per_group - bit - 1;
}

/* e2fsck wants a group with inodes in use to have a real block bitmap, too. */
static int ext4_init_block_bitmap(struct ext4_fs *fs, struct ext4_group *group)
{
	struct buffer *map;
	int ret;

	if (!(group->flags & EXT4_BG_BLOCK_UNINIT))
		return 0;
	ret = ext4_read_block_bitmap(fs, group, &map);
	if (ret)
		return ret;
	buffer_begin_modify(map);
	buffer_mark_dirty(map);
	buffer_put(map);
	group->flags &= (uint16_t)~EXT4_BG_BLOCK_UNINIT;
	ext4_group_mark(fs, group, EXT4_GROUP_COUNTS | EXT4_GROUP_BLOCKS);
	return 0;
}

/*
 * If the number is the first of a block of the inode table that has no other
 * inode, whatever the disk has there need not be read: a new tree of files would
 * else wait for a block with each sixteenth of them.  The group's lock is held,
 * so nobody is given a number of that block meanwhile.
 */
static void ext4_spare_table_read(struct ext4_fs *fs,
				  const struct ext4_group *group,
				  const struct buffer *map, uint32_t bit)
{
	uint32_t per_block = fs->block_size / fs->inode_size;
	uint32_t end = MIN(bit + per_block, fs->inodes_per_group);

	if (bit % per_block == 0 && bitmap_next_set(map->data, bit, end) == end)
		buffer_spare_read(fs->cache,
				  group->inode_table + bit / per_block);
}

/* 0, -ENOSPC: none in this group. */
static int ext4_alloc_in_group(struct ext4_fs *fs, struct ext4_group *group,
			       bool is_dir, uint32_t *ino)
{
	uint32_t nr = fs->inodes_per_group, bit;
	struct buffer *map;
	int ret = -ENOSPC;

	mutex_lock(ext4_group_lock(fs, group));
	if (!group->free_inodes)
		goto out_unlock;
	ret = ext4_read_inode_bitmap(fs, group, &map);
	if (ret)
		goto out_unlock;
	bit = bitmap_next_zero(map->data, group->first_inode, nr);
	*ino = group->number * nr + bit + 1;
	ret = -ENOSPC;
	group->first_inode = MIN(bit + 1, nr);
	if (bit == nr)
		goto out_put;
	if (*ino < fs->first_ino) {
		ret = ext4_damaged(fs, *ino, "a reserved inode is free");
		goto out_put;
	}
	ret = ext4_init_block_bitmap(fs, group);
	if (ret)
		goto out_put;
	ext4_spare_table_read(fs, group, map, bit);
	buffer_begin_modify(map);
	bitmap_set(map->data, bit, 1);
	buffer_mark_dirty(map);
	group->free_inodes--;
	group->used_dirs += is_dir;
	ext4_grow_used_table(fs, group, bit);
	atomic64_sub(&fs->free_inodes, 1);
	ext4_group_mark(fs, group, EXT4_GROUP_COUNTS | EXT4_GROUP_INODES);
	ret = 0;
out_put:
	buffer_put(map);
out_unlock:
	mutex_unlock(ext4_group_lock(fs, group));
	return ret;
}

int ext4_alloc_inode(struct inode *dir, uint32_t mode, uint32_t *ino)
{
	struct ext4_fs *fs = ext4_fs(dir);
	bool is_dir = S_ISDIR(mode);
	uint32_t first = ext4_preferred_group(dir, is_dir);
	int ret;

	ASSERT(buffer_in_transaction(fs->cache));
	for (uint32_t i = 0; i < 2 * fs->nr_groups; i++) {
		struct ext4_group *group =
			ext4_group(fs, (first + i) % fs->nr_groups);

		/* The second round takes what there is. */
		if (!group->free_inodes ||
		    (i < fs->nr_groups &&
		     !ext4_group_is_roomy(fs, group, is_dir)))
			continue;
		ret = ext4_alloc_in_group(fs, group, is_dir, ino);
		if (ret != -ENOSPC)
			return ret;
	}
	return -ENOSPC;
}

int ext4_free_inode(struct ext4_fs *fs, uint32_t ino, bool is_dir)
{
	struct ext4_group *group = ext4_group(fs, ext4_inode_group(fs, ino));
	uint32_t bit = (ino - 1) % fs->inodes_per_group;
	struct buffer *map;
	int ret;

	mutex_lock(ext4_group_lock(fs, group));
	ret = ext4_read_inode_bitmap(fs, group, &map);
	if (ret)
		goto out_unlock;
	if (!bitmap_test(map->data, bit)) {
		ret = ext4_damaged(fs, ino, "the inode is freed twice");
		goto out_put;
	}
	buffer_begin_modify(map);
	bitmap_clear(map->data, bit, 1);
	buffer_mark_dirty(map);
	group->free_inodes++;
	group->first_inode = MIN(group->first_inode, bit);
	if (is_dir && group->used_dirs)
		group->used_dirs--;
	atomic64_add(&fs->free_inodes, 1);
	ext4_group_mark(fs, group, EXT4_GROUP_COUNTS | EXT4_GROUP_INODES);
out_put:
	buffer_put(map);
out_unlock:
	mutex_unlock(ext4_group_lock(fs, group));
	return ret;
}

int ext4_inode_in_use(struct ext4_fs *fs, uint32_t ino)
{
	struct ext4_group *group = ext4_group(fs, ext4_inode_group(fs, ino));
	struct buffer *map;
	int ret;

	mutex_lock(ext4_group_lock(fs, group));
	ret = ext4_read_inode_bitmap(fs, group, &map);
	if (!ret) {
		if (!bitmap_test(map->data, (ino - 1) % fs->inodes_per_group))
			ret = -ESTALE;
		buffer_put(map);
	}
	mutex_unlock(ext4_group_lock(fs, group));
	return ret;
}
