// SPDX-License-Identifier: MIT
/*
 * GUID partition tables (UEFI 2.10, chapter 5).
 *
 * The header in the second block is checked by its CRC, as is the array of
 * entries; where either is damaged, the copy at the disk's end is tried.  Names
 * and GUIDs of partitions are not kept.
 */
#include <string.h>

#include <lib/crc.h>

#include <core/alloc.h>
#include <core/printk.h>
#include <dev/block.h>

#include "block_internal.h"

#define GPT_SIGNATURE   "EFI PART"
#define GPT_ENTRIES_MAX 128
#define GPT_ENTRY_MAX   512 /* bytes that we put up with */
#define MBR_TYPE_OFFSET 450 /* of the first entry, in the first sector */
#define MBR_TYPE_GPT    0xee
#define GPT_LAST_NUMBER 15

struct gpt_header {
	uint8_t signature[8];
	le32 revision;
	le32 header_size;
	le32 header_crc;
	le32 reserved;
	le64 my_lba;
	le64 alternate_lba;
	le64 first_usable_lba;
	le64 last_usable_lba;
	uint8_t disk_guid[16];
	le64 entries_lba;
	le32 nr_entries;
	le32 entry_size;
	le32 entries_crc;
} __packed;
static_assert(sizeof(struct gpt_header) == 92, "as on disk");

struct gpt_entry {
	uint8_t type_guid[16]; /* all zero: unused */
	uint8_t guid[16];
	le64 first_lba;
	le64 last_lba; /* inclusive */
	le64 attributes;
	uint8_t name[72];
} __packed;
static_assert(sizeof(struct gpt_entry) == 128, "as on disk");

static bool gpt_header_is_valid(const struct block_device *disk,
				const uint8_t *block, uint64_t lba)
{
	static const uint8_t zero[4];
	struct gpt_header header;
	uint32_t size, crc;

	memcpy(&header, block, sizeof(header));
	size = le32_to_cpu(header.header_size);
	if (memcmp(header.signature, GPT_SIGNATURE, 8) ||
	    size < sizeof(header) || size > disk->block_size ||
	    le64_to_cpu(header.my_lba) != lba)
		return false;
	/* The CRC is made with its own field as zero. */
	crc = crc32_le(~0u, block, offsetof(struct gpt_header, header_crc));
	crc = crc32_le(crc, zero, sizeof(zero));
	crc = crc32_le(crc, block + offsetof(struct gpt_header, reserved),
		       size - offsetof(struct gpt_header, reserved));
	return ~crc == le32_to_cpu(header.header_crc);
}

/* Read and check the array of entries; NULL: damaged or no memory. */
static uint8_t *gpt_read_entries(struct block_device *disk,
				 const struct gpt_header *header, size_t *bytes)
{
	uint32_t block_sectors = disk->block_size / 512;
	uint32_t nr = le32_to_cpu(header->nr_entries);
	uint32_t size = le32_to_cpu(header->entry_size);
	uint64_t lba = le64_to_cpu(header->entries_lba);
	uint8_t *entries;
	size_t len;

	if (nr > GPT_ENTRIES_MAX || size < sizeof(struct gpt_entry) ||
	    size > GPT_ENTRY_MAX || size % 8 ||
	    lba > block_device_sectors(disk) / block_sectors)
		return NULL;
	*bytes = (size_t)nr * size;
	len = ALIGN_UP(*bytes, disk->block_size);
	entries = kmalloc(len);
	if (!entries)
		return NULL;
	if (block_read(disk, lba * block_sectors, entries, len) ||
	    ~crc32_le(~0u, entries, *bytes) !=
		    le32_to_cpu(header->entries_crc)) {
		kfree(entries);
		return NULL;
	}
	return entries;
}

static void gpt_add_entry(struct block_device *disk, unsigned number,
			  const uint8_t *raw)
{
	static const uint8_t unused[16];
	uint32_t block_sectors = disk->block_size / 512;
	uint64_t limit = block_device_sectors(disk) / block_sectors;
	struct gpt_entry entry;
	uint64_t first, last;

	memcpy(&entry, raw, sizeof(entry));
	if (!memcmp(entry.type_guid, unused, sizeof(unused)))
		return;
	first = le64_to_cpu(entry.first_lba);
	last = le64_to_cpu(entry.last_lba);
	if (first > last || last >= limit) {
		pr_warn("%s: partition %u does not lie in the disk", disk->name,
			number);
		return;
	}
	partition_add(disk, number, first * block_sectors,
		      (last - first + 1) * block_sectors);
}

static bool gpt_scan_at(struct block_device *disk, uint64_t lba)
{
	uint32_t block_sectors = disk->block_size / 512;
	uint8_t *block = kmalloc(disk->block_size);
	uint8_t *entries = NULL;
	struct gpt_header header;
	size_t bytes, size;

	if (!block)
		return false;
	if (!block_read(disk, lba * block_sectors, block, disk->block_size) &&
	    gpt_header_is_valid(disk, block, lba)) {
		memcpy(&header, block, sizeof(header));
		entries = gpt_read_entries(disk, &header, &bytes);
	}
	kfree(block);
	if (!entries)
		return false;
	size = le32_to_cpu(header.entry_size);
	for (size_t i = 0; i < bytes / size && i < GPT_LAST_NUMBER; i++)
		gpt_add_entry(disk, (unsigned)i + 1, entries + i * size);
	kfree(entries);
	return true;
}

bool partition_scan_gpt(struct block_device *disk, const uint8_t *first)
{
	uint64_t blocks = block_device_sectors(disk) / (disk->block_size / 512);

	if (first[510] != 0x55 || first[511] != 0xaa ||
	    first[MBR_TYPE_OFFSET] != MBR_TYPE_GPT || blocks < 3)
		return false;
	if (!gpt_scan_at(disk, 1) && !gpt_scan_at(disk, blocks - 1))
		pr_err("%s: both partition tables (GPT) are damaged",
		       disk->name);
	return true;
}
