// SPDX-License-Identifier: MIT
/*
 * Allocation of blocks: as many adjacent ones at a time as the caller can use.
 *
 * First at the goal itself, which is free as long as a file grows undisturbed;
 * then the goal's group, then the others in order, for a run as long as asked
 * for; failing that, the longest run that was seen.  A group's first_free keeps
 * searches from walking over what is full.
 *
 * free_blocks counts what is free, delayed_blocks what of it is promised to
 * dirty pages.  A promise includes some blocks for extent trees.  What was freed
 * since the last commit is not free yet (bfree.c).
 */
#include <lib/errno.h>

#include <core/panic.h>
#include <linux/capability.h>
#include <proc/cred.h>

#include "ext4_internal.h"

/* Runs at least that long are good enough anywhere. */
#define EXT4_GOOD_RUN 256

struct ext4_run {
	struct ext4_group *group;
	uint32_t start, len; /* bits */
};

static uint32_t ext4_metadata_slack(int64_t delayed)
{
	return 8 + (uint32_t)(delayed / 32);
}

/* May the caller have count blocks? */
static bool ext4_has_room(struct ext4_fs *fs, uint32_t count)
{
	int64_t delayed = atomic64_load(&fs->delayed_blocks);
	int64_t room = atomic64_load(&fs->free_blocks) - delayed -
		       ext4_metadata_slack(delayed);

	if (room < (int64_t)count)
		return false;
	if (room - (int64_t)count >= (int64_t)fs->reserved_blocks)
		return true;
	return capable(CAP_SYS_RESOURCE);
}

int ext4_reserve_blocks(struct ext4_fs *fs, uint32_t count)
{
	if (!ext4_has_room(fs, count))
		return -ENOSPC;
	atomic64_add(&fs->delayed_blocks, count);
	return 0;
}

void ext4_unreserve_blocks(struct ext4_fs *fs, uint32_t count)
{
	atomic64_sub(&fs->delayed_blocks, count);
}

/* The first run from start on that is long enough, else the longest. */
static void ext4_search_bitmap(const void *map, uint32_t start, uint32_t end,
			       uint32_t want, struct ext4_run *best,
			       struct ext4_group *group)
{
	uint32_t at = start;

	while ((at = bitmap_next_zero(map, at, end)) < end) {
		uint32_t limit = (uint32_t)MIN(end, (uint64_t)at + want);
		uint32_t stop = bitmap_next_set(map, at, limit);

		if (stop - at > best->len)
			*best = (struct ext4_run){ group, at, stop - at };
		if (stop - at >= want)
			return;
		at = stop;
	}
}

/* Take the run: bitmap, counts, hints.  The group is locked. */
static void ext4_take_run(struct ext4_fs *fs, const struct ext4_run *run,
			  struct buffer *map)
{
	struct ext4_group *group = run->group;

	buffer_begin_modify(map);
	bitmap_set(map->data, run->start, run->len);
	buffer_mark_dirty(map);
	group->flags &= (uint16_t)~EXT4_BG_BLOCK_UNINIT;
	group->free_blocks -= MIN(run->len, group->free_blocks);
	if (run->start == group->first_free)
		group->first_free = run->start + run->len;
	atomic64_sub(&fs->free_blocks, run->len);
	ext4_group_mark(fs, group, EXT4_GROUP_COUNTS | EXT4_GROUP_BLOCKS);
}

/*
 * Search one group from bit start on; take the run if it has at least min
 * blocks (0: only look).  best is in and out.
 */
static int ext4_try_group(struct ext4_fs *fs, struct ext4_group *group,
			  uint32_t start, uint32_t want, uint32_t min,
			  struct ext4_run *best, bool *taken)
{
	uint32_t end = ext4_group_nr_blocks(fs, group->number);
	struct buffer *map;
	int ret = 0;

	*taken = false;
	mutex_lock(ext4_group_lock(fs, group));
	if (!group->free_blocks)
		goto out_unlock;
	ret = ext4_read_block_bitmap(fs, group, &map);
	if (ret)
		goto out_unlock;
	start = MAX(start, group->first_free);
	/* Keep the hint honest: there is nothing free before this. */
	if (start == group->first_free)
		start = group->first_free =
			bitmap_next_zero(map->data, start, end);
	ext4_search_bitmap(map->data, start, end, want, best, group);
	if (best->group == group && min && best->len >= min) {
		best->len = MIN(best->len, want);
		ext4_take_run(fs, best, map);
		*taken = true;
	}
	buffer_put(map);
out_unlock:
	mutex_unlock(ext4_group_lock(fs, group));
	return ret;
}

/* The goal itself, if it is free. */
static int ext4_try_goal(struct ext4_fs *fs, struct ext4_group *group,
			 uint32_t bit, uint32_t want, struct ext4_run *run,
			 bool *taken)
{
	uint32_t end = ext4_group_nr_blocks(fs, group->number);
	struct buffer *map;
	int ret = 0;

	*taken = false;
	mutex_lock(ext4_group_lock(fs, group));
	if (!group->free_blocks)
		goto out_unlock;
	ret = ext4_read_block_bitmap(fs, group, &map);
	if (ret)
		goto out_unlock;
	if (!bitmap_test(map->data, bit)) {
		uint32_t limit = (uint32_t)MIN(end, (uint64_t)bit + want);

		run->group = group;
		run->start = bit;
		run->len = bitmap_next_set(map->data, bit, limit) - bit;
		ext4_take_run(fs, run, map);
		*taken = true;
	}
	buffer_put(map);
out_unlock:
	mutex_unlock(ext4_group_lock(fs, group));
	return ret;
}

/* All groups from the goal's on, for a run of at least min. */
static int ext4_search_groups(struct ext4_fs *fs, uint32_t first, uint32_t bit,
			      uint32_t want, uint32_t min, struct ext4_run *run,
			      bool *taken)
{
	int ret = 0;

	/* The goal's group comes again at the end, for what is before bit. */
	for (uint32_t i = 0; i <= fs->nr_groups; i++) {
		uint32_t number = (first + i) % fs->nr_groups;
		struct ext4_group *group = ext4_group(fs, number);

		if (group->free_blocks < MAX(min, 1))
			continue;
		run->len = 0;
		ret = ext4_try_group(fs, group, i ? 0 : bit, want, min, run,
				     taken);
		if (ret || *taken)
			return ret;
	}
	return -ENOSPC;
}

static int ext4_find_and_take(struct ext4_fs *fs, uint64_t goal, uint32_t want,
			      struct ext4_run *run)
{
	uint32_t first = 0, bit = 0, min;
	bool taken;
	int ret;

	if (goal > fs->first_data_block && goal < fs->nr_blocks) {
		first = ext4_block_group(fs, goal);
		bit = (uint32_t)(goal - ext4_group_first_block(fs, first));
		ret = ext4_try_goal(fs, ext4_group(fs, first), bit, want, run,
				    &taken);
		if (ret || taken)
			return ret;
	}
	/* Shorter and shorter runs: each round costs less than the I/O saved. */
	for (min = MIN(want, EXT4_GOOD_RUN);; min /= 4) {
		min = MAX(min, 1);
		ret = ext4_search_groups(fs, first, bit, want, min, run,
					 &taken);
		if (ret != -ENOSPC || min == 1)
			return ret;
	}
}

int ext4_alloc_blocks(struct ext4_fs *fs, uint64_t goal,
		      enum ext4_alloc_kind kind, uint32_t *count,
		      uint64_t *first)
{
	struct ext4_run run = { .len = 0 };
	uint32_t want = MIN(*count, fs->blocks_per_group);
	int ret;

	ASSERT(buffer_in_transaction(fs->cache) && want);
	while (kind == EXT4_ALLOC_NEW && !ext4_has_room(fs, want)) {
		if (want == 1)
			return -ENOSPC;
		want /= 2;
	}
	ret = ext4_find_and_take(fs, goal, want, &run);
	if (ret)
		return ret;
	*first = ext4_group_first_block(fs, run.group->number) + run.start;
	*count = run.len;
	if (ext4_blocks_valid(fs, *first, run.len))
		return 0;
	return ext4_damaged(fs, 0, "group %u: metadata is marked as free",
			    run.group->number);
}

void ext4_alloc_cancel(struct ext4_fs *fs, uint64_t first, uint32_t count)
{
	struct ext4_group *group = ext4_group(fs, ext4_block_group(fs, first));
	uint32_t bit =
		(uint32_t)(first - ext4_group_first_block(fs, group->number));
	struct buffer *map;

	ASSERT(buffer_in_transaction(fs->cache));
	mutex_lock(ext4_group_lock(fs, group));
	/* The allocation made it dirty, so it is there, unless all is lost. */
	if (!ext4_read_block_bitmap(fs, group, &map)) {
		buffer_begin_modify(map);
		bitmap_clear(map->data, bit, count);
		buffer_mark_dirty(map);
		buffer_put(map);
		group->free_blocks += count;
		group->first_free = MIN(group->first_free, bit);
		atomic64_add(&fs->free_blocks, count);
		ext4_group_mark(fs, group,
				EXT4_GROUP_COUNTS | EXT4_GROUP_BLOCKS);
	}
	mutex_unlock(ext4_group_lock(fs, group));
}
