// SPDX-License-Identifier: MIT
/* Operations on names. */
#include <string.h>

#include <sys/stat.h>

#include <lib/errno.h>

#include "ops.h"
#include "record.h"

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
	struct node *node;

	record_names(op->dir);
	if (failed(op, host_create(op->inode, op->name, kind | 0644, &inode),
		   "create"))
		return;
	node = op->dir->children[op->n] = node_new(kind);
	node->ino = inode->ino;
	inode_put(inode);
}

void op_mkdir(struct op *op)
{
	struct inode *inode;
	struct node *node;

	if (nr_dirs == NR_NODES)
		return;
	record_names(op->dir);
	if (failed(op, host_create(op->inode, op->name, S_IFDIR | 0755, &inode),
		   "mkdir"))
		return;
	node = op->dir->children[op->n] = node_new(S_IFDIR);
	record_names(node);
	node->parent = op->dir;
	node->ino = inode->ino;
	dirs[nr_dirs++] = node;
	if (model.threads)
		node->held = inode;
	else
		inode_put(inode);
}

void op_symlink(struct op *op)
{
	size_t len = 1 + random_below(random_below(2) ? 70 : 900);
	char *target = malloc(len + 1);
	struct node *node;

	record_names(op->dir);
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

static void link_to(struct op *op, struct node *node, struct node *to,
		    unsigned n)
{
	struct inode *dir, *inode;
	char buf[256];

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

void op_link(struct op *op, struct node *node)
{
	struct node *to = dirs[random_below(nr_dirs)];
	unsigned n = random_below(model.names);

	if (S_ISDIR(node->mode) || to->children[n] || !name_claim(to, n))
		return;
	record_names(to);
	link_to(op, node, to, n);
	name_release(to, n);
}

/* A directory has lost its name. */
static void dir_gone(struct node *dir)
{
	forget_dir(dir);
	if (dir->held)
		inode_put(dir->held);
	dir->held = NULL;
}

static void remove_dir(struct op *op, struct node *node)
{
	struct inode *inode = NULL;
	int ret;

	if (!dir_claim(node))
		return;
	ret = host_remove(op->inode, op->name, true, &inode);
	if (!is_empty(node)) {
		CHECK(ret == -ENOTEMPTY || op->may_fail,
		      "rmdir of a full directory: %d", ret);
		dir_release(node);
	} else if (failed(op, ret, "rmdir")) {
		dir_release(node);
	} else {
		op->dir->children[op->n] = NULL;
		dir_gone(node);
		node_put(node);
	}
	if (inode)
		inode_put(inode);
}

static void remove_file(struct op *op, struct node *node)
{
	unsigned slot = random_below(8);
	struct inode *inode = NULL;
	int ret = host_remove(op->inode, op->name, false, &inode);

	if (!failed(op, ret, "unlink")) {
		op->dir->children[op->n] = NULL;
		/* Sometimes it stays open. */
		if (S_ISREG(node->mode) && node->nlink == 1 &&
		    !open_files[slot]) {
			open_files[slot] = node;
			node->held = inode;
			inode = NULL;
		}
		node_put(node);
	}
	if (inode)
		inode_put(inode);
}

void op_remove(struct op *op, struct node *node)
{
	record_names(op->dir);
	if (S_ISDIR(node->mode))
		remove_dir(op, node);
	else
		remove_file(op, node);
}

/* The new name, and what it means so far, are claimed. */
static void rename_to(struct op *op, struct node *node, struct node *to,
		      unsigned n)
{
	struct node *target = to->children[n];
	struct inode *dir = dir_inode(op->super, to), *replaced;
	char buf[256];
	int ret;

	record_names(op->dir);
	record_names(to);
	if (S_ISDIR(node->mode))
		record_names(node);
	ret = host_move(op->inode, op->name, dir, name_of(n, buf), 0,
			&replaced);
	if (target && S_ISDIR(target->mode) && !is_empty(target)) {
		CHECK(ret == -ENOTEMPTY || op->may_fail,
		      "rename over a full directory: %d", ret);
	} else if (!failed(op, ret, "rename")) {
		op->dir->children[op->n] = NULL;
		to->children[n] = node;
		if (S_ISDIR(node->mode))
			node->parent = to;
		if (target && S_ISDIR(target->mode))
			dir_gone(target);
		if (target)
			node_put(target);
	}
	inode_put(dir);
	if (replaced)
		inode_put(replaced);
}

/* May the name become n in the directory? */
static bool rename_is_possible(const struct op *op, const struct node *node,
			       const struct node *to, const struct node *target)
{
	if (target == node || (S_ISDIR(node->mode) && is_below(to, node)))
		return false;
	if (!target)
		return true;
	return S_ISDIR(target->mode) == S_ISDIR(node->mode) &&
	       !(S_ISDIR(target->mode) && is_below(op->dir, target));
}

void op_rename(struct op *op, struct node *node)
{
	static bool moving_dir; /* one at a time, so that no circle is made */
	struct node *to = dirs[random_below(nr_dirs)], *target;
	unsigned n = random_below(model.names);
	bool is_dir = S_ISDIR(node->mode), over_dir;

	target = to->children[n];
	if (!rename_is_possible(op, node, to, target) ||
	    (is_dir && moving_dir) || !name_claim(to, n))
		return;
	moving_dir |= is_dir;
	over_dir = target && S_ISDIR(target->mode);
	if (!over_dir || dir_claim(target)) {
		rename_to(op, node, to, n);
		if (over_dir && to->children[n] == target)
			dir_release(target);
	}
	moving_dir &= !is_dir;
	name_release(to, n);
}
