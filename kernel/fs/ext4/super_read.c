// SPDX-License-Identifier: MIT
/*
 * Reading the super block, or a copy of it ("Super Block").
 *
 * Every field that something else relies on is checked here, once.  Features
 * that are not known make the mount fail (incompatible ones) or read-only.
 *
 * A super block that a loss of power spoiled has copies at the start of other
 * groups.  They are what mke2fs wrote: good for finding the journal, which
 * mostly brings the super block back.  A copy counts only in its place, and as
 * what it says it is; without even a magic number in the first place, somebody
 * must have said that this is ext4, for disks keep old copies for long.
 */
#include <string.h>

#include <lib/crc.h>
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/printk.h>
#include <dev/block.h>

#include "ext4_internal.h"

#define EXT4_INCOMPAT_KNOWN                                                    \
	(EXT4_INCOMPAT_FILETYPE | EXT4_INCOMPAT_RECOVER |                      \
	 EXT4_INCOMPAT_META_BG | EXT4_INCOMPAT_EXTENTS | EXT4_INCOMPAT_64BIT | \
	 EXT4_INCOMPAT_FLEX_BG | EXT4_INCOMPAT_CSUM_SEED)
#define EXT4_RO_COMPAT_KNOWN                                                   \
	(EXT4_RO_COMPAT_SPARSE_SUPER | EXT4_RO_COMPAT_LARGE_FILE |             \
	 EXT4_RO_COMPAT_HUGE_FILE | EXT4_RO_COMPAT_GDT_CSUM |                  \
	 EXT4_RO_COMPAT_DIR_NLINK | EXT4_RO_COMPAT_EXTRA_ISIZE |               \
	 EXT4_RO_COMPAT_METADATA_CSUM | EXT4_RO_COMPAT_ORPHANS)

#define EXT4_LOG_BLOCK_SIZE_MAX 2 /* 4096 bytes */

/* --- what it says --- */

static uint64_t ext4_super_count(le32 lo, le32 hi, bool wide)
{
	return le32_to_cpu(lo) | (wide ? (uint64_t)le32_to_cpu(hi) << 32 : 0);
}

/* Sizes that everything else is computed from.  False: senseless. */
static bool ext4_geometry_read(struct ext4_fs *fs,
			       const struct ext4_super_block *sb)
{
	bool wide = le32_to_cpu(sb->s_feature_incompat) & EXT4_INCOMPAT_64BIT;
	uint32_t log_size = le32_to_cpu(sb->s_log_block_size);
	bool old = le32_to_cpu(sb->s_rev_level) == EXT4_GOOD_OLD_REV;

	if (log_size > EXT4_LOG_BLOCK_SIZE_MAX)
		return false;
	fs->block_bits = 10 + log_size;
	fs->block_size = 1u << fs->block_bits;
	fs->nr_blocks = ext4_super_count(sb->s_blocks_count_lo,
					 sb->s_blocks_count_hi, wide);
	fs->reserved_blocks = ext4_super_count(sb->s_r_blocks_count_lo,
					       sb->s_r_blocks_count_hi, wide);
	fs->first_data_block = le32_to_cpu(sb->s_first_data_block);
	fs->blocks_per_group = le32_to_cpu(sb->s_blocks_per_group);
	fs->inodes_per_group = le32_to_cpu(sb->s_inodes_per_group);
	fs->nr_inodes = le32_to_cpu(sb->s_inodes_count);
	fs->inode_size =
		old ? EXT4_GOOD_OLD_INODE_SIZE : le16_to_cpu(sb->s_inode_size);
	fs->first_ino = old ? 11 : le32_to_cpu(sb->s_first_ino);
	fs->desc_size =
		wide ? le16_to_cpu(sb->s_desc_size) : EXT4_DESC_SIZE_MIN;
	return true;
}

static bool ext4_is_power_of_two(uint32_t n)
{
	return n && !(n & (n - 1));
}

static bool ext4_geometry_is_sane(const struct ext4_fs *fs)
{
	uint64_t bits = (uint64_t)fs->block_size * 8;
	uint64_t groups;

	if (fs->first_data_block != (fs->block_size == 1024) ||
	    fs->nr_blocks <= fs->first_data_block || fs->nr_blocks >> 48)
		return false;
	if (!fs->blocks_per_group || fs->blocks_per_group > bits ||
	    fs->blocks_per_group % 8 || !fs->inodes_per_group ||
	    fs->inodes_per_group > bits || fs->inodes_per_group % 8)
		return false;
	if (fs->inode_size < EXT4_GOOD_OLD_INODE_SIZE ||
	    fs->inode_size > fs->block_size ||
	    !ext4_is_power_of_two(fs->inode_size))
		return false;
	if (fs->desc_size < EXT4_DESC_SIZE_MIN || fs->desc_size > 1024 ||
	    !ext4_is_power_of_two(fs->desc_size))
		return false;
	groups = DIV_ROUND_UP(fs->nr_blocks - fs->first_data_block,
			      fs->blocks_per_group);
	return groups * fs->inodes_per_group == fs->nr_inodes &&
	       fs->first_ino >= 11 && fs->first_ino <= fs->nr_inodes &&
	       fs->reserved_blocks <= fs->nr_blocks;
}

static void ext4_features_read(struct ext4_fs *fs,
			       const struct ext4_super_block *sb)
{
	uint32_t compat = le32_to_cpu(sb->s_feature_compat);
	uint32_t incompat = le32_to_cpu(sb->s_feature_incompat);
	uint32_t ro_compat = le32_to_cpu(sb->s_feature_ro_compat);

	fs->has_csum = ro_compat & EXT4_RO_COMPAT_METADATA_CSUM;
	fs->has_gdt_csum = ro_compat & EXT4_RO_COMPAT_GDT_CSUM;
	fs->has_huge_file = ro_compat & EXT4_RO_COMPAT_HUGE_FILE;
	fs->has_dir_nlink = ro_compat & EXT4_RO_COMPAT_DIR_NLINK;
	fs->has_extents = incompat & EXT4_INCOMPAT_EXTENTS;
	fs->has_filetype = incompat & EXT4_INCOMPAT_FILETYPE;
	fs->has_dx = compat & EXT4_COMPAT_DIR_INDEX &&
		     sb->s_def_hash_version <= EXT4_DX_TEA;
	fs->csum_seed =
		incompat & EXT4_INCOMPAT_CSUM_SEED
			? le32_to_cpu(sb->s_checksum_seed)
			: ext4_csum(~0u, sb->s_uuid, sizeof(sb->s_uuid));
	for (int i = 0; i < 4; i++)
		fs->hash_seed[i] = le32_to_cpu(sb->s_hash_seed[i]);
	fs->hash_version = sb->s_def_hash_version;
	fs->hash_unsigned = le32_to_cpu(sb->s_flags) & EXT4_FLAG_UNSIGNED_HASH;
}

/* --- checks --- */

static bool ext4_super_sum_ok(const struct ext4_super_block *sb)
{
	uint32_t ro_compat = le32_to_cpu(sb->s_feature_ro_compat);

	if (!(ro_compat & EXT4_RO_COMPAT_METADATA_CSUM))
		return true;
	return sb->s_checksum_type == EXT4_CHECKSUM_CRC32C &&
	       le32_to_cpu(sb->s_checksum) == ext4_super_csum(sb);
}

/* Take over what it says.  0, -EINVAL (not for us) or -EUCLEAN. */
static int ext4_super_check(struct ext4_fs *fs,
			    const struct ext4_super_block *sb)
{
	const char *name = fs->super->bdev->name;
	uint64_t sectors = block_device_sectors(fs->super->bdev);
	uint32_t incompat = le32_to_cpu(sb->s_feature_incompat);

	if (!ext4_super_sum_ok(sb)) {
		pr_err("ext4 %s: wrong checksum of the super block", name);
		return -EUCLEAN;
	}
	if (incompat & ~EXT4_INCOMPAT_KNOWN) {
		pr_err("ext4 %s: unknown incompatible features %#x", name,
		       incompat & ~EXT4_INCOMPAT_KNOWN);
		return -EINVAL;
	}
	ext4_features_read(fs, sb);
	if (!ext4_geometry_read(fs, sb) || !ext4_geometry_is_sane(fs)) {
		pr_err("ext4 %s: senseless super block", name);
		return -EUCLEAN;
	}
	if (fs->nr_blocks > sectors / (fs->block_size / 512)) {
		pr_err("ext4 %s: truncated: %llu blocks on a device of %llu",
		       name, (unsigned long long)fs->nr_blocks,
		       (unsigned long long)sectors / (fs->block_size / 512));
		return -EUCLEAN;
	}
	if (fs->block_size < fs->super->bdev->block_size) {
		pr_err("ext4 %s: blocks smaller than the device's", name);
		return -EINVAL;
	}
	fs->nr_groups = (uint32_t)DIV_ROUND_UP(
		fs->nr_blocks - fs->first_data_block, fs->blocks_per_group);
	return 0;
}

/* What is known of it allows no changes. */
static void ext4_super_check_writing(struct ext4_fs *fs,
				     const struct ext4_super_block *sb)
{
	uint32_t unknown =
		le32_to_cpu(sb->s_feature_ro_compat) & ~EXT4_RO_COMPAT_KNOWN;

	if (!unknown || fs->read_only)
		return;
	pr_warn("ext4 %s: read-only, for unknown features %#x",
		fs->super->bdev->name, unknown);
	fs->read_only = true;
}

/* --- where to find it --- */

/* The super block's bytes at that offset: 0, -EIO, -ENOMEM, -ENXIO. */
static int ext4_super_read_at(struct ext4_fs *fs, uint64_t offset,
			      struct ext4_super_block *sb)
{
	struct block_device *bdev = fs->super->bdev;
	uint64_t size = block_device_sectors(bdev) * 512;
	uint32_t skip = (uint32_t)(offset % bdev->block_size);
	size_t len = MAX(sizeof(*sb), bdev->block_size);
	void *block;
	int ret;

	if (offset - skip + len > size)
		return -ENXIO;
	block = kmalloc(len);
	if (!block)
		return -ENOMEM;
	ret = block_read(bdev, (offset - skip) / 512, block, len);
	if (!ret)
		memcpy(sb, (char *)block + skip, sizeof(*sb));
	kfree(block);
	return ret;
}

static bool ext4_super_has_magic(const struct ext4_super_block *sb)
{
	return le16_to_cpu(sb->s_magic) == EXT4_SUPER_MAGIC;
}

/*
 * A sum of the second sector, which mke2fs and tune2fs alone write, into copies
 * as well; 0: nothing is there.
 */
static uint32_t ext4_super_tail(const struct ext4_super_block *sb)
{
	return crc32c(0, (const uint8_t *)sb + 512,
		      offsetof(struct ext4_super_block, s_checksum) - 512);
}

/* Look for a copy in groups of that size; tail: NULL, or what it must have. */
static bool ext4_backup_find_in(struct ext4_fs *fs, uint32_t log_size,
				uint32_t per_group, const uint32_t *tail,
				struct ext4_super_block *sb)
{
	static const uint16_t groups[] = { 1, 3, 5, 7 };
	uint32_t block_size = 1024u << log_size;

	for (unsigned i = 0; i < ARRAY_SIZE(groups); i++) {
		uint64_t block =
			(uint64_t)groups[i] * per_group + (block_size == 1024);

		if (!ext4_super_read_at(fs, block * block_size, sb) &&
		    ext4_super_has_magic(sb) &&
		    le16_to_cpu(sb->s_block_group_nr) == groups[i] &&
		    le32_to_cpu(sb->s_log_block_size) == log_size &&
		    le32_to_cpu(sb->s_blocks_per_group) == per_group &&
		    (!tail || *tail == ext4_super_tail(sb)) &&
		    !ext4_super_check(fs, sb)) {
			pr_warn("ext4 %s: the super block is damaged: using the copy in group %u",
				fs->super->bdev->name, groups[i]);
			return true;
		}
	}
	return false;
}

/*
 * Look for a copy: with the sizes that *sb, the damaged one, has, and where
 * mke2fs puts them (-g 8192 is for small disks with large blocks).  Found: *sb
 * is it.
 */
static bool ext4_backup_find(struct ext4_fs *fs, const uint32_t *tail,
			     struct ext4_super_block *sb)
{
	uint32_t per_group = le32_to_cpu(sb->s_blocks_per_group);
	uint32_t log_size = le32_to_cpu(sb->s_log_block_size);

	if (log_size <= EXT4_LOG_BLOCK_SIZE_MAX &&
	    ext4_backup_find_in(fs, log_size, per_group, tail, sb))
		return true;
	for (log_size = 0; log_size <= EXT4_LOG_BLOCK_SIZE_MAX; log_size++) {
		per_group = 8 * 1024u << log_size;
		if (ext4_backup_find_in(fs, log_size, per_group, tail, sb) ||
		    ext4_backup_find_in(fs, log_size, 8192, tail, sb))
			return true;
	}
	return false;
}

int ext4_super_read(struct ext4_fs *fs, struct ext4_super_block *sb)
{
	int ret = ext4_super_read_at(fs, EXT4_SUPER_OFFSET, sb);
	uint32_t tail;

	if (ret == -ENXIO)
		return -EINVAL;
	if (ret) {
		pr_err("ext4 %s: cannot read the super block",
		       fs->super->bdev->name);
		return ret;
	}
	tail = ext4_super_tail(sb);
	if (ext4_super_has_magic(sb)) {
		ret = ext4_super_check(fs, sb);
		fs->from_backup =
			ret == -EUCLEAN && ext4_backup_find(fs, NULL, sb);
	} else if (fs->super->probing) {
		/* Copies may be old, and the disk in other use: half is left. */
		ret = -EINVAL;
		fs->from_backup = tail && ext4_backup_find(fs, &tail, sb);
	} else {
		ret = -EINVAL;
		fs->from_backup = ext4_backup_find(fs, NULL, sb);
	}
	if (fs->from_backup)
		ret = 0;
	if (!ret)
		ext4_super_check_writing(fs, sb);
	return ret;
}
