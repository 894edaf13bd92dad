// SPDX-License-Identifier: MIT
/*
 * What a loss of power leaves of files that replace others and of those without
 * a name, when only a commit came before it, and no fsync.
 */
#include <string.h>

#include <linux/fcntl.h>
#include <linux/stat.h>

#include <dev/block.h>

#include "model.h"
#include "modes.h"

#define HELD 300 /* open files without a name */

/* A file full of one byte. */
static void put_file(struct inode *dir, const char *name, char byte, size_t len)
{
	char *data = malloc(len);
	struct inode *inode;

	memset(data, byte, len);
	CHECK(!host_lookup(dir, name, &inode), "lookup %s", name);
	if (!inode)
		CHECK(!host_create(dir, name, S_IFREG | 0644, &inode),
		      "create %s", name);
	CHECK(host_write(inode, data, len, 0) == (ssize_t)len, "write %s",
	      name);
	inode_put(inode);
	free(data);
}

static void expect_file(struct inode *dir, const char *name, char byte,
			size_t len)
{
	char *data = malloc(len);
	struct inode *inode;

	CHECK(!host_lookup(dir, name, &inode) && inode, "%s is lost", name);
	CHECK(inode_size(inode) == (off_t)len,
	      "size of %s: expected %zu, got %lld", name, len,
	      (long long)inode_size(inode));
	CHECK(host_read(inode, data, len, 0) == (ssize_t)len, "read %s", name);
	for (size_t i = 0; i < len; i++)
		CHECK(data[i] == byte,
		      "byte %zu of %s: expected %02x, got %02x", i, name, byte,
		      (uint8_t)data[i]);
	inode_put(inode);
	free(data);
}

/* A commit, as the flusher makes one that has not come to the data yet. */
static void commit(struct super *super)
{
	CHECK(!super->ops->sync(super, true), "commit");
}

/* What the disk holds if power fails now. */
static uint8_t *disk_image(const struct host_disk *disk)
{
	uint8_t *image = malloc(disk->size);

	memcpy(image, disk->data, disk->size);
	return image;
}

/* Unmount, and mount what the disk held when power failed. */
static struct super *after_power_cut(struct host_disk *disk,
				     struct super *super, uint8_t *image)
{
	CHECK(!host_unmount(super), "unmount");
	memcpy(disk->data, image, disk->size);
	free(image);
	CHECK(!host_mount(disk, "ext4", false, &super), "mount again");
	return super;
}

/* Empty it, write it anew, close it. */
static void rewrite(struct inode *dir, const char *name, char byte, size_t len)
{
	struct file file = { .mode = FMODE_WRITE };

	CHECK(!host_lookup(dir, name, &file.inode) && file.inode, "lookup");
	CHECK(!host_truncate(file.inode, 0), "truncate");
	put_file(dir, name, byte, len);
	file.inode->file_ops->release(&file);
	inode_put(file.inode);
}

void run_replace(struct host_disk *disk)
{
	struct super *super;
	struct inode *dir;

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	dir = super->root->inode;
	put_file(dir, "a", 'A', 10000);
	put_file(dir, "b", 'B', 5000);
	CHECK(!super_sync(super, true), "sync");
	put_file(dir, "new", 'N', 20000);
	CHECK(!host_rename(dir, "new", dir, "a", 0), "rename");
	rewrite(dir, "b", 'C', 30000);
	commit(super);
	super = after_power_cut(disk, super, disk_image(disk));
	expect_file(super->root->inode, "a", 'N', 20000);
	expect_file(super->root->inode, "b", 'C', 30000);
	CHECK(!host_unmount(super), "unmount");
}

static uint64_t free_inodes(struct super *super)
{
	struct fs_stat stat;

	CHECK(!super->ops->statfs(super, &stat), "statfs");
	return stat.files_free;
}

/*
 * Files without a name are gone after a loss of power, those that were let go in
 * between as well, whatever place in the list of orphans they had.
 */
void run_orphans(struct host_disk *disk)
{
	struct inode *held[HELD];
	struct super *super;
	uint64_t before;
	uint8_t *image;
	char name[32];

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	before = free_inodes(super);
	for (unsigned i = 0; i < HELD; i++) {
		sprintf(name, "file%u", i);
		put_file(super->root->inode, name, 'x', 3000);
		CHECK(!host_lookup(super->root->inode, name, &held[i]),
		      "lookup");
		CHECK(!host_unlink(super->root->inode, name), "unlink");
		if (random_below(50) == 0)
			CHECK(!super_sync(super, true), "sync");
	}
	for (unsigned i = 0; i < HELD; i++) {
		unsigned n = random_below(HELD);

		if (held[n])
			inode_put(held[n]);
		held[n] = NULL;
		if (random_below(30) == 0)
			commit(super);
	}
	commit(super);
	CHECK(free_inodes(super) < before, "all were let go");
	for (unsigned i = 0; i < HELD; i++)
		CHECK(!held[i] || inode_size(held[i]) == 3000, "size");
	image = disk_image(disk);
	for (unsigned i = 0; i < HELD; i++) {
		if (held[i])
			inode_put(held[i]);
	}
	super = after_power_cut(disk, super, image);
	CHECK(free_inodes(super) == before,
	      "free inodes: expected %llu, got %llu",
	      (unsigned long long)before,
	      (unsigned long long)free_inodes(super));
	CHECK(!host_unmount(super), "unmount");
}
