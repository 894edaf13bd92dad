// SPDX-License-Identifier: MIT
/*
 * Damage to images.  Bytes that are spoiled anywhere mostly hit what nobody
 * looks at, or break a magic number; so half of the damage is done to fields of
 * super block, descriptors, inodes, extent nodes, directories, their indexes and
 * attributes: to numbers that are just wrong, or belong elsewhere.
 */
#include "spoil.h"

#include <string.h>

#include <fs/ext4/layout.h>

#include "model.h"

#define UNIT 1024 /* bytes: every block begins at a multiple */

struct spoiler {
	struct host_disk *disk;
	/* Before the damage. */
	uint32_t block_size, inode_size;
	bool is_wide; /* descriptors are */
};

static uint8_t *block_at(const struct spoiler *spoiler, uint64_t block)
{
	uint64_t offset = block * spoiler->block_size;

	if (offset + spoiler->block_size > spoiler->disk->size)
		offset = 0;
	return spoiler->disk->data + offset;
}

static uint32_t random32(void)
{
	return random_below(1u << 16) << 16 | random_below(1u << 16);
}

/* One that could stand for a count, a block or an inode, and is none. */
static uint32_t random_value(const struct spoiler *spoiler, uint32_t old)
{
	static const uint32_t odd[] = { 0,          1,          2,
					0x7fff,     0x8000,     0x8001,
					0xffff,     0x7fffffff, 0x80000000,
					0xfffffffe, 0xffffffff };

	switch (random_below(6)) {
	case 0:
		return odd[random_below(ARRAY_SIZE(odd))];
	case 1:
		return old + 1;
	case 2:
		return old - 1;
	case 3:
		return old ^ 1u << random_below(32);
	case 4:
		return random_below(
			(uint32_t)(spoiler->disk->size / spoiler->block_size) +
			2);
	default:
		return random32();
	}
}

/* Spoil one of the first fields in len bytes. */
static void spoil_field(const struct spoiler *spoiler, uint8_t *at,
			uint32_t len)
{
	uint32_t size = random_below(3) ? 4 : 2;
	uint32_t value = 0;

	at += random_below(len / size) * size;
	memcpy(&value, at, size);
	value = random_value(spoiler, value);
	memcpy(at, &value, size);
}

/* A block that begins like that, from a random one on; or NULL. */
static uint8_t *find_block(const struct spoiler *spoiler,
			   bool (*is_it)(const uint8_t *block))
{
	size_t units = spoiler->disk->size / UNIT;
	size_t first = random_below((unsigned)units);

	for (size_t i = 0; i < units; i++) {
		uint8_t *block =
			spoiler->disk->data + (first + i) % units * UNIT;

		if (is_it(block))
			return block;
	}
	return NULL;
}

static bool is_extent_node(const uint8_t *block)
{
	return block[0] == 0x0a && block[1] == 0xf3;
}

/* "." first: of a list, or the root of an index. */
static bool is_directory(const uint8_t *block)
{
	return block[4] == 12 && !block[5] && block[6] == 1 && block[8] == '.';
}

/* An entry as long as a block: of an index node, or an empty leaf. */
static bool is_index_node(const uint8_t *block)
{
	return !memcmp(block, "\0\0\0\0", 4) && !block[4] && block[5] &&
	       !block[6] && block[10];
}

static bool is_attributes(const uint8_t *block)
{
	return !block[0] && !block[1] && block[2] == 2 && block[3] == 0xea;
}

static void spoil_block(const struct spoiler *spoiler,
			bool (*is_it)(const uint8_t *block))
{
	uint8_t *block = find_block(spoiler, is_it);

	if (block)
		spoil_field(spoiler, block, random_below(2) ? 64 : UNIT);
}

static struct ext4_group_desc *random_group(const struct spoiler *spoiler)
{
	uint8_t *table = block_at(spoiler, UNIT / spoiler->block_size + 1);

	return (void *)(table +
			random_below(4) * (spoiler->is_wide
						   ? EXT4_DESC_SIZE_64BIT
						   : EXT4_DESC_SIZE_MIN));
}

/* One of the first inodes of a table, of which the tests use some. */
static void spoil_inode(const struct spoiler *spoiler)
{
	uint32_t size = spoiler->inode_size;
	uint32_t table = le32_to_cpu(random_group(spoiler)->bg_inode_table_lo);
	uint8_t *block = block_at(spoiler, table + random_below(16));
	struct ext4_raw_inode *raw =
		(void *)(block +
			 random_below(spoiler->block_size / size) * size);

	if (random_below(2))
		spoil_field(spoiler, (uint8_t *)raw->i_block,
			    sizeof(raw->i_block));
	else
		spoil_field(spoiler, (uint8_t *)raw, MIN(size, 160));
}

static void spoil_byte(struct host_disk *disk)
{
	static const uint8_t values[] = { 0, 1, 2, 0x7f, 0x80, 0xff, 0xf0, 4 };
	size_t at, tries = 0;

	/* Something that is not just empty space. */
	do
		at = random_below((unsigned)disk->size);
	while (!disk->data[at] && tries++ < 200);
	if (!random_below(3))
		at &= ~3ul;
	disk->data[at] = random_below(2) ? values[random_below(sizeof(values))]
					 : (uint8_t)random_below(256);
}

static void spoil_something(const struct spoiler *spoiler)
{
	switch (random_below(12)) {
	case 0:
		spoil_field(spoiler, spoiler->disk->data + EXT4_SUPER_OFFSET,
			    256);
		break;
	case 1:
		spoil_field(spoiler, (uint8_t *)random_group(spoiler),
			    EXT4_DESC_SIZE_MIN);
		break;
	case 2:
		spoil_block(spoiler, is_index_node);
		break;
	case 3:
		spoil_block(spoiler, is_attributes);
		break;
	case 4:
	case 5:
		spoil_block(spoiler, is_directory);
		break;
	case 6:
	case 7:
		spoil_block(spoiler, is_extent_node);
		break;
	default:
		spoil_inode(spoiler);
	}
}

void spoil_image(struct host_disk *disk)
{
	const struct ext4_super_block *super =
		(void *)(disk->data + EXT4_SUPER_OFFSET);
	struct spoiler spoiler = {
		.disk = disk,
		.block_size = UNIT << le32_to_cpu(super->s_log_block_size),
		.inode_size = le16_to_cpu(super->s_inode_size),
		.is_wide = le32_to_cpu(super->s_feature_incompat) &
			   EXT4_INCOMPAT_64BIT,
	};
	bool anywhere = random_below(2);

	for (unsigned n = 1 + random_below(anywhere ? 12 : 4); n; n--) {
		if (anywhere)
			spoil_byte(disk);
		else
			spoil_something(&spoiler);
	}
}
