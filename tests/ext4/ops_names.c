// SPDX-License-Identifier: MIT
/* Operations on names. */
#include <string.h>

#include <sys/stat.h>

#include <lib/errno.h>

#include "ops.h"

bool failed(const struct op *op, int ret, const char *what)
{
	if (ret == -ENOSPC || (op->may_fail && ret < 0))
		return true;
	CHECK(ret >= 0, "%s %s: %d", what, op->name, ret);
	return false;
}

void op_create(struct op *op)
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

void op_mkdir(struct op *op)
{
	struct node *node;

	if (nr_dirs == NR_NODES ||
	    failed(op, host_mkdir(op->inode, op->name), "mkdir"))
		return;
	node = op->dir->children[op->n] = node_new(S_IFDIR);
	node->parent = op->dir;
	dirs[nr_dirs++] = node;
}

void op_symlink(struct op *op)
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

void op_link(struct op *op, struct node *node)
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

void op_remove(struct op *op, struct node *node)
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

void op_rename(struct op *op, struct node *node)
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
