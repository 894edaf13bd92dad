// SPDX-License-Identifier: MIT
/*
 * Checksums of metadata ("Checksums" in the ext4 documentation): crc32c with
 * metadata_csum, crc16 of group descriptors with gdt_csum (uninit_bg).
 */
#include <lib/crc.h>

#include "ext4_internal.h"

uint32_t ext4_csum(uint32_t seed, const void *data, size_t len)
{
	return crc32c(seed, data, len);
}

uint32_t ext4_super_csum(const struct ext4_super_block *sb)
{
	return crc32c(~0u, sb, offsetof(struct ext4_super_block, s_checksum));
}

/* The checksum field counts as two zero bytes. */
static uint16_t ext4_desc_crc32c(const struct ext4_fs *fs, le32 group,
				 const struct ext4_group_desc *desc)
{
	size_t at = offsetof(struct ext4_group_desc, bg_checksum);
	const uint8_t *bytes = (const uint8_t *)desc;
	static const uint8_t zero[2];
	uint32_t crc;

	crc = crc32c(fs->csum_seed, &group, sizeof(group));
	crc = crc32c(crc, bytes, at);
	crc = crc32c(crc, zero, sizeof(zero));
	crc = crc32c(crc, bytes + at + 2, fs->desc_size - at - 2);
	return (uint16_t)crc;
}

/* The checksum field is left out. */
static uint16_t ext4_desc_crc16(const struct ext4_fs *fs, le32 group,
				const struct ext4_group_desc *desc)
{
	size_t at = offsetof(struct ext4_group_desc, bg_checksum);
	const uint8_t *bytes = (const uint8_t *)desc;
	uint16_t crc;

	crc = crc16(0xffff, fs->sb->s_uuid, sizeof(fs->sb->s_uuid));
	crc = crc16(crc, &group, sizeof(group));
	crc = crc16(crc, bytes, at);
	return crc16(crc, bytes + at + 2, fs->desc_size - at - 2);
}

uint16_t ext4_desc_csum(const struct ext4_fs *fs, uint32_t group,
			const struct ext4_group_desc *desc)
{
	if (fs->has_csum)
		return ext4_desc_crc32c(fs, cpu_to_le32(group), desc);
	return ext4_desc_crc16(fs, cpu_to_le32(group), desc);
}

uint32_t ext4_inode_seed(const struct ext4_fs *fs, uint32_t ino,
			 uint32_t generation)
{
	le32 key[2] = { cpu_to_le32(ino), cpu_to_le32(generation) };

	return fs->has_csum ? crc32c(fs->csum_seed, key, sizeof(key)) : 0;
}

/* crc32c from one offset up to another, with a zero field of 2 bytes then. */
static uint32_t ext4_csum_to_field(uint32_t crc, const uint8_t *bytes,
				   size_t from, size_t field)
{
	static const uint8_t zero[2];

	crc = crc32c(crc, bytes + from, field - from);
	return crc32c(crc, zero, sizeof(zero));
}

uint32_t ext4_raw_inode_csum(const struct ext4_fs *fs, uint32_t inode_seed,
			     const struct ext4_raw_inode *raw)
{
	size_t lo = offsetof(struct ext4_raw_inode, i_checksum_lo);
	size_t hi = offsetof(struct ext4_raw_inode, i_checksum_hi);
	const uint8_t *bytes = (const uint8_t *)raw;
	size_t done = lo + 2;
	uint32_t crc;

	crc = ext4_csum_to_field(inode_seed, bytes, 0, lo);
	/* The high half is part of the inode only where there is room. */
	if (fs->inode_size > EXT4_GOOD_OLD_INODE_SIZE &&
	    le16_to_cpu(raw->i_extra_isize) >=
		    hi + 2 - EXT4_GOOD_OLD_INODE_SIZE) {
		crc = ext4_csum_to_field(crc, bytes, done, hi);
		done = hi + 2;
	}
	return crc32c(crc, bytes + done, fs->inode_size - done);
}
