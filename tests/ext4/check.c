// SPDX-License-Identifier: MIT
/*
 * ext4 against a model: random operations on an image that mke2fs made, each
 * compared with what a file system in plain memory says; e2fsck judges the
 * image afterwards (tests/test_ext4.py).
 *
 *     check random IMAGE SEED COUNT   operations, then all is compared
 *     check walk IMAGE SEED COUNT     spoil some bytes, then read and change
 *                                     whatever is there; the image stays spoiled
 *     check names IMAGE SEED COUNT    a directory with that many names
 *     check crash IMAGE SEED COUNT    operations, sync, loss of power, mount
 *     check fault IMAGE SEED COUNT    operations while memory and disk fail
 *
 * The image is written back.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/falloc.h>
#include <sys/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <fs/ext4/ext4.h>

#include "host.h"

#define NAMES     400 /* different names in a directory */
#define SIZE_MAX_ (300 * 1024)
#define NR_NODES  4096

/* --- the model --- */

struct node {
	uint32_t mode;
	unsigned nlink;
	char *data; /* SIZE_MAX_ bytes, or a link's target */
	size_t size;
	struct node *parent;    /* of a directory */
	struct node **children; /* of a directory, by name number */
	struct inode *held;     /* of a file kept open without a name */
};

static struct node *root;
static struct node *dirs[NR_NODES];
static unsigned nr_dirs;
static struct node *open_files[8];
static uint64_t random_state;

#define CHECK(cond, ...)                                                       \
	do {                                                                   \
		if (!(cond)) {                                                 \
			printf("%s:%d: ", __FILE__, __LINE__);                 \
			printf(__VA_ARGS__);                                   \
			puts("");                                              \
			exit(1);                                               \
		}                                                              \
	} while (0)

static unsigned random_below(unsigned n)
{
	random_state =
		random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((random_state >> 33) % n);
}

static struct node *node_new(uint32_t mode)
{
	struct node *node = calloc(1, sizeof(*node));

	node->mode = mode;
	node->nlink = 1;
	if (S_ISDIR(mode))
		node->children = calloc(NAMES, sizeof(*node->children));
	return node;
}

static void node_put(struct node *node)
{
	if (--node->nlink || node->held)
		return;
	free(node->data);
	free(node->children);
	free(node);
}

static void forget_dir(struct node *dir)
{
	for (unsigned i = 0; i < nr_dirs; i++) {
		if (dirs[i] == dir)
			dirs[i] = dirs[--nr_dirs];
	}
}

static const char *name_of(unsigned n, char *buf)
{
	/* Lengths from short to long, so that leaves fill up. */
	sprintf(buf, "n%u", n);
	if (n % 7 == 3)
		sprintf(buf, "file-with-a-rather-long-name-%0*u",
			1 + (int)n % 200, n);
	if (n % 11 == 5)
		sprintf(buf, "\303\244\303\266%u\377", n);
	return buf;
}

/* --- from the model to inodes --- */

/* The inode of a model directory, found by its path; referenced. */
static struct inode *dir_inode(struct super *super, struct node *dir)
{
	struct inode *up, *inode = NULL;
	long fail_alloc = host_fail_alloc;
	char buf[256];
	unsigned n;

	if (dir == root)
		return inode_get(super->root->inode);
	host_fail_alloc = -1;
	up = dir_inode(super, dir->parent);
	for (n = 0; n < NAMES && dir->parent->children[n] != dir; n++)
		;
	CHECK(!host_lookup(up, name_of(n, buf), &inode) && inode,
	      "directory %s not found", buf);
	inode_put(up);
	host_fail_alloc = fail_alloc;
	return inode;
}

/* --- operations --- */

struct op {
	struct super *super;
	struct node *dir;
	struct inode *inode; /* of dir */
	unsigned n;          /* name */
	char name[256];
	bool may_fail; /* memory or disk may fail */
};

static bool failed(const struct op *op, int ret, const char *what)
{
	if (ret == -ENOSPC || (op->may_fail && ret < 0))
		return true;
	CHECK(ret >= 0, "%s %s: %d", what, op->name, ret);
	return false;
}

static void op_create(struct op *op)
{
	static const uint32_t kinds[] = { S_IFREG, S_IFREG, S_IFREG, S_IFIFO,
					  S_IFCHR };
	uint32_t kind = kinds[random_below(5)];
	struct inode *inode;

	if (failed(op, host_create(op->inode, op->name, kind | 0644, &inode),
		   "create"))
		return;
	inode_put(inode);
	op->dir->children[op->n] = node_new(kind);
	if (S_ISREG(kind))
		op->dir->children[op->n]->data = calloc(1, SIZE_MAX_);
}

static void op_mkdir(struct op *op)
{
	struct node *node;

	if (nr_dirs == NR_NODES ||
	    failed(op, host_mkdir(op->inode, op->name), "mkdir"))
		return;
	node = op->dir->children[op->n] = node_new(S_IFDIR);
	node->parent = op->dir;
	dirs[nr_dirs++] = node;
}

static void op_symlink(struct op *op)
{
	size_t len = 1 + random_below(random_below(2) ? 70 : 900);
	char *target = malloc(len + 1);
	struct node *node;

	memset(target, 'a' + (int)random_below(26), len);
	target[len] = 0;
	if (failed(op, host_symlink(op->inode, op->name, target), "symlink")) {
		free(target);
		return;
	}
	node = op->dir->children[op->n] = node_new(S_IFLNK);
	node->data = target;
	node->size = len;
}

/* Another name, in the same or another directory. */
static void op_link(struct op *op, struct node *node)
{
	struct node *to = dirs[random_below(nr_dirs)];
	unsigned n = random_below(NAMES);
	struct inode *dir, *inode;
	char buf[256];

	if (S_ISDIR(node->mode) || to->children[n])
		return;
	dir = dir_inode(op->super, to);
	if (failed(op, host_lookup(op->inode, op->name, &inode), "lookup")) {
		inode_put(dir);
		return;
	}
	CHECK(inode, "lost %s", op->name);
	if (!failed(op, host_link(inode, dir, name_of(n, buf)), "link")) {
		to->children[n] = node;
		node->nlink++;
	}
	inode_put(inode);
	inode_put(dir);
}

static bool is_empty(const struct node *dir)
{
	for (unsigned i = 0; i < NAMES; i++) {
		if (dir->children[i])
			return false;
	}
	return true;
}

static void op_remove(struct op *op, struct node *node)
{
	unsigned slot = random_below(8);
	int ret;

	if (S_ISDIR(node->mode)) {
		ret = host_rmdir(op->inode, op->name);
		if (!is_empty(node)) {
			CHECK(ret == -ENOTEMPTY || op->may_fail,
			      "rmdir of a full directory: %d", ret);
			return;
		}
		if (failed(op, ret, "rmdir"))
			return;
		forget_dir(node);
	} else {
		/* Sometimes it stays open. */
		if (S_ISREG(node->mode) && node->nlink == 1 &&
		    !open_files[slot])
			failed(op,
			       host_lookup(op->inode, op->name, &node->held),
			       "lookup");
		ret = host_unlink(op->inode, op->name);
		if (failed(op, ret, "unlink")) {
			if (node->held)
				inode_put(node->held);
			node->held = NULL;
			return;
		}
		if (node->held)
			open_files[slot] = node;
	}
	op->dir->children[op->n] = NULL;
	node_put(node);
}

static bool is_below(const struct node *dir, const struct node *top)
{
	while (dir != top && dir != root)
		dir = dir->parent;
	return dir == top;
}

static void op_rename(struct op *op, struct node *node)
{
	struct node *to = dirs[random_below(nr_dirs)], *target;
	unsigned n = random_below(NAMES);
	struct inode *dir;
	char buf[256];
	int ret;

	target = to->children[n];
	if (target == node || (S_ISDIR(node->mode) && is_below(to, node)))
		return;
	if (target && S_ISDIR(target->mode) != S_ISDIR(node->mode))
		return;
	if (target && S_ISDIR(target->mode) && is_below(op->dir, target))
		return;
	dir = dir_inode(op->super, to);
	ret = host_rename(op->inode, op->name, dir, name_of(n, buf), 0);
	inode_put(dir);
	if (target && S_ISDIR(target->mode) && !is_empty(target)) {
		CHECK(ret == -ENOTEMPTY || op->may_fail,
		      "rename over a full directory: %d", ret);
		return;
	}
	if (failed(op, ret, "rename"))
		return;
	op->dir->children[op->n] = NULL;
	to->children[n] = node;
	if (S_ISDIR(node->mode))
		node->parent = to;
	if (target) {
		forget_dir(target);
		node_put(target);
	}
}

static void contents_write(struct op *op, struct node *node,
			   struct inode *inode)
{
	size_t pos = random_below(SIZE_MAX_);
	size_t len = 1 + random_below(random_below(3) ? 5000 : 60000);
	char *buf;
	ssize_t n;

	if (random_below(2))
		pos = node->size; /* append */
	if (pos >= SIZE_MAX_)
		return;
	len = MIN(len, SIZE_MAX_ - pos);
	buf = malloc(len);
	memset(buf, 1 + (int)random_below(255), len);
	n = host_write(inode, buf, len, (off_t)pos);
	if (!failed(op, (int)n, "write")) {
		memcpy(node->data + pos, buf, (size_t)n);
		node->size = MAX(node->size, pos + (size_t)n);
	}
	free(buf);
}

static void contents_truncate(struct op *op, struct node *node,
			      struct inode *inode)
{
	size_t size = random_below(2) ? random_below(SIZE_MAX_)
				      : random_below((unsigned)node->size + 1);

	if (failed(op, host_truncate(inode, (off_t)size), "truncate"))
		return;
	if (size < node->size)
		memset(node->data + size, 0, node->size - size);
	node->size = size;
}

static void contents_fallocate(struct op *op, struct node *node,
			       struct inode *inode)
{
	size_t pos = random_below(SIZE_MAX_ / 2);
	size_t len = 1 + random_below(SIZE_MAX_ / 2);
	bool keep = random_below(2);
	int ret;

	ret = host_fallocate(inode, keep ? FALLOC_FL_KEEP_SIZE : 0, (off_t)pos,
			     (off_t)len);
	if (ret == -EOPNOTSUPP || failed(op, ret, "fallocate"))
		return;
	if (!keep)
		node->size = MAX(node->size, pos + len);
}

static void contents_compare(struct op *op, struct node *node,
			     struct inode *inode)
{
	char *buf;
	ssize_t n;

	if (op->may_fail)
		return;
	buf = malloc(SIZE_MAX_);
	CHECK((size_t)inode_size(inode) == node->size,
	      "size of %s: expected %zu, got %lld", op->name, node->size,
	      (long long)inode_size(inode));
	n = host_read(inode, buf, SIZE_MAX_, 0);
	CHECK(n == (ssize_t)node->size, "read %s: %zd", op->name, n);
	for (ssize_t i = 0; i < n; i++)
		CHECK(buf[i] == node->data[i],
		      "byte %zd of %s: expected %02x, got %02x", i, op->name,
		      (uint8_t)node->data[i], (uint8_t)buf[i]);
	free(buf);
}

static void link_compare(struct node *node, struct inode *inode)
{
	char buf[4096];
	ssize_t n = inode->ops->readlink(inode, buf, sizeof(buf));

	CHECK(n == (ssize_t)node->size && !strcmp(buf, node->data),
	      "readlink: %zd", n);
}

/* Something with the contents of a file, or a link. */
static void op_contents(struct op *op, struct node *node)
{
	struct inode *inode;

	if (host_lookup(op->inode, op->name, &inode)) {
		CHECK(op->may_fail, "lookup %s", op->name);
		return;
	}
	CHECK(inode, "lost %s", op->name);
	if (S_ISLNK(node->mode) && !op->may_fail) {
		link_compare(node, inode);
	} else if (S_ISREG(node->mode)) {
		unsigned what = random_below(10);

		if (what < 6)
			contents_write(op, node, inode);
		else if (what < 8)
			contents_truncate(op, node, inode);
		else if (what < 9)
			contents_fallocate(op, node, inode);
		else
			contents_compare(op, node, inode);
	}
	inode_put(inode);
}

/* A file that is open without a name: use it, or close it. */
static void op_open_file(struct op *op)
{
	unsigned slot = random_below(8);
	struct node *node = open_files[slot];

	if (!node)
		return;
	strcpy(op->name, "(open file)");
	if (random_below(3)) {
		contents_write(op, node, node->held);
		return;
	}
	open_files[slot] = NULL;
	inode_put(node->held);
	node->held = NULL;
	node->nlink = 1;
	node_put(node);
}

static void op_random(struct super *super, bool may_fail)
{
	struct op op = { .super = super, .may_fail = may_fail };
	struct node *node;
	unsigned what;

	op.dir =
		dirs[random_below(random_below(2) ? MIN(nr_dirs, 2) : nr_dirs)];
	op.n = random_below(NAMES);
	name_of(op.n, op.name);
	op.inode = dir_inode(super, op.dir);
	node = op.dir->children[op.n];
	what = random_below(100);
	if (what == 0) {
		int ret = host_sync(super);

		CHECK(!ret || may_fail, "sync: %d", ret);
	} else if (what == 1)
		host_drop_caches(super);
	else if (what < 6)
		op_open_file(&op);
	else if (!node && what < 15)
		op_mkdir(&op);
	else if (!node && what < 25)
		op_symlink(&op);
	else if (!node)
		op_create(&op);
	else if (what < 25)
		op_remove(&op, node);
	else if (what < 35)
		op_rename(&op, node);
	else if (what < 40)
		op_link(&op, node);
	else
		op_contents(&op, node);
	inode_put(op.inode);
}

/* --- comparing all --- */

struct listing {
	struct dir_context ctx;
	struct node *dir;
	unsigned found, limit;
};

static bool listing_emit(struct dir_context *ctx, const char *name, size_t len,
			 off_t next, uint64_t ino, unsigned type)
{
	struct listing *listing = container_of(ctx, struct listing, ctx);
	char buf[256];

	(void)next;
	(void)ino;
	(void)type;
	if (!listing->limit--)
		return false;
	if ((len == 1 && name[0] == '.') ||
	    (len == 2 && !memcmp(name, "..", 2)) ||
	    (len == 10 && !memcmp(name, "lost+found", 10)))
		return true;
	for (unsigned i = 0; i < NAMES; i++) {
		name_of(i, buf);
		if (listing->dir->children[i] && strlen(buf) == len &&
		    !memcmp(buf, name, len)) {
			listing->found++;
			return true;
		}
	}
	CHECK(false, "a name that should not be there: %.*s", (int)len, name);
}

static void compare_listing(struct node *dir, struct inode *inode)
{
	struct listing listing = { .ctx.emit = listing_emit, .dir = dir };
	unsigned expected = 0;
	off_t before;

	do {
		before = listing.ctx.pos;
		listing.limit = 1 + random_below(50);
		CHECK(!host_readdir(inode, &listing.ctx), "readdir");
	} while (listing.ctx.pos != before);
	for (unsigned i = 0; i < NAMES; i++)
		expected += dir->children[i] != NULL;
	CHECK(listing.found == expected, "readdir: expected %u names, got %u",
	      expected, listing.found);
}

static void compare_dir(struct super *super, struct node *dir)
{
	struct op op = { .super = super, .dir = dir };
	unsigned subdirs = 0;

	op.inode = dir_inode(super, dir);
	compare_listing(dir, op.inode);
	for (op.n = 0; op.n < NAMES; op.n++) {
		struct node *node = dir->children[op.n];
		struct inode *inode;

		CHECK(!host_lookup(op.inode, name_of(op.n, op.name), &inode),
		      "lookup %s", op.name);
		CHECK(!inode == !node, "%s: expected %s", op.name,
		      node ? "something" : "nothing");
		if (!node)
			continue;
		CHECK((inode->mode & S_IFMT) == (node->mode & S_IFMT),
		      "%s: mode %o", op.name, inode->mode);
		if (S_ISREG(node->mode))
			contents_compare(&op, node, inode);
		if (S_ISLNK(node->mode))
			link_compare(node, inode);
		if (S_ISDIR(node->mode))
			subdirs++;
		else
			CHECK(inode->nlink == node->nlink,
			      "%s: links: expected %u, got %u", op.name,
			      node->nlink, inode->nlink);
		inode_put(inode);
	}
	if (dir != root)
		CHECK(op.inode->nlink == subdirs + 2, "directory links: %u",
		      op.inode->nlink);
	inode_put(op.inode);
}

static void compare_all(struct super *super)
{
	for (unsigned i = 0; i < nr_dirs; i++)
		compare_dir(super, dirs[i]);
}

/* --- programs --- */

static void run_random(struct host_disk *disk, unsigned count, bool faults,
		       bool crash)
{
	uint8_t *synced = malloc(disk->size);
	struct super *super;
	int ret;

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	root = node_new(S_IFDIR);
	dirs[nr_dirs++] = root;
	for (unsigned i = 0; i < count; i++) {
		/* Then the disk breaks, too, and changes must stop. */
		if (faults && i == count * 3 / 4)
			disk->fail_after = (long)random_below(50);
		if (faults && i % 3 == 0)
			host_fail_alloc = (long)random_below(40);
		op_random(super, faults);
		host_fail_alloc = -1;
		if (faults)
			continue;
		if (i % 5000 == 4999) {
			host_drop_caches(super);
			compare_all(super);
		}
		if (i % 20000 == 19999) {
			for (unsigned slot = 0; slot < 8; slot++) {
				struct node *node = open_files[slot];

				if (!node)
					continue;
				open_files[slot] = NULL;
				inode_put(node->held);
			}
			CHECK(!host_unmount(super), "unmount");
			CHECK(!host_mount(disk, "ext4", false, &super),
			      "mount again");
			compare_all(super);
		}
	}
	if (crash) {
		CHECK(!host_sync(super), "sync");
		memcpy(synced, disk->data, disk->size);
	}
	for (unsigned slot = 0; slot < 8; slot++) {
		if (open_files[slot])
			inode_put(open_files[slot]->held);
	}
	if (!faults)
		compare_all(super);
	ret = host_unmount(super);
	CHECK(!ret || faults, "unmount: %d", ret);
	/* As if the power had failed: files without a name go at the mount. */
	if (crash)
		memcpy(disk->data, synced, disk->size);
	free(synced);
	if (faults)
		return;
	CHECK(!host_mount(disk, "ext4", !crash, &super), "mount again");
	compare_all(super);
	host_unmount(super);
}

struct walk {
	struct dir_context ctx;
	struct inode *dir;
	unsigned depth;
	unsigned *left;
};

static void walk_dir(struct inode *dir, unsigned depth, unsigned *left);

static bool walk_emit(struct dir_context *ctx, const char *name, size_t len,
		      off_t next, uint64_t ino, unsigned type)
{
	struct walk *walk = container_of(ctx, struct walk, ctx);
	struct inode *inode;
	char buf[5000] = { 0 }, copy[256];

	(void)next;
	(void)ino;
	(void)type;
	if (!*walk->left)
		return false;
	--*walk->left;
	memcpy(copy, name, len);
	copy[len] = 0;
	if (!strcmp(copy, ".") || !strcmp(copy, ".."))
		return true;
	/* The reader holds the directory's lock; the VFS would wait. */
	walk->dir->lock.holders = 0;
	if (!host_lookup(walk->dir, copy, &inode) && inode) {
		if (S_ISREG(inode->mode)) {
			host_read(inode, buf, sizeof(buf), 0);
			host_read(inode, buf, sizeof(buf),
				  inode_size(inode) / 2);
			host_write(inode, "x", 1, inode_size(inode) / 2);
			/* The VFS keeps sizes below the limit. */
			if (inode_size(inode) < 1 << 30)
				host_write(inode, buf, sizeof(buf),
					   inode_size(inode));
			host_truncate(inode, inode_size(inode) / 3);
		} else if (S_ISLNK(inode->mode)) {
			inode->ops->readlink(inode, buf, sizeof(buf));
		} else if (S_ISDIR(inode->mode) && inode != walk->dir) {
			walk_dir(inode, walk->depth + 1, walk->left);
		}
		inode_put(inode);
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

/* Spoil something that is not just empty space. */
static void corrupt(struct host_disk *disk)
{
	static const uint8_t values[] = { 0, 1, 2, 0x7f, 0x80, 0xff, 0xf0, 4 };

	for (unsigned n = 1 + random_below(12); n; n--) {
		size_t at, tries = 0;

		do
			at = random_below((unsigned)disk->size);
		while (!disk->data[at] && tries++ < 200);
		if (!random_below(3))
			at &= ~3ul;
		disk->data[at] = random_below(2)
					 ? values[random_below(sizeof(values))]
					 : (uint8_t)random_below(256);
	}
}

static void walk_image(struct host_disk *disk)
{
	unsigned left = 500;
	struct super *super;

	if (host_mount(disk, "ext4", false, &super))
		return;
	walk_dir(super->root->inode, 0, &left);
	host_sync(super);
	host_drop_caches(super);
	left = 100;
	walk_dir(super->root->inode, 0, &left);
	host_unmount(super);
}

/* Damaged images: whatever comes of it, it must end, and without a panic. */
static void run_walk(struct host_disk *disk, unsigned count)
{
	uint8_t *copy = malloc(disk->size);

	memcpy(copy, disk->data, disk->size);
	for (unsigned i = 0; i < count; i++) {
		memcpy(disk->data, copy, disk->size);
		corrupt(disk);
		if (getenv("VERBOSE"))
			printf("round %u\n", i);
		walk_image(disk);
	}
	free(copy);
}

/* --- directories with very many names --- */

static const char *many_name(unsigned n, char *buf)
{
	sprintf(buf, "%u-%0*u", n, 1 + (int)(n * 7 % 60), n);
	return buf;
}

static void many_expect(struct inode *dir, unsigned n, bool there)
{
	struct inode *inode;
	char buf[256];

	CHECK(!host_lookup(dir, many_name(n, buf), &inode), "lookup %s", buf);
	CHECK(!inode == !there, "%s: expected %s", buf,
	      there ? "something" : "nothing");
	if (inode)
		inode_put(inode);
}

/* Hash trees of several levels: fill, look everything up, empty half. */
static void run_names(struct host_disk *disk, unsigned count)
{
	struct inode *dir, *file;
	struct super *super;
	char buf[256];

	CHECK(!host_mount(disk, "ext4", false, &super), "mount");
	CHECK(!host_mkdir(super->root->inode, "many"), "mkdir");
	CHECK(!host_lookup(super->root->inode, "many", &dir) && dir, "lookup");
	CHECK(!host_create(dir, "file", S_IFREG | 0644, &file), "create");
	for (unsigned i = 0; i < count; i++) {
		/* Links are cheaper than inodes, and limited. */
		if (i % 60000 == 59999) {
			inode_put(file);
			CHECK(!host_create(dir, "file2", S_IFREG | 0644, &file),
			      "create");
		}
		CHECK(!host_link(file, dir, many_name(i, buf)), "link %u", i);
	}
	inode_put(file);
	CHECK(!host_sync(super), "sync");
	host_drop_caches(super);
	for (unsigned i = 0; i < count; i++)
		many_expect(dir, i, true);
	for (unsigned i = 0; i < count; i += 2)
		CHECK(!host_unlink(dir, many_name(i, buf)), "unlink %u", i);
	for (unsigned i = 0; i < count; i++)
		many_expect(dir, i, i % 2);
	inode_put(dir);
	CHECK(!host_unmount(super), "unmount");
}

int main(int argc, char **argv)
{
	static struct host_disk disk; /* reachable at exit: not a leak */
	unsigned count = argc > 4 ? (unsigned)atoi(argv[4]) : 1000;

	CHECK(argc > 3,
	      "usage: check random|walk|names|crash|fault IMAGE SEED [COUNT]");
	CHECK(!host_disk_open(&disk, argv[2]), "cannot open %s", argv[2]);
	random_state = strtoull(argv[3], NULL, 0);
	host_verbose = !!getenv("VERBOSE");
	ext4_init();
	if (!strcmp(argv[1], "random"))
		run_random(&disk, count, false, false);
	else if (!strcmp(argv[1], "crash"))
		run_random(&disk, count, false, true);
	else if (!strcmp(argv[1], "fault"))
		run_random(&disk, count, true, false);
	else if (!strcmp(argv[1], "names"))
		run_names(&disk, count);
	else
		run_walk(&disk, count);
	CHECK(!host_disk_save(&disk, argv[2]), "cannot save");
	return 0;
}
