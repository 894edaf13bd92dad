// SPDX-License-Identifier: MIT
/*
 * The partition table of PCs: four primary entries in the first sector, and
 * logical ones, from number 5 on, in a chain of extended boot records.
 *
 * All numbers are the disk's to get wrong: ranges are checked by
 * partition_add(), and a chain that goes in circles ends at the last number.
 */
#include <string.h>

#include <core/alloc.h>
#include <dev/block.h>

#include "block_internal.h"

#define MBR_ENTRIES   446 /* bytes from the sector's start */
#define MBR_SIGNATURE 510

#define MBR_TYPE_EMPTY        0x00
#define MBR_TYPE_EXTENDED     0x05
#define MBR_TYPE_EXTENDED_LBA 0x0f
#define MBR_TYPE_LINUX_EXT    0x85

#define MBR_FIRST_LOGICAL 5
#define MBR_LAST_LOGICAL  15

struct mbr_entry {
	uint8_t status; /* 0x80: active, 0: not */
	uint8_t chs_first[3];
	uint8_t type;
	uint8_t chs_last[3];
	le32 start;
	le32 nr_sectors;
} __packed;
static_assert(sizeof(struct mbr_entry) == 16, "as on disk");

static bool mbr_is_extended(const struct mbr_entry *entry)
{
	return entry->type == MBR_TYPE_EXTENDED ||
	       entry->type == MBR_TYPE_EXTENDED_LBA ||
	       entry->type == MBR_TYPE_LINUX_EXT;
}

static bool mbr_entry_is_used(const struct mbr_entry *entry)
{
	return entry->type != MBR_TYPE_EMPTY && le32_to_cpu(entry->nr_sectors);
}

static bool mbr_has_signature(const uint8_t *sector)
{
	return sector[MBR_SIGNATURE] == 0x55 &&
	       sector[MBR_SIGNATURE + 1] == 0xaa;
}

/* A boot sector of a file system has the signature, too, but no such bytes. */
static bool mbr_is_plausible(const struct mbr_entry *entries)
{
	for (unsigned i = 0; i < 4; i++) {
		if (entries[i].status & 0x7f)
			return false;
	}
	return true;
}

/* Table entries count in units of the disk's block size. */
static uint64_t mbr_sectors(const struct block_device *disk, le32 blocks)
{
	return (uint64_t)le32_to_cpu(blocks) * (disk->block_size / 512);
}

/*
 * Each extended boot record lists one partition, relative to itself, and the
 * next record, relative to the extended partition.
 */
static void mbr_scan_extended(struct block_device *disk, uint64_t base)
{
	uint8_t *sector = kmalloc(disk->block_size);
	struct mbr_entry entries[2];
	uint64_t record = base;

	if (!sector)
		return;
	for (unsigned nr = MBR_FIRST_LOGICAL; nr <= MBR_LAST_LOGICAL; nr++) {
		if (block_read(disk, record, sector, disk->block_size) ||
		    !mbr_has_signature(sector))
			break;
		memcpy(entries, sector + MBR_ENTRIES, sizeof(entries));
		if (mbr_entry_is_used(&entries[0]))
			partition_add(
				disk, nr,
				record + mbr_sectors(disk, entries[0].start),
				mbr_sectors(disk, entries[0].nr_sectors));
		if (!mbr_is_extended(&entries[1]))
			break;
		record = base + mbr_sectors(disk, entries[1].start);
	}
	kfree(sector);
}

bool partition_scan_mbr(struct block_device *disk, const uint8_t *first)
{
	struct mbr_entry entries[4];

	if (!mbr_has_signature(first))
		return false;
	memcpy(entries, first + MBR_ENTRIES, sizeof(entries));
	if (!mbr_is_plausible(entries))
		return false;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t start = mbr_sectors(disk, entries[i].start);

		if (!mbr_entry_is_used(&entries[i]))
			continue;
		partition_add(disk, i + 1, start,
			      mbr_sectors(disk, entries[i].nr_sectors));
		if (mbr_is_extended(&entries[i]))
			mbr_scan_extended(disk, start);
	}
	return true;
}
