// SPDX-License-Identifier: MIT
/* See model.h. */
#include "model.h"

#include <string.h>

#include <sys/stat.h>

struct node *root;
struct node *dirs[NR_NODES];
unsigned nr_dirs;
struct node *open_files[8];
uint64_t random_state;

unsigned random_below(unsigned n)
{
	random_state =
		random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((random_state >> 33) % n);
}

struct node *node_new(uint32_t mode)
{
	struct node *node = calloc(1, sizeof(*node));

	node->mode = mode;
	node->nlink = 1;
	if (S_ISDIR(mode))
		node->children = calloc(NAMES, sizeof(*node->children));
	return node;
}

void node_put(struct node *node)
{
	if (--node->nlink || node->held)
		return;
	free(node->data);
	free(node->children);
	free(node);
}

void forget_dir(struct node *dir)
{
	for (unsigned i = 0; i < nr_dirs; i++) {
		if (dirs[i] == dir)
			dirs[i] = dirs[--nr_dirs];
	}
}

const char *name_of(unsigned n, char *buf)
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

struct inode *dir_inode(struct super *super, struct node *dir)
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
bool is_empty(const struct node *dir)
{
	for (unsigned i = 0; i < NAMES; i++) {
		if (dir->children[i])
			return false;
	}
	return true;
}

bool is_below(const struct node *dir, const struct node *top)
{
	while (dir != top && dir != root)
		dir = dir->parent;
	return dir == top;
}
