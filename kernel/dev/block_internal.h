// SPDX-License-Identifier: MIT
/* What block.c and the readers of partition tables share. */
#pragma once

#include <lib/types.h>

struct block_device;

/*
 * Announce sectors [start, start + nr_sectors) of disk as its partition
 * number.  Ranges that do not lie in the disk are reported and left out.
 */
void partition_add(struct block_device *disk, unsigned number, uint64_t start,
		   uint64_t nr_sectors);

/*
 * Read the table of a disk and add what it lists.  first is the disk's first
 * block.  True if the disk has such a table, be it damaged.
 */
bool partition_scan_gpt(struct block_device *disk, const uint8_t *first);
bool partition_scan_mbr(struct block_device *disk, const uint8_t *first);
