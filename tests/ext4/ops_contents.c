// SPDX-License-Identifier: MIT
/* Operations on contents. */
#include <string.h>

#include <linux/falloc.h>
#include <sys/stat.h>

#include <lib/errno.h>

#include "ops.h"
#include "record.h"

static size_t random_size(size_t below)
{
	size_t size = random_below((unsigned)below);

	return size - size % model.align;
}

static void contents_write(struct op *op, struct node *node,
			   struct inode *inode)
{
	size_t pos = random_size(model.size_max);
	size_t len = random_size(random_below(3) ? 5000 : 60000) + model.align;
	char *buf;
	ssize_t n;

	if (random_below(2))
		pos = node->size; /* append */
	if (pos >= model.size_max)
		return;
	len = MIN(len, model.size_max - pos);
	record_size(node, MAX(node->size, pos + len));
	buf = malloc(len);
	pattern_fill(node, buf, pos, len);
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
	size_t size = random_below(2) ? random_size(model.size_max)
				      : random_size(node->size + 1);

	record_size(node, size);
	if (failed(op, host_truncate(inode, (off_t)size), "truncate"))
		return;
	if (size < node->size)
		memset(node->data + size, 0, node->size - size);
	node->size = size;
}

static void contents_fallocate(struct op *op, struct node *node,
			       struct inode *inode)
{
	size_t pos = random_size(model.size_max / 2);
	size_t len = random_size(model.size_max / 2) + model.align;
	bool keep = random_below(2);
	int ret;

	record_size(node, keep ? node->size : MAX(node->size, pos + len));
	ret = host_fallocate(inode, keep ? FALLOC_FL_KEEP_SIZE : 0, (off_t)pos,
			     (off_t)len);
	if (ret == -EOPNOTSUPP || failed(op, ret, "fallocate"))
		return;
	if (!keep)
		node->size = MAX(node->size, pos + len);
}

void contents_compare(struct op *op, struct node *node, struct inode *inode)
{
	char *buf;
	ssize_t n;

	if (op->may_fail)
		return;
	buf = malloc(model.size_max);
	CHECK((size_t)inode_size(inode) == node->size,
	      "size of %s: expected %zu, got %lld", op->name, node->size,
	      (long long)inode_size(inode));
	n = host_read(inode, buf, model.size_max, 0);
	CHECK(n == (ssize_t)node->size, "read %s: %zd", op->name, n);
	for (ssize_t i = 0; i < n; i++)
		CHECK(buf[i] == node->data[i],
		      "byte %zd of %s: expected %02x, got %02x", i, op->name,
		      (uint8_t)node->data[i], (uint8_t)buf[i]);
	free(buf);
}

void link_compare(struct node *node, struct inode *inode)
{
	char buf[4096];
	ssize_t n = inode->ops->readlink(inode, buf, sizeof(buf));

	CHECK(n == (ssize_t)node->size && !strcmp(buf, node->data),
	      "readlink: %zd", n);
}

static void contents_random(struct op *op, struct node *node,
			    struct inode *inode)
{
	unsigned what = random_below(10);

	if (node->in_use)
		return;
	node->in_use = true;
	if (what < 6)
		contents_write(op, node, inode);
	else if (what < 8)
		contents_truncate(op, node, inode);
	else if (what < 9)
		contents_fallocate(op, node, inode);
	else
		contents_compare(op, node, inode);
	node->in_use = false;
}

void op_contents(struct op *op, struct node *node)
{
	struct inode *inode;

	if (host_lookup(op->inode, op->name, &inode)) {
		CHECK(op->may_fail, "lookup %s", op->name);
		return;
	}
	CHECK(inode, "lost %s", op->name);
	if (S_ISLNK(node->mode) && !op->may_fail)
		link_compare(node, inode);
	else if (S_ISREG(node->mode))
		contents_random(op, node, inode);
	inode_put(inode);
}

void op_open_file(struct op *op)
{
	unsigned slot = random_below(8);
	struct node *node = open_files[slot];
	struct inode *inode;

	if (!node || node->in_use)
		return;
	strcpy(op->name, "(open file)");
	if (random_below(3)) {
		contents_random(op, node, node->held);
		return;
	}
	open_files[slot] = NULL;
	inode = node->held;
	node->held = NULL;
	node->nlink = 1;
	node_put(node);
	inode_put(inode);
}
