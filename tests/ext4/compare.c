// SPDX-License-Identifier: MIT
/* The whole tree against the model. */
#include <string.h>

#include <sys/stat.h>

#include <core/panic.h>

#include "ops.h"

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
	for (unsigned i = 0; i < model.names; i++) {
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
	for (unsigned i = 0; i < model.names; i++)
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
	for (op.n = 0; op.n < model.names; op.n++) {
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

void compare_all(struct super *super)
{
	for (unsigned i = 0; i < nr_dirs; i++)
		compare_dir(super, dirs[i]);
}
