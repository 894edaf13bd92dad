// SPDX-License-Identifier: MIT
/*
 * The list of block devices: registration, numbers, names, partitions.
 *
 * Disk n has the numbers n * 16 to n * 16 + 15 of BLOCK_MAJOR, the first for
 * the whole disk.  Major 254 is of those that Linux keeps for local use and
 * gives to virtio disks.  Devices are never removed, so a pointer to one stays
 * good without a reference; without a medium, a device has no sectors.
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

static struct block_device *block_list_find_dev(uint64_t dev)
{
	unsigned long flags = spin_lock_irqsave(&block_lock);
	struct block_device *bdev;

	TAILQ_FOREACH (bdev, &block_devices, link) {
		if (bdev->dev == dev)
			break;
	}
	spin_unlock_irqrestore(&block_lock, flags);
	return bdev;
}

static struct block_device *partition_create(struct block_device *disk,
					     unsigned number)
{
	size_t len = strlen(disk->name);
	struct block_device *part = kzalloc(sizeof(*part));

	if (!part)
		return NULL;
	part->block_size = disk->block_size;
	part->read_only = disk->read_only;
	part->has_flush = disk->has_flush;
	part->has_discard = disk->has_discard;
	part->max_sectors = disk->max_sectors;
	part->max_vecs = disk->max_vecs;
	part->disk = disk;
	part->dev = disk->dev + number;
	/* A name that ends in a digit gets a p: mmcblk0p1, but vda1. */
	snprintf(part->name, sizeof(part->name), "%s%s%u", disk->name,
		 disk->name[len - 1] <= '9' ? "p" : "", number);
	return part;
}

void partition_add(struct block_device *disk, unsigned number, uint64_t start,
		   uint64_t nr_sectors)
{
	uint64_t limit = block_device_sectors(disk);
	struct block_device *part, *old;

	if (number >= PARTITIONS_PER_DISK)
		return;
	if (start > limit || nr_sectors > limit - start ||
	    (start | nr_sectors) % (disk->block_size / 512)) {
		pr_warn("%s: partition %u does not lie in the disk", disk->name,
			number);
		return;
	}
	/* Another medium may have had one of that number: it lives on. */
	old = block_list_find_dev(disk->dev + number);
	part = old ? old : partition_create(disk, number);
	if (!part)
		return;
	part->start = start;
	part->read_only = disk->read_only;
	atomic64_store(&part->nr_sectors, (int64_t)nr_sectors);
	if (!old)
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

static void block_describe(const struct block_device *disk)
{
	uint64_t sectors = block_device_sectors(disk);

	if (sectors)
		pr_info("%s: %llu MiB%s", disk->name,
			(unsigned long long)sectors >> 11,
			disk->read_only ? ", read-only" : "");
	else
		pr_info("%s: there is no medium", disk->name);
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
	block_describe(bdev);
	partition_scan(bdev);
	return 0;
}

/* Set the sizes of the disk's partitions to none. */
static void partitions_hide(struct block_device *disk)
{
	unsigned long flags = spin_lock_irqsave(&block_lock);
	struct block_device *bdev;

	TAILQ_FOREACH (bdev, &block_devices, link) {
		if (bdev->disk != disk || bdev == disk)
			continue;
		atomic64_store(&bdev->nr_sectors, 0);
		atomic_add(&bdev->media, 1);
	}
	spin_unlock_irqrestore(&block_lock, flags);
}

void block_media_changed(struct block_device *disk, uint64_t nr_sectors)
{
	atomic64_store(&disk->nr_sectors, 0);
	partitions_hide(disk);
	atomic_add(&disk->media, 1);
	atomic64_store(&disk->nr_sectors, (int64_t)nr_sectors);
	block_describe(disk);
	partition_scan(disk);
}

int block_device_check(struct block_device *bdev)
{
	struct block_device *disk = bdev->disk;

	return disk->ops->check ? disk->ops->check(disk) : 0;
}

struct block_device *block_device_find(const char *name)
{
	struct block_device *bdev;
	unsigned long flags;

	if (!strncmp(name, "/dev/", 5))
		name += 5;
	flags = spin_lock_irqsave(&block_lock);
	TAILQ_FOREACH (bdev, &block_devices, link) {
		if (!strcmp(bdev->name, name))
			break;
	}
	spin_unlock_irqrestore(&block_lock, flags);
	return bdev;
}

struct block_device *block_device_by_dev(uint64_t dev)
{
	return block_list_find_dev(dev);
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

bool block_disk_is_claimed(const struct block_device *disk)
{
	unsigned long flags = spin_lock_irqsave(&block_lock);
	struct block_device *bdev;

	TAILQ_FOREACH (bdev, &block_devices, link) {
		if (bdev->disk == disk && atomic_load(&bdev->claimed))
			break;
	}
	spin_unlock_irqrestore(&block_lock, flags);
	return bdev;
}

bool block_disk_has_partitions(const struct block_device *disk)
{
	unsigned long flags = spin_lock_irqsave(&block_lock);
	struct block_device *bdev;

	TAILQ_FOREACH (bdev, &block_devices, link) {
		if (bdev->disk == disk && bdev != disk &&
		    block_device_sectors(bdev))
			break;
	}
	spin_unlock_irqrestore(&block_lock, flags);
	return bdev;
}
