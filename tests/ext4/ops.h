// SPDX-License-Identifier: MIT
/* Operations on the file system and the model at once. */
#pragma once

#include "model.h"

struct op {
	struct super *super;
	struct node *dir;
	struct inode *inode; /* of dir */
	unsigned n;          /* name */
	char name[256];
	bool may_fail; /* memory or disk may fail */
};

/* Did it fail in a way that is allowed?  Ends the program if in another. */
bool failed(const struct op *op, int ret, const char *what);

/* Make what the name stands for; op->n is free. */
void op_create(struct op *op);
void op_mkdir(struct op *op);
void op_symlink(struct op *op);
/* Another name, in the same or another directory. */
void op_link(struct op *op, struct node *node);
void op_remove(struct op *op, struct node *node);
void op_rename(struct op *op, struct node *node);

/* Something with the contents of a file, or a link. */
void op_contents(struct op *op, struct node *node);
/* A file that is open without a name: use it, or close it. */
void op_open_file(struct op *op);
/* Ends the program if the file, or link, is not what the model says. */
void contents_compare(struct op *op, struct node *node, struct inode *inode);
void link_compare(struct node *node, struct inode *inode);

/* Any of these. */
void op_change(struct super *super, bool may_fail);
/* Now and then a sync, or less in memory. */
void op_random(struct super *super, bool may_fail);

/* Ends the program if anything is not as the model has it. */
void compare_all(struct super *super);
