// SPDX-License-Identifier: MIT
/*
 * What ext2, ext3 and ext4 have on the disk; names as in the kernel's
 * Documentation/filesystems/ext4 ("Data Structures and Algorithms").
 * Everything is little-endian but the journal.
 */
#pragma once

#include <linux/magic.h> /* EXT4_SUPER_MAGIC */

#include <lib/types.h>

#define EXT4_SUPER_OFFSET 1024 /* bytes from the start of the device */
#define EXT4_ROOT_INO     2
#define EXT4_GOOD_OLD_REV 0
#define EXT4_NAME_LEN     255

/* s_state */
#define EXT4_STATE_VALID   1 /* unmounted cleanly */
#define EXT4_STATE_ERROR   2 /* found damaged */
#define EXT4_STATE_ORPHANS 4 /* orphans are being processed */

/* s_jnl_backup_type: s_jnl_blocks is the journal's i_block, and its size. */
#define EXT4_JNL_BACKUP_BLOCKS 1

#define EXT4_COMPAT_HAS_JOURNAL 0x0004
#define EXT4_COMPAT_EXT_ATTR    0x0008
#define EXT4_COMPAT_DIR_INDEX   0x0020
#define EXT4_COMPAT_ORPHAN_FILE 0x1000

#define EXT4_INCOMPAT_FILETYPE    0x0002
#define EXT4_INCOMPAT_RECOVER     0x0004
#define EXT4_INCOMPAT_JOURNAL_DEV 0x0008
#define EXT4_INCOMPAT_META_BG     0x0010
#define EXT4_INCOMPAT_EXTENTS     0x0040
#define EXT4_INCOMPAT_64BIT       0x0080
#define EXT4_INCOMPAT_FLEX_BG     0x0200
#define EXT4_INCOMPAT_CSUM_SEED   0x2000

#define EXT4_RO_COMPAT_SPARSE_SUPER  0x0001
#define EXT4_RO_COMPAT_LARGE_FILE    0x0002
#define EXT4_RO_COMPAT_BTREE_DIR     0x0004
#define EXT4_RO_COMPAT_HUGE_FILE     0x0008
#define EXT4_RO_COMPAT_GDT_CSUM      0x0010
#define EXT4_RO_COMPAT_DIR_NLINK     0x0020
#define EXT4_RO_COMPAT_EXTRA_ISIZE   0x0040
#define EXT4_RO_COMPAT_METADATA_CSUM 0x0400
#define EXT4_RO_COMPAT_ORPHANS       0x10000 /* the orphan file is not empty */

#define EXT4_CHECKSUM_CRC32C 1

/* s_flags: how the bytes of names count in hashes */
#define EXT4_FLAG_SIGNED_HASH   1
#define EXT4_FLAG_UNSIGNED_HASH 2

struct ext4_super_block {
	le32 s_inodes_count;
	le32 s_blocks_count_lo;
	le32 s_r_blocks_count_lo;
	le32 s_free_blocks_count_lo;
	le32 s_free_inodes_count;
	le32 s_first_data_block;
	le32 s_log_block_size; /* 0: 1024 */
	le32 s_log_cluster_size;
	le32 s_blocks_per_group;
	le32 s_clusters_per_group;
	le32 s_inodes_per_group;
	le32 s_mtime;
	le32 s_wtime;
	le16 s_mnt_count;
	le16 s_max_mnt_count;
	le16 s_magic;
	le16 s_state;
	le16 s_errors;
	le16 s_minor_rev_level;
	le32 s_lastcheck;
	le32 s_checkinterval;
	le32 s_creator_os;
	le32 s_rev_level;
	le16 s_def_resuid;
	le16 s_def_resgid;
	le32 s_first_ino;
	le16 s_inode_size;
	le16 s_block_group_nr;
	le32 s_feature_compat;
	le32 s_feature_incompat;
	le32 s_feature_ro_compat;
	uint8_t s_uuid[16];
	char s_volume_name[16];
	char s_last_mounted[64];
	le32 s_algorithm_usage_bitmap;
	uint8_t s_prealloc_blocks;
	uint8_t s_prealloc_dir_blocks;
	le16 s_reserved_gdt_blocks;
	uint8_t s_journal_uuid[16];
	le32 s_journal_inum;
	le32 s_journal_dev;
	le32 s_last_orphan;
	le32 s_hash_seed[4];
	uint8_t s_def_hash_version;
	uint8_t s_jnl_backup_type;
	le16 s_desc_size;
	le32 s_default_mount_opts;
	le32 s_first_meta_bg;
	le32 s_mkfs_time;
	le32 s_jnl_blocks[17]; /* i_block, upper and lower half of the size */
	le32 s_blocks_count_hi;
	le32 s_r_blocks_count_hi;
	le32 s_free_blocks_count_hi;
	le16 s_min_extra_isize;
	le16 s_want_extra_isize;
	le32 s_flags;
	le16 s_raid_stride;
	le16 s_mmp_interval;
	le64 s_mmp_block;
	le32 s_raid_stripe_width;
	uint8_t s_log_groups_per_flex;
	uint8_t s_checksum_type;
	uint8_t s_encryption_level;
	uint8_t s_reserved_pad;
	le64 s_kbytes_written;
	uint8_t s_later[240]; /* snapshots, error records, options: kept */
	le32 s_checksum_seed;
	uint8_t s_wtime_hi;
	uint8_t s_mtime_hi;
	uint8_t s_mkfs_time_hi;
	uint8_t s_lastcheck_hi;
	uint8_t s_times_pad[4];
	le16 s_encoding;
	le16 s_encoding_flags;
	le32 s_orphan_file_inum;
	le32 s_reserved[94];
	le32 s_checksum;
};
static_assert(sizeof(struct ext4_super_block) == 1024, "ext4 layout");
static_assert(offsetof(struct ext4_super_block, s_last_orphan) == 0xe8, "");
static_assert(offsetof(struct ext4_super_block, s_checksum_seed) == 0x270, "");
static_assert(offsetof(struct ext4_super_block, s_checksum) == 0x3fc, "");

/* bg_flags */
#define EXT4_BG_INODE_UNINIT 1 /* inode bitmap and table are not written yet */
#define EXT4_BG_BLOCK_UNINIT 2 /* nor the block bitmap */
#define EXT4_BG_INODE_ZEROED 4

#define EXT4_DESC_SIZE_MIN   32
#define EXT4_DESC_SIZE_64BIT 64

struct ext4_group_desc {
	le32 bg_block_bitmap_lo;
	le32 bg_inode_bitmap_lo;
	le32 bg_inode_table_lo;
	le16 bg_free_blocks_count_lo;
	le16 bg_free_inodes_count_lo;
	le16 bg_used_dirs_count_lo;
	le16 bg_flags;
	le32 bg_exclude_bitmap_lo;
	le16 bg_block_bitmap_csum_lo;
	le16 bg_inode_bitmap_csum_lo;
	le16 bg_itable_unused_lo;
	le16 bg_checksum;
	/* From here on only with the 64bit feature and a large s_desc_size. */
	le32 bg_block_bitmap_hi;
	le32 bg_inode_bitmap_hi;
	le32 bg_inode_table_hi;
	le16 bg_free_blocks_count_hi;
	le16 bg_free_inodes_count_hi;
	le16 bg_used_dirs_count_hi;
	le16 bg_itable_unused_hi;
	le32 bg_exclude_bitmap_hi;
	le16 bg_block_bitmap_csum_hi;
	le16 bg_inode_bitmap_csum_hi;
	le32 bg_reserved;
};
static_assert(sizeof(struct ext4_group_desc) == 64, "ext4 layout");

/* i_flags */
#define EXT4_SYNC_FL        0x00000008
#define EXT4_IMMUTABLE_FL   0x00000010
#define EXT4_APPEND_FL      0x00000020
#define EXT4_INDEX_FL       0x00001000 /* a directory with a hash tree */
#define EXT4_HUGE_FILE_FL   0x00040000 /* i_blocks counts file system blocks */
#define EXT4_EXTENTS_FL     0x00080000
#define EXT4_EA_INODE_FL    0x00200000
#define EXT4_INLINE_DATA_FL 0x10000000
#define EXT4_ENCRYPT_FL     0x00000800
#define EXT4_INHERITED_FL   0x006003ef /* of a directory by new children */

#define EXT4_GOOD_OLD_INODE_SIZE 128
#define EXT4_N_BLOCKS            15
#define EXT4_NDIR_BLOCKS         12

struct ext4_raw_inode {
	le16 i_mode;
	le16 i_uid_lo;
	le32 i_size_lo;
	le32 i_atime;
	le32 i_ctime;
	le32 i_mtime;
	le32 i_dtime; /* of an orphan: the next one's number */
	le16 i_gid_lo;
	le16 i_links_count;
	le32 i_blocks_lo;
	le32 i_flags;
	le32 i_version;
	le32 i_block[EXT4_N_BLOCKS];
	le32 i_generation;
	le32 i_file_acl_lo;
	le32 i_size_hi;
	le32 i_obso_faddr;
	le16 i_blocks_hi;
	le16 i_file_acl_hi;
	le16 i_uid_hi;
	le16 i_gid_hi;
	le16 i_checksum_lo;
	le16 i_reserved;
	/* From here on only if i_extra_isize says so. */
	le16 i_extra_isize; /* bytes from here */
	le16 i_checksum_hi;
	le32 i_ctime_extra;
	le32 i_mtime_extra;
	le32 i_atime_extra;
	le32 i_crtime;
	le32 i_crtime_extra;
	le32 i_version_hi;
	le32 i_projid;
};
static_assert(sizeof(struct ext4_raw_inode) == 160, "ext4 layout");
static_assert(offsetof(struct ext4_raw_inode, i_extra_isize) == 128, "");

#define EXT4_EXTENT_MAGIC     0xf30a
#define EXT4_EXTENT_DEPTH_MAX 5
#define EXT4_ROOT_EXTENTS     4     /* that fit in i_block */
#define EXT4_EXTENT_LEN_MAX   32768 /* longer ee_len: unwritten */

struct ext4_extent_header {
	le16 eh_magic;
	le16 eh_entries; /* in use after this header */
	le16 eh_max;     /* that would fit */
	le16 eh_depth;   /* 0: entries are extents, else indexes */
	le32 eh_generation;
};
static_assert(sizeof(struct ext4_extent_header) == 12, "ext4 layout");

struct ext4_extent {
	le32 ee_block; /* first logical block */
	le16 ee_len;   /* blocks; above EXT4_EXTENT_LEN_MAX: unwritten */
	le16 ee_start_hi;
	le32 ee_start_lo;
};
static_assert(sizeof(struct ext4_extent) == 12, "ext4 layout");

struct ext4_extent_idx {
	le32 ei_block; /* first logical block below */
	le32 ei_leaf_lo;
	le16 ei_leaf_hi;
	le16 ei_unused;
};
static_assert(sizeof(struct ext4_extent_idx) == 12, "ext4 layout");

/* Behind the eh_max entries of a block. */
struct ext4_extent_tail {
	le32 et_checksum;
};

struct ext4_dir_entry {
	le32 inode;   /* 0: unused */
	le16 rec_len; /* bytes to the next, a multiple of 4 */
	uint8_t name_len;
	uint8_t file_type; /* EXT4_FT_*, 0 without the filetype feature */
	char name[];
};
static_assert(sizeof(struct ext4_dir_entry) == 8, "ext4 layout");

enum ext4_file_type {
	EXT4_FT_UNKNOWN,
	EXT4_FT_REG,
	EXT4_FT_DIR,
	EXT4_FT_CHR,
	EXT4_FT_BLK,
	EXT4_FT_FIFO,
	EXT4_FT_SOCK,
	EXT4_FT_SYMLINK,
	EXT4_FT_DIR_CSUM = 0xde /* of the tail below */
};

/* The last 12 bytes of a leaf, dressed as an unused entry. */
struct ext4_dir_tail {
	le32 det_reserved_zero1;
	le16 det_rec_len;
	uint8_t det_reserved_zero2;
	uint8_t det_reserved_ft;
	le32 det_checksum;
};
static_assert(sizeof(struct ext4_dir_tail) == 12, "ext4 layout");

/* hash_version */
enum ext4_dx_hash {
	EXT4_DX_LEGACY,
	EXT4_DX_HALF_MD4,
	EXT4_DX_TEA,
	EXT4_DX_LEGACY_UNSIGNED,
	EXT4_DX_HALF_MD4_UNSIGNED,
	EXT4_DX_TEA_UNSIGNED
};

/* Behind "." and "..", at byte 24 of a hash tree's root block. */
struct ext4_dx_root_info {
	le32 reserved_zero;
	uint8_t hash_version;
	uint8_t info_length; /* 8 */
	uint8_t indirect_levels;
	uint8_t unused_flags;
};
static_assert(sizeof(struct ext4_dx_root_info) == 8, "ext4 layout");

/* The first entry of a node has limit and count in place of the hash. */
struct ext4_dx_entry {
	union {
		le32 hash;
		struct {
			le16 limit;
			le16 count;
		};
	};
	le32 block;
};
static_assert(sizeof(struct ext4_dx_entry) == 8, "ext4 layout");

/* Behind the limit's last entry. */
struct ext4_dx_tail {
	le32 dt_reserved;
	le32 dt_checksum;
};
static_assert(sizeof(struct ext4_dx_tail) == 8, "ext4 layout");

#define EXT4_XATTR_MAGIC 0xea020000

struct ext4_xattr_header {
	le32 h_magic;
	le32 h_refcount;
	le32 h_blocks;
	le32 h_hash;
	le32 h_checksum;
	le32 h_reserved[3];
};
static_assert(sizeof(struct ext4_xattr_header) == 32, "ext4 layout");

/* At the end of each block of the orphan file, which is inode numbers else. */
struct ext4_orphan_tail {
	le32 ob_magic; /* EXT4_ORPHAN_MAGIC */
	le32 ob_checksum;
};
static_assert(sizeof(struct ext4_orphan_tail) == 8, "ext4 layout");

#define EXT4_ORPHAN_MAGIC 0x0b10ca04
