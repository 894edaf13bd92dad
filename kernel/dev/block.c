// SPDX-License-Identifier: MIT
/*
 * The list of block devices: registration, numbers, names, partitions.
 *
 * Disk n has the numbers n * 16 to n * 16 + 15 of BLOCK_MAJOR, the first for
 * the whole disk.  Major 254 is of those that Linux keeps for local use and
 * gives to virtio disks.  Devices are never removed, so a pointer to one stays
 * good without a reference.
 */
#include <stdio.h>
#include <string.h>

#include <asm-generic/fcntl.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/lock.h>
#include <core/panic.h>
#include <core/printk.h>
#include <dev/block.h>
#include <dev/chrdev.h>

#include "block_internal.h"

#define BLOCK_MAJOR         254
#define DISKS_MAX           64
#define PARTITIONS_PER_DISK 16 /* numbers, with the whole disk's */

static spinlock_t block_lock = SPINLOCK_INIT(LOCK_BLOCK);
static TAILQ_HEAD(, block_device) block_devices =
	TAILQ_HEAD_INITIALIZER(block_devices); /* [block_lock] */
static unsigned nr_disks;                      /* [block_lock] */

static void block_list_add(struct block_device *bdev)
{
	unsigned long flags = spin_lock_irqsave(&block_lock);

	TAILQ_INSERT_TAIL(&block_devices, bdev, link);
	spin_unlock_irqrestore(&block_lock, flags);
	devnode_announce(bdev->name, S_IFBLK | 0660, bdev->dev);
}

void partition_add(struct block_device *disk, unsigned number, uint64_t start,
		   uint64_t nr_sectors)
{
	uint64_t limit = block_device_sectors(disk);
	size_t len = strlen(disk->name);
	struct block_device *part;

	if (number >= PARTITIONS_PER_DISK)
		return;
	if (start > limit || nr_sectors > limit - start ||
	    (start | nr_sectors) % (disk->block_size / 512)) {
		pr_warn("%s: partition %u does not lie in the disk", disk->name,
			number);
		return;
	}
	part = kzalloc(sizeof(*part));
	if (!part)
		return;
	part->block_size = disk->block_size;
	part->read_only = disk->read_only;
	part->has_flush = disk->has_flush;
	part->has_discard = disk->has_discard;
	part->max_sectors = disk->max_sectors;
	part->max_vecs = disk->max_vecs;
	part->disk = disk;
	part->start = start;
	part->dev = disk->dev + number;
	atomic64_store(&part->nr_sectors, (int64_t)nr_sectors);
	/* A name that ends in a digit gets a p: mmcblk0p1, but vda1. */
	snprintf(part->name, sizeof(part->name), "%s%s%u", disk->name,
		 disk->name[len - 1] <= '9' ? "p" : "", number);
	block_list_add(part);
}

static void partition_scan(struct block_device *disk)
{
	uint8_t *first;

	if (!block_device_sectors(disk))
		return;
	first = kmalloc(disk->block_size);
	if (!first)
		return;
	if (block_read(disk, 0, first, disk->block_size))
		pr_err("%s: cannot read the first block", disk->name);
	else if (!partition_scan_gpt(disk, first))
		partition_scan_mbr(disk, first);
	kfree(first);
}

static bool block_limits_ok(const struct block_device *bdev)
{
	return (bdev->block_size == 512 || bdev->block_size == 4096) &&
	       bdev->max_vecs && bdev->max_sectors >= PAGE_SIZE / 512 &&
	       bdev->max_sectors % (bdev->block_size / 512) == 0 && bdev->ops &&
	       bdev->name[0];
}

int block_device_register(struct block_device *bdev)
{
	unsigned long flags;
	unsigned disk;

	if (!block_limits_ok(bdev))
		return -EINVAL;
	flags = spin_lock_irqsave(&block_lock);
	disk = nr_disks < DISKS_MAX ? nr_disks++ : DISKS_MAX;
	spin_unlock_irqrestore(&block_lock, flags);
	if (disk == DISKS_MAX)
		return -ENOSPC;

	bdev->dev = DEV_MAKE(BLOCK_MAJOR, disk * PARTITIONS_PER_DISK);
	bdev->disk = bdev;
	bdev->start = 0;
	block_list_add(bdev);
	pr_info("%s: %llu MiB%s", bdev->name,
		(unsigned long long)block_device_sectors(bdev) >> 11,
		bdev->read_only ? ", read-only" : "");
	partition_scan(bdev);
	return 0;
}

/* The first for which match says yes. */
static struct block_device *
block_list_find(bool (*match)(const struct block_device *, const void *),
		const void *key)
{
	unsigned long flags = spin_lock_irqsave(&block_lock);
	struct block_device *bdev;

	TAILQ_FOREACH (bdev, &block_devices, link) {
		if (match(bdev, key))
			break;
	}
	spin_unlock_irqrestore(&block_lock, flags);
	return bdev;
}

static bool block_match_name(const struct block_device *bdev, const void *key)
{
	return !strcmp(bdev->name, key);
}

static bool block_match_dev(const struct block_device *bdev, const void *key)
{
	return bdev->dev == *(const uint64_t *)key;
}

struct block_device *block_device_find(const char *name)
{
	if (!strncmp(name, "/dev/", 5))
		name += 5;
	return block_list_find(block_match_name, name);
}

struct block_device *block_device_by_dev(uint64_t dev)
{
	return block_list_find(block_match_dev, &dev);
}

struct block_device *block_device_nth(unsigned n)
{
	unsigned long flags = spin_lock_irqsave(&block_lock);
	struct block_device *bdev = TAILQ_FIRST(&block_devices);

	while (bdev && n--)
		bdev = TAILQ_NEXT(bdev, link);
	spin_unlock_irqrestore(&block_lock, flags);
	return bdev;
}

int block_device_claim(struct block_device *bdev)
{
	int unclaimed = 0;

	return atomic_cmpxchg(&bdev->claimed, &unclaimed, 1) ? 0 : -EBUSY;
}

void block_device_release(struct block_device *bdev)
{
	atomic_store(&bdev->claimed, 0);
}
