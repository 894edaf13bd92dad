// SPDX-License-Identifier: MIT
/*
 * Block groups: their descriptors and bitmaps ("Block Group Descriptors").
 *
 * All descriptors are decoded and checked at mount into struct ext4_group,
 * which is what counts from then on; those that changed are queued, and put
 * back into their blocks when a commit is prepared.  So many changes of one
 * bitmap cost one checksum.  The block is held from the first use of the group
 * on, as a commit must not need memory.
 */
#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/printk.h>

#include "ext4_internal.h"

uint64_t ext4_group_first_block(const struct ext4_fs *fs, uint32_t number)
{
	return fs->first_data_block + (uint64_t)number * fs->blocks_per_group;
}

uint32_t ext4_group_nr_blocks(const struct ext4_fs *fs, uint32_t number)
{
	uint64_t left = fs->nr_blocks - ext4_group_first_block(fs, number);

	return (uint32_t)MIN(left, fs->blocks_per_group);
}

uint32_t ext4_block_group(const struct ext4_fs *fs, uint64_t block)
{
	return (uint32_t)((block - fs->first_data_block) /
			  fs->blocks_per_group);
}

static uint32_t ext4_itable_blocks(const struct ext4_fs *fs)
{
	return (uint32_t)DIV_ROUND_UP((uint64_t)fs->inodes_per_group *
					      fs->inode_size,
				      fs->block_size);
}

static bool ranges_overlap(uint64_t a, uint64_t a_len, uint64_t b,
			   uint64_t b_len)
{
	return a < b + b_len && b < a + a_len;
}

/* Bitmaps and inode table of the group that the blocks lie in. */
static bool ext4_blocks_hit_group(const struct ext4_fs *fs, uint64_t block,
				  uint64_t count)
{
	const struct ext4_group *group =
		ext4_group(fs, ext4_block_group(fs, block));

	return ranges_overlap(block, count, group->block_bitmap, 1) ||
	       ranges_overlap(block, count, group->inode_bitmap, 1) ||
	       ranges_overlap(block, count, group->inode_table,
			      ext4_itable_blocks(fs));
}

bool ext4_blocks_valid(const struct ext4_fs *fs, uint64_t block, uint64_t count)
{
	if (block <= fs->first_data_block || block >= fs->nr_blocks ||
	    count > fs->nr_blocks - block)
		return false;
	/* The journal comes before the groups, which it may have to repair. */
	return !fs->groups || !ext4_blocks_hit_group(fs, block, count);
}

/* --- descriptors --- */

static bool ext4_is_power_of(uint32_t n, uint32_t base)
{
	while (n > base && n % base == 0)
		n /= base;
	return n == base;
}

static bool ext4_group_has_super(const struct ext4_fs *fs, uint32_t number)
{
	uint32_t ro_compat = le32_to_cpu(fs->sb->s_feature_ro_compat);

	if (number <= 1 || !(ro_compat & EXT4_RO_COMPAT_SPARSE_SUPER))
		return true;
	return ext4_is_power_of(number, 3) || ext4_is_power_of(number, 5) ||
	       ext4_is_power_of(number, 7);
}

/* Where block n of the descriptor table is; with meta_bg in its own groups. */
static uint64_t ext4_desc_block(const struct ext4_fs *fs, uint32_t n)
{
	uint32_t per_block = fs->block_size / fs->desc_size;
	uint32_t incompat = le32_to_cpu(fs->sb->s_feature_incompat);
	uint32_t first = n * per_block;

	if (!(incompat & EXT4_INCOMPAT_META_BG) ||
	    n < le32_to_cpu(fs->sb->s_first_meta_bg))
		return EXT4_SUPER_OFFSET / fs->block_size + 1 + n;
	return ext4_group_first_block(fs, first) +
	       ext4_group_has_super(fs, first);
}

static void ext4_desc_decode(const struct ext4_fs *fs,
			     const struct ext4_group_desc *desc,
			     struct ext4_group *group)
{
	group->block_bitmap = le32_to_cpu(desc->bg_block_bitmap_lo);
	group->inode_bitmap = le32_to_cpu(desc->bg_inode_bitmap_lo);
	group->inode_table = le32_to_cpu(desc->bg_inode_table_lo);
	group->free_blocks = le16_to_cpu(desc->bg_free_blocks_count_lo);
	group->free_inodes = le16_to_cpu(desc->bg_free_inodes_count_lo);
	group->used_dirs = le16_to_cpu(desc->bg_used_dirs_count_lo);
	group->itable_unused = le16_to_cpu(desc->bg_itable_unused_lo);
	group->flags = le16_to_cpu(desc->bg_flags);
	if (fs->desc_size < EXT4_DESC_SIZE_64BIT)
		return;
	group->block_bitmap |= (uint64_t)le32_to_cpu(desc->bg_block_bitmap_hi)
			       << 32;
	group->inode_bitmap |= (uint64_t)le32_to_cpu(desc->bg_inode_bitmap_hi)
			       << 32;
	group->inode_table |= (uint64_t)le32_to_cpu(desc->bg_inode_table_hi)
			      << 32;
	group->free_blocks |=
		(uint32_t)le16_to_cpu(desc->bg_free_blocks_count_hi) << 16;
	group->free_inodes |=
		(uint32_t)le16_to_cpu(desc->bg_free_inodes_count_hi) << 16;
	group->used_dirs |= (uint32_t)le16_to_cpu(desc->bg_used_dirs_count_hi)
			    << 16;
	group->itable_unused |= (uint32_t)le16_to_cpu(desc->bg_itable_unused_hi)
				<< 16;
}

static bool ext4_range_in_fs(const struct ext4_fs *fs, uint64_t block,
			     uint64_t count)
{
	return block > fs->first_data_block && block < fs->nr_blocks &&
	       count <= fs->nr_blocks - block;
}

static bool ext4_group_is_sane(const struct ext4_fs *fs,
			       const struct ext4_group *group)
{
	return ext4_range_in_fs(fs, group->block_bitmap, 1) &&
	       ext4_range_in_fs(fs, group->inode_bitmap, 1) &&
	       ext4_range_in_fs(fs, group->inode_table,
				ext4_itable_blocks(fs)) &&
	       group->free_blocks <= ext4_group_nr_blocks(fs, group->number) &&
	       group->free_inodes <= fs->inodes_per_group &&
	       group->used_dirs <= fs->inodes_per_group &&
	       group->itable_unused <= fs->inodes_per_group;
}

static int ext4_group_load(struct ext4_fs *fs, uint32_t number,
			   const struct ext4_group_desc *desc)
{
	struct ext4_group *group = ext4_group(fs, number);

	group->number = number;
	ext4_desc_decode(fs, desc, group);
	if ((fs->has_csum || fs->has_gdt_csum) &&
	    le16_to_cpu(desc->bg_checksum) != ext4_desc_csum(fs, number, desc))
		return ext4_damaged(fs, 0, "group %u: wrong checksum", number);
	if (!ext4_group_is_sane(fs, group))
		return ext4_damaged(fs, 0, "group %u: senseless descriptor",
				    number);
	/* Without checksums these have no meaning. */
	if (!fs->has_csum && !fs->has_gdt_csum) {
		group->flags = 0;
		group->itable_unused = 0;
	}
	atomic64_add(&fs->free_blocks, group->free_blocks);
	atomic64_add(&fs->free_inodes, group->free_inodes);
	return 0;
}

static int ext4_desc_block_load(struct ext4_fs *fs, uint32_t n)
{
	uint32_t per_block = fs->block_size / fs->desc_size;
	uint32_t first = n * per_block;
	struct buffer *buf;
	int ret;

	ret = buffer_read(fs->cache, ext4_desc_block(fs, n), &buf);
	if (ret)
		return ret;
	for (uint32_t i = 0; !ret && i < per_block; i++) {
		if (first + i >= fs->nr_groups)
			break;
		ret = ext4_group_load(fs, first + i,
				      (void *)((char *)buf->data +
					       (size_t)i * fs->desc_size));
	}
	buffer_put(buf);
	return ret;
}

/* How many groups are in one piece of fs->groups. */
static uint32_t ext4_group_chunk_len(const struct ext4_fs *fs, uint32_t chunk)
{
	return MIN(fs->nr_groups - chunk * EXT4_GROUP_CHUNK, EXT4_GROUP_CHUNK);
}

static int ext4_groups_alloc(struct ext4_fs *fs)
{
	uint32_t chunks = DIV_ROUND_UP(fs->nr_groups, EXT4_GROUP_CHUNK);

	fs->groups = kcalloc(chunks, sizeof(fs->groups[0]));
	if (!fs->groups)
		return -ENOMEM;
	for (uint32_t i = 0; i < chunks; i++) {
		uint32_t n = ext4_group_chunk_len(fs, i);

		fs->groups[i] = kcalloc(n, sizeof(struct ext4_group));
		if (!fs->groups[i])
			return -ENOMEM;
	}
	return 0;
}

int ext4_groups_load(struct ext4_fs *fs)
{
	uint32_t per_block = fs->block_size / fs->desc_size;
	uint32_t nr_blocks = DIV_ROUND_UP(fs->nr_groups, per_block);
	int ret = ext4_groups_alloc(fs);

	atomic64_store(&fs->free_blocks, 0);
	atomic64_store(&fs->free_inodes, 0);
	spin_init(&fs->queue_lock, LOCK_LEAF);
	STAILQ_INIT(&fs->dirty_groups);
	SLIST_INIT(&fs->freed_groups);
	for (unsigned i = 0; i < EXT4_GROUP_LOCKS; i++)
		mutex_init(&fs->group_locks[i], LOCK_FS_GROUP);
	for (uint32_t n = 0; !ret && n < nr_blocks; n++)
		ret = ext4_desc_block_load(fs, n);
	if (ret)
		ext4_groups_free(fs);
	return ret;
}

/* Let go of the descriptors of one piece of fs->groups, if it is there. */
static void ext4_group_chunk_put(struct ext4_fs *fs, uint32_t chunk)
{
	uint32_t n = ext4_group_chunk_len(fs, chunk);

	for (uint32_t i = 0; fs->groups[chunk] && i < n; i++)
		buffer_put(fs->groups[chunk][i].desc_buf);
}

void ext4_groups_free(struct ext4_fs *fs)
{
	uint32_t chunks = DIV_ROUND_UP(fs->nr_groups, EXT4_GROUP_CHUNK);

	ext4_frees_drop(fs);
	for (uint32_t i = 0; fs->groups && i < chunks; i++) {
		ext4_group_chunk_put(fs, i);
		kfree(fs->groups[i]);
	}
	kfree(fs->groups);
	fs->groups = NULL;
}

/* The checksum of a bitmap's first bytes, or 0 if it cannot be read. */
static uint32_t ext4_bitmap_csum(struct ext4_fs *fs, uint64_t block, size_t len)
{
	struct buffer *buf;
	uint32_t csum;

	if (buffer_read(fs->cache, block, &buf))
		return 0;
	csum = ext4_csum(fs->csum_seed, buf->data, len);
	buffer_put(buf);
	return csum;
}

static void ext4_desc_encode_bitmaps(struct ext4_fs *fs,
				     const struct ext4_group *group,
				     struct ext4_group_desc *desc)
{
	bool wide = fs->desc_size >= EXT4_DESC_SIZE_64BIT;
	uint32_t csum;

	if (group->dirty & EXT4_GROUP_BLOCKS) {
		csum = ext4_bitmap_csum(fs, group->block_bitmap,
					fs->blocks_per_group / 8);
		desc->bg_block_bitmap_csum_lo = cpu_to_le16((uint16_t)csum);
		if (wide)
			desc->bg_block_bitmap_csum_hi =
				cpu_to_le16((uint16_t)(csum >> 16));
	}
	if (group->dirty & EXT4_GROUP_INODES) {
		csum = ext4_bitmap_csum(fs, group->inode_bitmap,
					fs->inodes_per_group / 8);
		desc->bg_inode_bitmap_csum_lo = cpu_to_le16((uint16_t)csum);
		if (wide)
			desc->bg_inode_bitmap_csum_hi =
				cpu_to_le16((uint16_t)(csum >> 16));
	}
}

static void ext4_desc_encode(struct ext4_fs *fs, const struct ext4_group *group,
			     struct ext4_group_desc *desc)
{
	desc->bg_free_blocks_count_lo =
		cpu_to_le16((uint16_t)group->free_blocks);
	desc->bg_free_inodes_count_lo =
		cpu_to_le16((uint16_t)group->free_inodes);
	desc->bg_used_dirs_count_lo = cpu_to_le16((uint16_t)group->used_dirs);
	if (fs->has_csum || fs->has_gdt_csum) {
		desc->bg_itable_unused_lo =
			cpu_to_le16((uint16_t)group->itable_unused);
		desc->bg_flags = cpu_to_le16(group->flags);
	}
	if (fs->desc_size >= EXT4_DESC_SIZE_64BIT) {
		desc->bg_free_blocks_count_hi =
			cpu_to_le16((uint16_t)(group->free_blocks >> 16));
		desc->bg_free_inodes_count_hi =
			cpu_to_le16((uint16_t)(group->free_inodes >> 16));
		desc->bg_used_dirs_count_hi =
			cpu_to_le16((uint16_t)(group->used_dirs >> 16));
		desc->bg_itable_unused_hi =
			cpu_to_le16((uint16_t)(group->itable_unused >> 16));
	}
	if (fs->has_csum)
		ext4_desc_encode_bitmaps(fs, group, desc);
	if (fs->has_csum || fs->has_gdt_csum)
		desc->bg_checksum =
			cpu_to_le16(ext4_desc_csum(fs, group->number, desc));
}

/* Its descriptor, whose block is held. */
static struct ext4_group_desc *ext4_group_desc(const struct ext4_fs *fs,
					       const struct ext4_group *group)
{
	uint32_t per_block = fs->block_size / fs->desc_size;

	return (void *)((char *)group->desc_buf->data +
			(size_t)(group->number % per_block) * fs->desc_size);
}

/* Hold the block of its descriptor: 0, -EIO, -ENOMEM. */
static int ext4_group_hold_desc(struct ext4_fs *fs, struct ext4_group *group)
{
	uint32_t per_block = fs->block_size / fs->desc_size;

	ASSERT(mutex_is_held(ext4_group_lock(fs, group)));
	if (likely(group->desc_buf))
		return 0;
	return buffer_read(fs->cache,
			   ext4_desc_block(fs, group->number / per_block),
			   &group->desc_buf);
}

void ext4_group_will_change(struct ext4_group *group)
{
	buffer_begin_modify(group->desc_buf);
	buffer_mark_dirty(group->desc_buf);
}

void ext4_group_mark(struct ext4_fs *fs, struct ext4_group *group,
		     unsigned what)
{
	ext4_group_will_change(group);
	spin_lock(&fs->queue_lock);
	if (!group->dirty)
		STAILQ_INSERT_TAIL(&fs->dirty_groups, group, dirty_link);
	group->dirty |= (uint16_t)what;
	spin_unlock(&fs->queue_lock);
}

static void ext4_group_store(struct ext4_fs *fs, struct ext4_group *group)
{
	buffer_begin_modify(group->desc_buf);
	group->desc_buf->checked_as = EXT4_BUFFER_DESCRIPTORS;
	ext4_desc_encode(fs, group, ext4_group_desc(fs, group));
	buffer_mark_dirty(group->desc_buf);
}

void ext4_groups_store(struct ext4_fs *fs)
{
	struct ext4_group *group;

	/* A commit runs alone: nobody queues while we empty the queue. */
	while ((group = STAILQ_FIRST(&fs->dirty_groups))) {
		STAILQ_REMOVE_HEAD(&fs->dirty_groups, dirty_link);
		ext4_group_store(fs, group);
		group->dirty = 0;
	}
}

/* --- bitmaps --- */

/* Mark what of [block, block + count) lies in the group as used. */
static void ext4_bitmap_mark(const struct ext4_fs *fs,
			     const struct ext4_group *group, void *map,
			     uint64_t block, uint64_t count)
{
	uint64_t first = ext4_group_first_block(fs, group->number);
	uint64_t end = first + ext4_group_nr_blocks(fs, group->number);
	uint64_t from = MAX(block, first), to = MIN(block + count, end);

	if (from < to)
		bitmap_set(map, (uint32_t)(from - first),
			   (uint32_t)(to - from));
}

/* Super block copy and descriptor blocks at the start of a group. */
static uint32_t ext4_group_base_blocks(const struct ext4_fs *fs,
				       uint32_t number)
{
	uint32_t per_block = fs->block_size / fs->desc_size;
	uint32_t incompat = le32_to_cpu(fs->sb->s_feature_incompat);
	uint32_t has_super = ext4_group_has_super(fs, number);
	uint32_t in_meta = number % per_block;

	if (!(incompat & EXT4_INCOMPAT_META_BG) ||
	    number / per_block < le32_to_cpu(fs->sb->s_first_meta_bg)) {
		uint32_t n = DIV_ROUND_UP(fs->nr_groups, per_block);

		if (incompat & EXT4_INCOMPAT_META_BG)
			n = le32_to_cpu(fs->sb->s_first_meta_bg);
		return has_super *
		       (1 + n + le16_to_cpu(fs->sb->s_reserved_gdt_blocks));
	}
	return has_super +
	       (in_meta == 0 || in_meta == 1 || in_meta == per_block - 1);
}

/* The block bitmap of a group in which nothing was ever allocated. */
static void ext4_block_bitmap_make(const struct ext4_fs *fs,
				   const struct ext4_group *group, void *map)
{
	uint64_t first = ext4_group_first_block(fs, group->number);
	uint32_t bits = fs->block_size * 8;
	uint32_t nr = ext4_group_nr_blocks(fs, group->number);

	memset(map, 0, fs->block_size);
	ext4_bitmap_mark(fs, group, map, first,
			 ext4_group_base_blocks(fs, group->number));
	/* With flex_bg a group holds the bitmaps of its neighbours as well. */
	for (uint32_t i = 0; i < fs->nr_groups; i++) {
		const struct ext4_group *other = ext4_group(fs, i);

		ext4_bitmap_mark(fs, group, map, other->block_bitmap, 1);
		ext4_bitmap_mark(fs, group, map, other->inode_bitmap, 1);
		ext4_bitmap_mark(fs, group, map, other->inode_table,
				 ext4_itable_blocks(fs));
	}
	bitmap_set(map, nr, bits - nr);
}

/* What is stored of a checksum that the descriptor has in two halves. */
static uint32_t ext4_desc_csum_field(const struct ext4_fs *fs, le16 lo, le16 hi)
{
	uint32_t csum = le16_to_cpu(lo);

	if (fs->desc_size >= EXT4_DESC_SIZE_64BIT)
		csum |= (uint32_t)le16_to_cpu(hi) << 16;
	return csum;
}

static bool ext4_csum_matches(const struct ext4_fs *fs, uint32_t stored,
			      uint32_t computed)
{
	if (fs->desc_size < EXT4_DESC_SIZE_64BIT)
		computed &= 0xffff;
	return stored == computed;
}

/* Compare a bitmap with its checksum in the descriptor. */
static int ext4_bitmap_verify(struct ext4_fs *fs, struct ext4_group *group,
			      struct buffer *map, bool inodes)
{
	const struct ext4_group_desc *desc = ext4_group_desc(fs, group);
	uint32_t stored, computed;

	if (inodes) {
		stored = ext4_desc_csum_field(fs, desc->bg_inode_bitmap_csum_lo,
					      desc->bg_inode_bitmap_csum_hi);
		computed = ext4_csum(fs->csum_seed, map->data,
				     fs->inodes_per_group / 8);
	} else {
		stored = ext4_desc_csum_field(fs, desc->bg_block_bitmap_csum_lo,
					      desc->bg_block_bitmap_csum_hi);
		computed = ext4_csum(fs->csum_seed, map->data,
				     fs->blocks_per_group / 8);
	}
	if (ext4_csum_matches(fs, stored, computed))
		return 0;
	return ext4_damaged(fs, 0, "group %u: wrong checksum of the %s bitmap",
			    group->number, inodes ? "inode" : "block");
}

/*
 * Find it in the cache, or make it up.  A made-up one is not dirty yet: it
 * becomes so with the first change, which also clears the flag.
 */
static int ext4_read_bitmap(struct ext4_fs *fs, struct ext4_group *group,
			    bool inodes, struct buffer **result)
{
	uint64_t block = inodes ? group->inode_bitmap : group->block_bitmap;
	uint16_t uninit = inodes ? EXT4_BG_INODE_UNINIT : EXT4_BG_BLOCK_UNINIT;
	struct buffer *buf;
	int ret;

	ret = ext4_group_hold_desc(fs, group);
	if (!ret)
		ret = buffer_read(fs->cache, block, &buf);
	if (ret)
		return ret;
	*result = buf;
	if (buf->checked_as == EXT4_BUFFER_BITMAP)
		return 0;
	if (group->flags & uninit && inodes) {
		uint32_t nr = fs->inodes_per_group;

		memset(buf->data, 0, fs->block_size);
		bitmap_set(buf->data, nr, fs->block_size * 8 - nr);
	} else if (group->flags & uninit) {
		ext4_block_bitmap_make(fs, group, buf->data);
	} else if (fs->has_csum) {
		ret = ext4_bitmap_verify(fs, group, buf, inodes);
	}
	if (ret)
		buffer_put(buf);
	else
		buf->checked_as = EXT4_BUFFER_BITMAP;
	return ret;
}

int ext4_read_block_bitmap(struct ext4_fs *fs, struct ext4_group *group,
			   struct buffer **result)
{
	return ext4_read_bitmap(fs, group, false, result);
}

int ext4_read_inode_bitmap(struct ext4_fs *fs, struct ext4_group *group,
			   struct buffer **result)
{
	return ext4_read_bitmap(fs, group, true, result);
}
