// SPDX-License-Identifier: MIT
/* Path names that come from a user. */
#pragma once

#include <lib/types.h>

#define PATH_ARG_INLINE 128

struct path;

/* A copy: short ones on the stack, long ones in memory of their own. */
struct path_arg {
	const char *name;
	char *allocated; /* NULL: buf is used */
	char buf[PATH_ARG_INLINE];
};

/*
 * 0, -EFAULT, -ENAMETOOLONG (PATH_MAX with its NUL) or -ENOMEM; only after 0
 * is path_arg_put() due.  Context: thread; may sleep.
 */
int path_arg_get(struct path_arg *arg, unsigned long user_name);
/* Free the copy; arg->name is of no use any more. */
void path_arg_put(struct path_arg *arg);

/* The two of link(2), symlink(2) and rename(2), in their order; the same. */
struct path_arg_pair {
	struct path_arg old, new;
};
int path_arg_pair_get(struct path_arg_pair *pair, unsigned long user_old,
		      unsigned long user_new);
void path_arg_pair_put(struct path_arg_pair *pair);

/*
 * path_lookup() of a user's name: 0 and an owned path, or what the copy or the
 * look-up said.  Context: thread; may sleep.
 */
int path_arg_lookup(int dirfd, unsigned long user_name, unsigned flags,
		    struct path *result);
