// SPDX-License-Identifier: MIT
/* See model.h. */
#include "model.h"

#include <limits.h>
#include <string.h>

#include <sys/stat.h>

struct model model = {
	.names = 400,
	.size_max = 300 * 1024,
	.align = 1,
};
struct node_list all_nodes = STAILQ_HEAD_INITIALIZER(all_nodes);
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
	static uint32_t last_id;
	struct node *node = calloc(1, sizeof(*node));

	node->id = ++last_id;
	node->mode = mode;
	node->nlink = 1;
	if (S_ISREG(mode))
		node->data = calloc(1, model.size_max);
	if (S_ISDIR(mode)) {
		node->children = calloc(model.names, sizeof(*node->children));
		node->claimed = calloc(model.names, sizeof(*node->claimed));
	}
	if (model.threads)
		STAILQ_INSERT_TAIL(&all_nodes, node, link);
	return node;
}

void node_put(struct node *node)
{
	if (--node->nlink || node->held || model.threads)
		return;
	free(node->data);
	free(node->claimed);
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

	if (dir->held)
		return inode_get(dir->held);
	if (dir == root)
		return inode_get(super->root->inode);
	host_fail_alloc = -1;
	up = dir_inode(super, dir->parent);
	for (n = 0; n < model.names && dir->parent->children[n] != dir; n++)
		;
	CHECK(!host_lookup(up, name_of(n, buf), &inode) && inode,
	      "directory %s not found", buf);
	inode_put(up);
	host_fail_alloc = fail_alloc;
	return inode;
}

bool is_empty(const struct node *dir)
{
	for (unsigned i = 0; i < model.names; i++) {
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

bool name_claim(struct node *dir, unsigned n)
{
	if (dir->nr_claimed == UINT_MAX || dir->claimed[n])
		return false;
	dir->claimed[n] = true;
	dir->nr_claimed++;
	return true;
}

void name_release(struct node *dir, unsigned n)
{
	dir->claimed[n] = false;
	dir->nr_claimed--;
}

bool dir_claim(struct node *dir)
{
	if (dir->nr_claimed)
		return false;
	dir->nr_claimed = UINT_MAX;
	return true;
}

void dir_release(struct node *dir)
{
	dir->nr_claimed = 0;
}
