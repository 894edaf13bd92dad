// SPDX-License-Identifier: MIT
/* Damaged images: whatever comes of it, it must end, and without a panic. */
#include <string.h>

#include <sys/stat.h>

#include <core/panic.h>

#include "model.h"
#include "modes.h"
#include "spoil.h"

struct walk {
	struct dir_context ctx;
	struct inode *dir;
	unsigned depth;
	unsigned *left;
};

static void walk_dir(struct inode *dir, unsigned depth, unsigned *left);

static void walk_file(struct inode *inode)
{
	char buf[5000] = { 0 };
	off_t size = inode_size(inode);
	off_t at = (off_t)random_below((unsigned)MIN(size, 1 << 22) + 1);

	host_read(inode, buf, sizeof(buf), 0);
	host_read(inode, buf, sizeof(buf), size / 2);
	host_read(inode, buf, sizeof(buf), at);
	host_write(inode, "x", 1, 0);
	host_write(inode, "x", 1, size / 2);
	/* The VFS keeps sizes below the limit. */
	if (size < 1 << 30)
		host_write(inode, buf, sizeof(buf), size);
	if (random_below(2))
		host_fallocate(inode, 0, at, 30000);
	host_write(inode, buf, 3000, at + 2000);
	if (random_below(2))
		host_truncate(inode, size / 3);
	if (!random_below(4))
		host_truncate(inode, 0);
}

static bool walk_emit(struct dir_context *ctx, const char *name, size_t len,
		      off_t next, uint64_t ino, unsigned type)
{
	struct walk *walk = container_of(ctx, struct walk, ctx);
	struct inode *inode;
	char buf[5000], copy[256];

	(void)next;
	(void)ino;
	(void)type;
	if (!*walk->left)
		return false;
	--*walk->left;
	memcpy(copy, name, len);
	copy[len] = 0;
	/* The VFS never asks for that; the block is a file's by now. */
	if (!copy[0])
		return true;
	if (!strcmp(copy, ".") || !strcmp(copy, ".."))
		return true;
	/* The reader holds the directory's lock; the VFS would wait. */
	walk->dir->lock.holders = 0;
	if (!host_lookup(walk->dir, copy, &inode) && inode) {
		if (S_ISREG(inode->mode)) {
			walk_file(inode);
		} else if (S_ISLNK(inode->mode)) {
			inode->ops->readlink(inode, buf, sizeof(buf));
		} else if (S_ISDIR(inode->mode) && inode != walk->dir) {
			walk_dir(inode, walk->depth + 1, walk->left);
		}
		inode_put(inode);
		if (!random_below(8))
			host_unlink(walk->dir, copy);
		if (!random_below(8))
			host_rmdir(walk->dir, copy);
		if (!random_below(8))
			host_rename(walk->dir, copy, walk->dir, "moved", 0);
	}
	walk->dir->lock.holders = 1;
	return true;
}

static void walk_dir(struct inode *dir, unsigned depth, unsigned *left)
{
	struct walk walk = {
		.ctx.emit = walk_emit,
		.dir = dir,
		.depth = depth,
		.left = left,
	};
	struct inode *inode;
	char buf[256];

	if (depth > 6 || dir->lock.holders)
		return;
	host_readdir(dir, &walk.ctx);
	for (unsigned i = 0; i < 20; i++) {
		if (!host_create(dir, name_of(i, buf), S_IFREG, &inode))
			inode_put(inode);
	}
	for (unsigned i = 0; i < 20; i += 2)
		host_unlink(dir, name_of(i, buf));
	if (!host_mkdir(dir, "sub"))
		host_rename(dir, "sub", dir, "sub2", 0);
}

static void walk_image(struct host_disk *disk)
{
	unsigned left = 500;
	struct super *super;

	if (host_mount(disk, "ext4", false, &super))
		return;
	walk_dir(super->root->inode, 0, &left);
	super_sync(super, true);
	walk_dir(super->root->inode, 0, &left);
	host_drop_caches(super);
	left = 100;
	walk_dir(super->root->inode, 0, &left);
	host_unmount(super);
}

void run_visit(struct host_disk *disk)
{
	walk_image(disk);
}

void run_walk(struct host_disk *disk, unsigned count)
{
	uint8_t *copy = malloc(disk->size);

	memcpy(copy, disk->data, disk->size);
	for (unsigned i = 0; i < count; i++) {
		memcpy(disk->data, copy, disk->size);
		spoil_image(disk);
		if (getenv("VERBOSE"))
			printf("round %u\n", i);
		walk_image(disk);
	}
	free(copy);
}
