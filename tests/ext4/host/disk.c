// SPDX-License-Identifier: MIT
/* A disk in memory, which may fail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lib/errno.h>

#include <mm/page.h>

#include "host.h"

static void disk_submit(struct block_device *bdev, struct bio *bio)
{
	struct host_disk *disk = bdev->private;
	uint8_t *at = disk->data + bio->sector * 512;

	if (bio->op == BIO_WRITE && disk->fail_after >= 0 &&
	    disk->fail_after-- == 0) {
		disk->fail_after = 0;
		bio_end(bio, -EIO);
		return;
	}
	for (unsigned i = 0; bio->op <= BIO_WRITE && i < bio->nr_vecs; i++) {
		const struct bio_vec *vec = &bio->vecs[i];
		char *data = (char *)page_to_virt(vec->page) + vec->offset;

		if (bio->op == BIO_READ)
			memcpy(data, at, vec->len);
		else
			memcpy(at, data, vec->len);
		at += vec->len;
	}
	bio_end(bio, 0);
}

static const struct block_device_ops disk_ops = { .submit = disk_submit };

int host_disk_open(struct host_disk *disk, const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return -ENOENT;
	fseek(file, 0, SEEK_END);
	disk->size = (size_t)ftell(file) & ~511ul;
	rewind(file);
	disk->data = malloc(disk->size);
	if (fread(disk->data, 1, disk->size, file) != disk->size)
		abort();
	fclose(file);
	disk->fail_after = -1;
	memset(&disk->bdev, 0, sizeof(disk->bdev));
	strcpy(disk->bdev.name, "disk");
	disk->bdev.block_size = 512;
	/* Small limits, so that long bios are split. */
	disk->bdev.max_sectors = 40;
	disk->bdev.max_vecs = 5;
	disk->bdev.has_flush = true;
	disk->bdev.ops = &disk_ops;
	disk->bdev.private = disk;
	disk->bdev.disk = &disk->bdev;
	atomic64_store(&disk->bdev.nr_sectors, (int64_t)(disk->size / 512));
	return 0;
}

int host_disk_save(struct host_disk *disk, const char *path)
{
	FILE *file = fopen(path, "wb");

	if (!file)
		return -ENOENT;
	if (fwrite(disk->data, 1, disk->size, file) != disk->size)
		abort();
	return fclose(file);
}

int block_device_claim(struct block_device *bdev)
{
	(void)bdev;
	return 0;
}

void block_device_release(struct block_device *bdev)
{
	(void)bdev;
}
