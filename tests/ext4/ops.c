// SPDX-License-Identifier: MIT
/* Which operation comes next. */
#include "ops.h"

void op_random(struct super *super, bool may_fail)
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
		int ret = super_sync(super, true);

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
