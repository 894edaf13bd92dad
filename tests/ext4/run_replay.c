// SPDX-License-Identifier: MIT
/*
 * Replaying journals: of images that tests/test_ext4_replay.py makes, and of
 * those after bytes of the journal were spoiled.
 */
#include <string.h>

#include <lib/errno.h>

#include "model.h"
#include "modes.h"

#define UNIT 1024 /* bytes: every block begins at a multiple */

/* Would a remount be writable?  What that writes is undone. */
static int try_writing(struct host_disk *disk, struct super *super)
{
	uint8_t *copy = malloc(disk->size);
	int ret;

	memcpy(copy, disk->data, disk->size);
	ret = super->ops->remount(super, false, NULL);
	if (!ret)
		super->read_only = false;
	CHECK(!host_unmount(super), "unmount");
	memcpy(disk->data, copy, disk->size);
	free(copy);
	return ret;
}

void run_replay(struct host_disk *disk)
{
	struct super *super;
	int ret = host_mount(disk, "ext4", true, &super);

	if (ret) {
		printf("result: not mounted: %d\n", -ret);
		return;
	}
	ret = try_writing(disk, super);
	if (ret)
		printf("result: read-only: %d\n", -ret);
	else
		puts("result: writable");
}

/* The device could not be written at the mount, and can be now. */
void run_unlock(struct host_disk *disk)
{
	struct super *super;
	int ret;

	disk->bdev.read_only = true;
	CHECK(!host_mount(disk, "ext4", true, &super), "mount");
	disk->bdev.read_only = false;
	ret = try_writing(disk, super);
	if (ret)
		printf("result: read-only: %d\n", -ret);
	else
		puts("result: writable");
}

void run_mount(struct host_disk *disk, bool probing)
{
	struct super *super;
	int ret;

	host_probing = probing;
	ret = host_mount(disk, "ext4", false, &super);
	if (ret) {
		printf("result: not mounted: %d\n", -ret);
		return;
	}
	printf("result: %s\n", super->read_only ? "read-only" : "writable");
	CHECK(!host_unmount(super), "unmount");
}

static bool is_record(const uint8_t *block)
{
	static const uint8_t magic[] = { 0xc0, 0x3b, 0x39, 0x98 };

	return !memcmp(block, magic, sizeof(magic));
}

/* One of the journal's own blocks, by their magic. */
static uint8_t *random_record(struct host_disk *disk)
{
	size_t units = disk->size / UNIT;
	size_t first = random_below((unsigned)units);

	for (size_t i = 0; i < units; i++) {
		uint8_t *block = disk->data + (first + i) % units * UNIT;

		if (is_record(block))
			return block;
	}
	CHECK(false, "there is no journal");
	return NULL;
}

static void spoil_record(struct host_disk *disk)
{
	static const uint8_t values[] = { 0, 1, 2, 0x7f, 0x80, 0xff, 0xf0, 8 };
	uint8_t *block = random_record(disk);

	for (unsigned n = 1 + random_below(3); n; n--) {
		unsigned at = random_below(random_below(4) ? 64 : UNIT);

		block[at] = random_below(2)
				    ? values[random_below(sizeof(values))]
				    : (uint8_t)random_below(256);
	}
}

void run_spoil(struct host_disk *disk, unsigned count)
{
	uint8_t *copy = malloc(disk->size);
	struct super *super;

	memcpy(copy, disk->data, disk->size);
	for (unsigned i = 0; i < count; i++) {
		memcpy(disk->data, copy, disk->size);
		for (unsigned n = 1 + random_below(3); n; n--)
			spoil_record(disk);
		if (i % 4 == 0)
			host_fail_alloc = (long)random_below(40);
		if (!host_mount(disk, "ext4", i % 2, &super)) {
			host_fail_alloc = -1;
			(void)host_unmount(super);
		}
		host_fail_alloc = -1;
	}
	memcpy(disk->data, copy, disk->size);
	free(copy);
}
