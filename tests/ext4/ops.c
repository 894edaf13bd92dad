// SPDX-License-Identifier: MIT
/* Which operation comes next. */
#include "ops.h"

/* The name is claimed, and there is nothing. */
static void op_make(struct op *op)
{
	unsigned what = random_below(40);

	if (what < 4)
		op_mkdir(op);
	else if (what < 8)
		op_symlink(op);
	else
		op_create(op);
}

/* The name is claimed, and is the node's. */
static void op_use(struct op *op, struct node *node)
{
	unsigned what = random_below(94);

	if (what < 19)
		op_remove(op, node);
	else if (what < 29)
		op_rename(op, node);
	else if (what < 34)
		op_link(op, node);
	else
		op_contents(op, node);
}

void op_change(struct super *super, bool may_fail)
{
	struct op op = { .super = super, .may_fail = may_fail };
	struct node *node;

	if (random_below(24) == 0) {
		op_open_file(&op);
		return;
	}
	op.dir =
		dirs[random_below(random_below(2) ? MIN(nr_dirs, 2) : nr_dirs)];
	op.n = random_below(model.names);
	name_of(op.n, op.name);
	if (!name_claim(op.dir, op.n))
		return;
	op.inode = dir_inode(super, op.dir);
	node = op.dir->children[op.n];
	if (node)
		op_use(&op, node);
	else
		op_make(&op);
	inode_put(op.inode);
	name_release(op.dir, op.n);
}

void op_random(struct super *super, bool may_fail)
{
	unsigned what = random_below(100);
	int ret;

	if (what == 0) {
		ret = super_sync(super, true);
		CHECK(!ret || may_fail, "sync: %d", ret);
	} else if (what == 1) {
		host_drop_caches(super);
	} else {
		op_change(super, may_fail);
	}
}
