// SPDX-License-Identifier: MIT
/*
 * A disk in memory, which may fail, and which may have a write cache: then
 * transfers take their time and end in any order.
 */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/thread.h>
#include <mm/page.h>

#include "host_internal.h"
#include "write_cache.h"

#define SECTOR 512

/* A transfer that has not ended. */
struct request {
	TAILQ_ENTRY(request) link;
	struct host_disk *disk;
	struct bio *bio;
	struct host_write *write;
	uint64_t upto; /* of a flush: what had ended when it began */
};

static TAILQ_HEAD(, request) queue = TAILQ_HEAD_INITIALIZER(queue);
static unsigned queue_len;

void (*host_disk_event)(struct host_disk *disk);

/* --- transfers --- */

/* Between the bio's memory and data. */
static void bio_copy(const struct bio *bio, uint8_t *data)
{
	for (unsigned i = 0; i < bio->nr_vecs; i++) {
		const struct bio_vec *vec = &bio->vecs[i];
		char *memory = (char *)page_to_virt(vec->page) + vec->offset;

		if (bio->op == BIO_READ)
			memcpy(memory, data, vec->len);
		else
			memcpy(data, memory, vec->len);
		data += vec->len;
	}
}

/* Once it has failed, it stays broken. */
static bool disk_fails(struct host_disk *disk, const struct bio *bio)
{
	if (bio->op == BIO_READ || disk->fail_after < 0)
		return false;
	if (disk->fail_after > 0) {
		disk->fail_after -= bio->op == BIO_WRITE;
		return false;
	}
	return true;
}

static void disk_transfer(struct host_disk *disk, const struct request *request)
{
	struct host_cache *cache = disk->cache;
	struct host_write *write = request->write;

	if (request->bio->op == BIO_READ) {
		bio_copy(request->bio,
			 disk->data + request->bio->sector * SECTOR);
	} else if (request->bio->op == BIO_FLUSH && cache) {
		host_cache_flush(cache, request->upto);
	} else if (write) {
		/* The last to end is the one that counts. */
		bio_copy(request->bio, write->data);
		memcpy(disk->data + write->at, write->data, write->len);
		host_cache_end(cache, write);
	} else if (request->bio->op == BIO_WRITE) {
		bio_copy(request->bio,
			 disk->data + request->bio->sector * SECTOR);
	}
}

static void disk_submit(struct block_device *bdev, struct bio *bio)
{
	struct host_disk *disk = bdev->private;
	struct request now = { .disk = disk, .bio = bio }, *request;

	if (disk->cache && host_disk_event)
		host_disk_event(disk);
	if (!disk->cache) {
		if (disk_fails(disk, bio)) {
			bio_end(bio, -EIO);
			return;
		}
		disk_transfer(disk, &now);
		bio_end(bio, 0);
		return;
	}
	request = malloc(sizeof(*request));
	*request = now;
	request->upto = disk->cache->now;
	if (bio->op == BIO_WRITE) {
		request->write =
			host_cache_add(disk->cache, bio->sector * SECTOR,
				       bio->nr_sectors * SECTOR);
		bio_copy(bio, request->write->data);
	}
	TAILQ_INSERT_TAIL(&queue, request, link);
	queue_len++;
}

static const struct block_device_ops disk_ops = { .submit = disk_submit };

void host_queue_step(void)
{
	struct request *request = TAILQ_FIRST(&queue);
	struct host_disk *disk;
	struct bio *bio;
	int ret = 0;

	if (!request)
		return;
	for (unsigned n = host_lot(queue_len); n; n--)
		request = TAILQ_NEXT(request, link);
	disk = request->disk;
	bio = request->bio;
	if (host_disk_event)
		host_disk_event(disk);
	TAILQ_REMOVE(&queue, request, link);
	queue_len--;
	if (disk_fails(disk, bio))
		ret = -EIO;
	else
		disk_transfer(disk, request);
	free(request);
	host_wake();
	bio_end(bio, ret);
}

bool host_queue_is_empty(void)
{
	return !queue_len;
}

void host_queue_abandon(void)
{
	struct request *request;

	while ((request = TAILQ_FIRST(&queue))) {
		TAILQ_REMOVE(&queue, request, link);
		free(request);
	}
	queue_len = 0;
}

void host_disk_init(struct host_disk *disk, uint8_t *data, size_t size)
{
	memset(disk, 0, sizeof(*disk));
	disk->data = data;
	disk->size = size;
	disk->fail_after = -1;
	strcpy(disk->bdev.name, "disk");
	disk->bdev.block_size = SECTOR;
	/* Small limits, so that long bios are split. */
	disk->bdev.max_sectors = 40;
	disk->bdev.max_vecs = 5;
	disk->bdev.has_flush = true;
	disk->bdev.ops = &disk_ops;
	disk->bdev.private = disk;
	disk->bdev.disk = &disk->bdev;
	atomic64_store(&disk->bdev.nr_sectors, (int64_t)(size / SECTOR));
}

/* --- files --- */

int host_disk_open(struct host_disk *disk, const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	size_t size;

	if (!file)
		return -ENOENT;
	fseek(file, 0, SEEK_END);
	size = (size_t)ftell(file) & ~(SECTOR - 1ul);
	rewind(file);
	data = malloc(size);
	if (fread(data, 1, size, file) != size)
		abort();
	fclose(file);
	host_disk_init(disk, data, size);
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
