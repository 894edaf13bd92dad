// SPDX-License-Identifier: MIT
/*
 * Freeing of blocks.
 *
 * What a transaction frees must not be used again before the commit that frees
 * it has survived: after a loss of power an old file would contain what was
 * written for a new one.  So freed blocks are only noted, in a bitmap of their
 * own for each group, and stay used in the real one until a commit is prepared;
 * no transaction of that commit can get them.  Those of the next one can, while
 * this one is still being written; their file data waits for its end (order.c).
 * Metadata need not, as it waits in the log, or for the next commit.
 *
 * The group's bitmap is held and marked dirty from the first note on, as is its
 * descriptor, so that preparing a commit needs no memory and no disk, and its
 * size is known before.
 */
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>

#include "ext4_internal.h"

/*
 * What was freed in a group since the last commit.  [g] the group's lock,
 * [q] fs->queue_lock; commits, which run alone, do without
 */
struct ext4_freed {
	struct ext4_group *group;     /* [I] */
	struct buffer *map;           /* [I] its bitmap, referenced */
	uint64_t *bits;               /* [g] 1: freed */
	uint32_t start, end;          /* [g] no bits are set elsewhere */
	uint32_t count;               /* [g] of bits that are set */
	SLIST_ENTRY(ext4_freed) link; /* [q] */
};

static struct ext4_freed *ext4_freed_alloc(const struct ext4_fs *fs)
{
	struct ext4_freed *freed = kmalloc(sizeof(*freed));

	if (!freed)
		return NULL;
	*freed = (struct ext4_freed){ .start = UINT32_MAX };
	freed->bits = kcalloc(DIV_ROUND_UP(fs->blocks_per_group, 64),
			      sizeof(freed->bits[0]));
	if (freed->bits)
		return freed;
	kfree(freed);
	return NULL;
}

static void ext4_freed_destroy(struct ext4_freed *freed)
{
	buffer_put(freed->map);
	kfree(freed->bits);
	kfree(freed);
}

/* See that the group, which is locked, has its notes. */
static int ext4_freed_make(struct ext4_fs *fs, struct ext4_group *group)
{
	struct ext4_freed *freed;
	struct buffer *map;
	int ret;

	if (group->freed)
		return 0;
	ret = ext4_read_block_bitmap(fs, group, &map);
	if (ret)
		return ret;
	freed = ext4_freed_alloc(fs);
	if (!freed) {
		buffer_put(map);
		return -ENOMEM;
	}
	buffer_begin_modify(map);
	buffer_mark_dirty(map);
	ext4_group_will_change(group);
	freed->map = map;
	freed->group = group;
	group->freed = freed;
	spin_lock(&fs->queue_lock);
	SLIST_INSERT_HEAD(&fs->freed_groups, freed, link);
	spin_unlock(&fs->queue_lock);
	return 0;
}

/* Those of [first, first + *count) that lie in first's group; where there. */
static struct ext4_group *ext4_group_part(const struct ext4_fs *fs,
					  uint64_t first, uint64_t *count,
					  uint32_t *bit)
{
	uint32_t number = ext4_block_group(fs, first);

	*bit = (uint32_t)(first - ext4_group_first_block(fs, number));
	*count = MIN(*count, fs->blocks_per_group - *bit);
	return ext4_group(fs, number);
}

int ext4_free_prepare(struct ext4_fs *fs, uint64_t first, uint64_t count)
{
	int ret = 0;

	ASSERT(buffer_in_transaction(fs->cache));
	if (!ext4_blocks_valid(fs, first, count))
		return ext4_damaged(fs, 0, "free of wrong blocks %llu+%llu",
				    (unsigned long long)first,
				    (unsigned long long)count);
	while (!ret && count) {
		uint64_t n = count;
		uint32_t bit;
		struct ext4_group *group = ext4_group_part(fs, first, &n, &bit);

		mutex_lock(ext4_group_lock(fs, group));
		ret = ext4_freed_make(fs, group);
		mutex_unlock(ext4_group_lock(fs, group));
		first += n;
		count -= n;
	}
	return ret;
}

/* Note blocks of one group, which is locked and has notes. */
static void ext4_freed_note(struct ext4_fs *fs, struct ext4_group *group,
			    uint32_t bit, uint32_t count)
{
	struct ext4_freed *freed = group->freed;
	uint32_t end = bit + count;

	if (bitmap_next_zero(freed->map->data, bit, end) != end ||
	    bitmap_next_set(freed->bits, bit, end) != end) {
		ext4_damaged(fs, 0, "group %u: a block is freed twice",
			     group->number);
		return;
	}
	bitmap_set(freed->bits, bit, count);
	freed->start = MIN(freed->start, bit);
	freed->end = MAX(freed->end, end);
	freed->count += count;
	atomic64_add(&fs->freed_blocks, count);
}

void ext4_free_blocks(struct ext4_fs *fs, uint64_t first, uint64_t count,
		      bool metadata)
{
	int ret = ext4_free_prepare(fs, first, count);

	if (ret) {
		ext4_damaged(fs, 0, "blocks are lost: %llu+%llu (%d)",
			     (unsigned long long)first,
			     (unsigned long long)count, ret);
		return;
	}
	if (metadata)
		buffer_forget(fs->cache, first, count);
	while (count) {
		uint64_t n = count;
		uint32_t bit;
		struct ext4_group *group = ext4_group_part(fs, first, &n, &bit);

		mutex_lock(ext4_group_lock(fs, group));
		ext4_freed_note(fs, group, bit, (uint32_t)n);
		mutex_unlock(ext4_group_lock(fs, group));
		first += n;
		count -= n;
	}
}

/*
 * The notes of one group become free blocks.  All this changes in transactions
 * only, and a commit runs alone, so it does without the group's lock.
 */
static void ext4_freed_apply(struct ext4_fs *fs, struct ext4_freed *freed)
{
	struct ext4_group *group = freed->group;

	group->freed = NULL;
	if (!freed->count)
		return;
	buffer_begin_modify(freed->map);
	freed->map->checked_as = EXT4_BUFFER_BITMAP;
	bitmap_clear_set(freed->map->data, freed->bits, freed->start,
			 freed->end);
	buffer_mark_dirty(freed->map);
	group->free_blocks += freed->count;
	group->first_free = MIN(group->first_free, freed->start);
	atomic64_add(&fs->free_blocks, freed->count);
	atomic64_sub(&fs->freed_blocks, freed->count);
	ext4_group_mark(fs, group, EXT4_GROUP_COUNTS | EXT4_GROUP_BLOCKS);
}

bool ext4_frees_apply(struct ext4_fs *fs)
{
	struct ext4_freed *freed;
	bool any = false;

	while ((freed = SLIST_FIRST(&fs->freed_groups))) {
		SLIST_REMOVE_HEAD(&fs->freed_groups, link);
		any |= freed->count;
		ext4_freed_apply(fs, freed);
		ext4_freed_destroy(freed);
	}
	return any;
}

void ext4_frees_drop(struct ext4_fs *fs)
{
	struct ext4_freed *freed;

	while ((freed = SLIST_FIRST(&fs->freed_groups))) {
		SLIST_REMOVE_HEAD(&fs->freed_groups, link);
		ext4_freed_destroy(freed);
	}
}
