// SPDX-License-Identifier: MIT
/*
 * What must be on the disk before what: freed blocks rest until a commit, and
 * files are not longer than their data; what fdatasync(2) writes.  And what commits
 * must not need.
 */
#include <string.h>

#include <lib/errno.h>
#include <sys/stat.h>

#include "model.h"
#include "modes.h"

#define LEN (2 << 20)

static struct inode *file_new(struct super *super, const char *name)
{
	struct inode *inode;

	CHECK(!host_create(super->root->inode, name, S_IFREG | 0644, &inode),
	      "create %s", name);
	return inode;
}

static void file_delete(struct super *super, const char *name)
{
	CHECK(!host_unlink(super->root->inode, name), "unlink %s", name);
}

static void write_back(struct inode *inode)
{
	struct mapping *mapping = &inode->mapping;

	CHECK(!mapping->ops->write_pages(mapping, 0, UINT32_MAX, false),
	      "write-back");
}

static void commit(struct super *super)
{
	CHECK(!super->ops->sync(super, true), "commit");
}

static size_t disk_count(const struct host_disk *disk, uint8_t byte)
{
	size_t count = 0;

	for (size_t i = 0; i < disk->size; i++)
		count += disk->data[i] == byte;
	return count;
}

static uint64_t blocks_free(struct super *super)
{
	struct fs_stat stat;

	CHECK(!super->ops->statfs(super, &stat), "statfs");
	return stat.blocks_free;
}

/* Blocks of a deleted file keep their contents until that is committed. */
static void check_reuse(struct host_disk *disk, struct super *super)
{
	struct inode *old = file_new(super, "old"), *new;
	uint64_t free_before = blocks_free(super);
	char *data = malloc(LEN);
	size_t before;

	memset(data, 0xd7, LEN);
	CHECK(host_write(old, data, LEN, 0) == LEN, "write");
	CHECK(!super_sync(super, true), "sync");
	before = disk_count(disk, 0xd7);
	CHECK(before >= LEN, "%zu bytes arrived", before);
	inode_put(old);
	file_delete(super, "old");
	CHECK(blocks_free(super) == free_before,
	      "free at once: expected %lu, got %lu", (long)free_before,
	      (long)blocks_free(super));

	memset(data, 0xb2, LEN);
	new = file_new(super, "new");
	CHECK(host_write(new, data, LEN, 0) == LEN, "write");
	write_back(new);
	CHECK(disk_count(disk, 0xd7) == before,
	      "blocks of a deleted file were used before its end was safe");
	commit(super);
	inode_put(new);

	/* And after it, they are used. */
	memset(data, 0x8e, LEN);
	new = file_new(super, "newer");
	for (unsigned i = 0; disk_count(disk, 0xd7) == before; i++) {
		CHECK(host_write(new, data, LEN, (off_t)i * LEN) == LEN,
		      "the blocks of a deleted file are never used again");
		write_back(new);
	}
	inode_put(new);
	file_delete(super, "new");
	file_delete(super, "newer");
	commit(super);
	CHECK(blocks_free(super) == free_before,
	      "free in the end: expected %lu, got %lu", (long)free_before,
	      (long)blocks_free(super));
	free(data);
}

/* Until the disk is full. */
static off_t fill(struct inode *inode, const char *data)
{
	off_t size = 0;
	ssize_t n;

	while ((n = host_write(inode, data, LEN, size)) > 0)
		size += n;
	CHECK(n == -ENOSPC, "write to a full disk: %zd", n);
	write_back(inode);
	return size;
}

/* A write that only finds room in what was just freed. */
static void check_full(struct super *super)
{
	struct inode *inode = file_new(super, "full");
	char *data = malloc(LEN);
	off_t size;
	ssize_t n;

	memset(data, 0x61, LEN);
	size = fill(inode, data);
	for (unsigned round = 0; round < 3; round++) {
		off_t again = 0;

		CHECK(!host_truncate(inode, 0), "truncate");
		while (again < size) {
			n = host_write(inode, data,
				       (size_t)MIN(size - again, LEN), again);
			CHECK(n > 0, "write to what was freed: %zd", n);
			again += n;
		}
		write_back(inode);
	}
	inode_put(inode);
	file_delete(super, "full");
	free(data);
}

/* The same of directories, and of room that is asked for. */
static void check_full_names(struct super *super)
{
	struct inode *inode = file_new(super, "full");
	char *data = calloc(1, LEN);
	off_t size = fill(inode, data);
	unsigned dirs = 0;
	char name[32];
	int ret;

	/* Less than a page may be left. */
	do {
		sprintf(name, "dir%u", dirs);
		ret = host_mkdir(super->root->inode, name);
		dirs += !ret;
	} while (!ret);
	CHECK(ret == -ENOSPC, "mkdir on a full disk: %d", ret);
	inode_put(inode);
	file_delete(super, "full");
	CHECK(!host_mkdir(super->root->inode, name), "mkdir");
	for (unsigned i = 0; i <= dirs; i++) {
		sprintf(name, "dir%u", i);
		CHECK(!host_rmdir(super->root->inode, name), "rmdir");
	}

	inode = file_new(super, "full");
	size = fill(inode, data);
	inode_put(inode);
	file_delete(super, "full");
	inode = file_new(super, "room");
	CHECK(host_fallocate(inode, 0, 0, size / 2) != -ENOSPC, "fallocate");
	inode_put(inode);
	file_delete(super, "room");
	free(data);
}

/* The size of the file in a copy of the disk, which goes. */
static off_t size_in(const struct host_disk *disk, uint8_t *data)
{
	struct host_disk copy = *disk;
	struct super *super;
	struct inode *inode;
	off_t size;

	copy.bdev.private = &copy;
	copy.bdev.disk = &copy.bdev;
	copy.data = data;
	CHECK(!host_mount(&copy, "ext4", false, &super), "mount the copy");
	CHECK(!host_lookup(super->root->inode, "growing", &inode) && inode,
	      "lost a file");
	size = inode_size(inode);
	inode_put(inode);
	CHECK(!host_unmount(super), "unmount the copy");
	free(data);
	return size;
}

static uint8_t *disk_copy(const struct host_disk *disk)
{
	return memcpy(malloc(disk->size), disk->data, disk->size);
}

/*
 * Append len bytes, or have a hole of them at the end: the sizes that a loss of
 * power leaves after a commit and after a sync.
 */
static void append(struct host_disk *disk, off_t len, bool hole, off_t *size,
		   off_t *committed, off_t *synced)
{
	char *data = calloc(1, (size_t)len);
	uint8_t *before, *after;
	struct inode *inode;
	struct super *super;

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	CHECK(!host_lookup(super->root->inode, "growing", &inode), "lookup");
	if (!inode)
		inode = file_new(super, "growing");
	*size = inode_size(inode);
	if (hole)
		CHECK(!host_truncate(inode, *size + len), "truncate");
	else
		CHECK(host_write(inode, data, (size_t)len, *size) == len,
		      "write");
	commit(super);
	before = disk_copy(disk);
	CHECK(!super_sync(super, true), "sync");
	after = disk_copy(disk);
	inode_put(inode);
	CHECK(!host_unmount(super), "unmount");
	*committed = size_in(disk, before);
	*synced = size_in(disk, after);
	free(data);
}

/* Commits show no bytes that are not on the disk. */
static void check_sizes(struct host_disk *disk)
{
	static const off_t steps[] = { 1, 500, 1024, 4095, 5000, 70000 };
	off_t size, committed, synced;

	for (unsigned i = 0; i < ARRAY_SIZE(steps); i++) {
		append(disk, steps[i], false, &size, &committed, &synced);
		CHECK(committed == size, "expected %ld bytes, got %ld",
		      (long)size, (long)committed);
		size += steps[i];
		CHECK(synced == size, "expected %ld synced bytes, got %ld",
		      (long)size, (long)synced);
	}
	/* Zeros that were asked for are there at once. */
	append(disk, 100000, true, &size, &committed, &synced);
	CHECK(committed == size + 100000, "expected a hole, got %ld bytes",
	      (long)committed);
}

static void datasync(struct inode *inode)
{
	CHECK(!host_fsync(inode, true), "fdatasync");
}

static size_t bytes_that_differ(const uint8_t *a, const uint8_t *b, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += a[i] != b[i];
	return count;
}

/* Write len times the byte at offset, wait for the disk, and copy it. */
static uint8_t *write_datasync(struct host_disk *disk, struct inode *inode,
			       uint8_t byte, size_t len, off_t offset)
{
	char *data = memset(malloc(len), byte, len);

	CHECK(host_write(inode, data, len, offset) == (ssize_t)len, "write");
	datasync(inode);
	free(data);
	return disk_copy(disk);
}

/* Overwritten data goes to its place, and nothing else; new data to the file. */
static void check_datasync(struct host_disk *disk)
{
	uint8_t *new, *overwritten, *appended;
	struct inode *inode;
	struct super *super;
	size_t changed;
	off_t size;

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	inode = file_new(super, "growing");
	new = write_datasync(disk, inode, 0x3a, LEN, 0);
	overwritten = write_datasync(disk, inode, 0xc5, LEN, 0);
	appended = write_datasync(disk, inode, 0xc5, 1, LEN);
	inode_put(inode);
	file_delete(super, "growing");
	CHECK(!host_unmount(super), "unmount");

	changed = bytes_that_differ(new, overwritten, disk->size);
	CHECK(changed == LEN, "expected %d changed bytes, got %zu", LEN,
	      changed);
	size = size_in(disk, new);
	CHECK(size == LEN, "expected %d bytes, got %ld", LEN, (long)size);
	free(overwritten);
	size = size_in(disk, appended);
	CHECK(size == LEN + 1, "expected %d bytes, got %ld", LEN + 1,
	      (long)size);
}

/* What a file was cut off by must not come back after a loss of power. */
static void check_cut_off(struct host_disk *disk)
{
	static uint8_t data[5000];
	struct super *super;
	struct inode *inode;
	uint8_t *copy;

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	inode = file_new(super, "cut");
	memset(data, 'x', sizeof(data));
	CHECK(host_write(inode, data, sizeof(data), 0) == sizeof(data),
	      "write");
	CHECK(!super_sync(super, true), "sync");
	CHECK(!host_truncate(inode, 100), "truncate");
	commit(super);
	copy = disk_copy(disk);
	inode_put(inode);
	CHECK(!host_unmount(super), "unmount");

	memcpy(disk->data, copy, disk->size);
	free(copy);
	CHECK(!host_mount(disk, "ext4", false, &super), "mount again");
	CHECK(!host_lookup(super->root->inode, "cut", &inode) && inode, "cut");
	CHECK(inode_size(inode) == 100, "expected 100 bytes, got %ld",
	      (long)inode_size(inode));
	CHECK(!host_truncate(inode, sizeof(data)), "make it longer");
	CHECK(host_read(inode, data, sizeof(data), 0) == sizeof(data), "read");
	for (size_t i = 0; i < sizeof(data); i++)
		CHECK(data[i] == (i < 100 ? 'x' : 0), "byte %zu is %#x", i,
		      data[i]);
	inode_put(inode);
	CHECK(!host_unmount(super), "unmount");
}

/* What was appended in vain, when power was lost, must not show in a hole. */
static void check_lost_append(struct host_disk *disk)
{
	static uint8_t data[3000];
	struct super *super;
	struct inode *inode;
	uint8_t *copy;

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	inode = file_new(super, "append");
	memset(data, 'x', sizeof(data));
	CHECK(host_write(inode, data, 100, 0) == 100, "write");
	CHECK(!super_sync(super, true), "sync");
	CHECK(host_write(inode, data, 800, 100) == 800, "append");
	write_back(inode);
	copy = disk_copy(disk);
	inode_put(inode);
	CHECK(!host_unmount(super), "unmount");

	memcpy(disk->data, copy, disk->size);
	free(copy);
	CHECK(!host_mount(disk, "ext4", false, &super), "mount again");
	CHECK(!host_lookup(super->root->inode, "append", &inode), "lookup");
	CHECK(inode_size(inode) == 100, "expected 100 bytes, got %ld",
	      (long)inode_size(inode));
	CHECK(host_write(inode, "", 1, sizeof(data) - 1) == 1,
	      "make it longer");
	inode_put(inode);
	CHECK(!host_unmount(super), "unmount");

	CHECK(!host_mount(disk, "ext4", false, &super), "mount once more");
	CHECK(!host_lookup(super->root->inode, "append", &inode), "lookup");
	CHECK(host_read(inode, data, sizeof(data), 0) == sizeof(data), "read");
	for (size_t i = 0; i < sizeof(data); i++)
		CHECK(data[i] == (i < 100 ? 'x' : 0), "byte %zu is %#x", i,
		      data[i]);
	inode_put(inode);
	CHECK(!host_unmount(super), "unmount");
}

/* A commit needs no memory: all that it changes is held. */
static void check_memory(struct super *super)
{
	for (unsigned i = 0; i < 20; i++) {
		char name[16];

		snprintf(name, sizeof(name), "memory%u", i);
		CHECK(!host_mkdir(super->root->inode, name), "mkdir");
		host_drop_caches(super);
		host_fail_alloc = 0;
		commit(super);
		CHECK(!host_fail_alloc, "a commit wanted memory");
		host_fail_alloc = -1;
	}
}

void run_order(struct host_disk *disk)
{
	struct super *super;

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	check_reuse(disk, super);
	check_full(super);
	check_full_names(super);
	check_memory(super);
	CHECK(!host_unmount(super), "unmount");
	check_datasync(disk);
	check_sizes(disk);
	check_cut_off(disk);
	check_lost_append(disk);
}
