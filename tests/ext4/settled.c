// SPDX-License-Identifier: MIT
/* See settled.h. */
#include "settled.h"

#include <sys/stat.h>

#include "ops.h"
#include "record.h"

static void compare_dir(struct node *dir, struct inode *inode);

static void compare_file(const struct node *node, const char *name,
			 struct inode *inode)
{
	size_t size = (size_t)inode_size(inode);
	char message[256], *data;

	CHECK(size == node->synced.size, "%s: size %zu, expected %zu", name,
	      size, node->synced.size);
	data = malloc(size + 1);
	CHECK(host_read(inode, data, size, 0) == (ssize_t)size, "read %s",
	      name);
	CHECK(record_allows(node, data, size, false, message), "%s: %s", name,
	      message);
	free(data);
}

static void compare_child(struct node *node, const char *name,
			  struct inode *inode)
{
	CHECK((inode->mode & S_IFMT) == (node->mode & S_IFMT), "%s: mode %o",
	      name, inode->mode);
	if (S_ISLNK(node->mode))
		link_compare(node, inode);
	if (node->synced.changed)
		return;
	if (S_ISREG(node->mode))
		compare_file(node, name, inode);
	if (S_ISDIR(node->mode))
		compare_dir(node, inode);
}

/* A directory that nobody has changed. */
static void compare_dir(struct node *dir, struct inode *inode)
{
	for (unsigned n = 0; n < model.names; n++) {
		struct node *node = dir->children[n];
		struct inode *child;
		char name[256];

		if (!node)
			continue;
		CHECK(!host_lookup(inode, name_of(n, name), &child) && child,
		      "directory %u: lost %s", dir->id, name);
		compare_child(node, name, child);
		inode_put(child);
	}
}

void settled_compare(struct super *super)
{
	compare_dir(root, super->root->inode);
}
