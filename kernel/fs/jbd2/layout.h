// SPDX-License-Identifier: MIT
/*
 * The journal of ext3 and ext4 as it is on the disk; names as in the kernel's
 * Documentation/filesystems/ext4/journal.rst.  Everything is big-endian.
 *
 * The log is a circle of blocks of the file system, s_first to s_maxlen - 1,
 * counted within the journal's file.  A transaction is: descriptor blocks, each
 * followed by the blocks that its tags tell the places of; revoke blocks; and a
 * commit block.  Block 0 is the super block below.
 */
#pragma once

#include <lib/types.h>

#define JBD2_MAGIC       0xc03b3998u
#define JBD2_SUPER_BYTES 1024
#define JBD2_MIN_BLOCKS  1024 /* of a journal */

/* h_blocktype */
#define JBD2_DESCRIPTOR 1
#define JBD2_COMMIT     2
#define JBD2_SUPER_V1   3
#define JBD2_SUPER_V2   4
#define JBD2_REVOKE     5

#define JBD2_INCOMPAT_REVOKE       0x01
#define JBD2_INCOMPAT_64BIT        0x02
#define JBD2_INCOMPAT_ASYNC_COMMIT 0x04
#define JBD2_INCOMPAT_CSUM_V2      0x08
#define JBD2_INCOMPAT_CSUM_V3      0x10
#define JBD2_INCOMPAT_FAST_COMMIT  0x20
#define JBD2_COMPAT_CHECKSUM       0x01

#define JBD2_CHECKSUM_CRC32C 4

/* Tags' flags */
#define JBD2_TAG_ESCAPED   1 /* the block begins with the magic, here with 0 */
#define JBD2_TAG_SAME_UUID 2 /* no UUID follows the tag */
#define JBD2_TAG_DELETED   4
#define JBD2_TAG_LAST      8

struct jbd2_header {
	be32 h_magic;
	be32 h_blocktype;
	be32 h_sequence;
};

struct jbd2_super_block {
	struct jbd2_header s_header;
	be32 s_blocksize;
	be32 s_maxlen;   /* blocks of the journal, this one in */
	be32 s_first;    /* block where the log begins */
	be32 s_sequence; /* of the first transaction in the log */
	be32 s_start;    /* its block; 0: the log is empty */
	be32 s_errno;
	/* The rest in version 2 only. */
	be32 s_feature_compat;
	be32 s_feature_incompat;
	be32 s_feature_ro_compat;
	uint8_t s_uuid[16];
	be32 s_nr_users;
	be32 s_dynsuper;
	be32 s_max_transaction;
	be32 s_max_trans_data;
	uint8_t s_checksum_type;
	uint8_t s_padding2[3];
	be32 s_num_fc_blks;
	be32 s_head;
	uint8_t s_padding[160];
	be32 s_checksum; /* crc32c of this structure, with 0 here */
	uint8_t s_users[16 * 48];
};

/* A descriptor's tag with JBD2_INCOMPAT_CSUM_V3. */
struct jbd2_tag3 {
	be32 t_blocknr;
	be32 t_flags;
	be32 t_blocknr_high;
	be32 t_checksum; /* crc32c of UUID, sequence and block */
};

/* One without; t_blocknr_high only with JBD2_INCOMPAT_64BIT. */
struct jbd2_tag {
	be32 t_blocknr;
	be16 t_checksum; /* half of it, with JBD2_INCOMPAT_CSUM_V2 */
	be16 t_flags;
	be32 t_blocknr_high;
};

/* At the end of descriptor and revoke blocks, with checksums. */
struct jbd2_tail {
	be32 t_checksum; /* crc32c of UUID and the block, with 0 here */
};

/* Followed by block numbers, of 8 bytes with JBD2_INCOMPAT_64BIT, else 4. */
struct jbd2_revoke_header {
	struct jbd2_header r_header;
	be32 r_count; /* bytes used, this header in */
};

struct jbd2_commit_block {
	struct jbd2_header h_header;
	uint8_t h_chksum_type, h_chksum_size;
	uint8_t h_padding[2];
	be32 h_chksum[8]; /* [0]: crc32c of UUID and the block, with 0 here */
	be64 h_commit_sec;
	be32 h_commit_nsec;
};

static_assert(sizeof(struct jbd2_super_block) == JBD2_SUPER_BYTES,
	      "as on the disk");
static_assert(offsetof(struct jbd2_super_block, s_checksum) == 0xfc,
	      "as on the disk");
static_assert(sizeof(struct jbd2_tag3) == 16, "as on the disk");
static_assert(sizeof(struct jbd2_tag) == 12, "as on the disk");
