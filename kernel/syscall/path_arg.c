// SPDX-License-Identifier: MIT
/* Path names that come from a user: see the header. */
#include "path_arg.h"

#include <linux/limits.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <fs/file.h>
#include <mm/usercopy.h>

static int path_arg_get_long(struct path_arg *arg, const char __user *user)
{
	ssize_t len;

	arg->allocated = kmalloc(PATH_MAX);
	if (!arg->allocated)
		return -ENOMEM;
	len = copy_string_from_user(arg->allocated, user, PATH_MAX);
	if (len < 0) {
		kfree(arg->allocated);
		return (int)len;
	}
	arg->name = arg->allocated;
	return 0;
}

int path_arg_get(struct path_arg *arg, unsigned long user_name)
{
	const char __user *user = (const char __user *)user_name;
	ssize_t len = copy_string_from_user(arg->buf, user, sizeof(arg->buf));

	arg->name = arg->buf;
	arg->allocated = NULL;
	if (likely(len >= 0))
		return 0;
	return len == -ENAMETOOLONG ? path_arg_get_long(arg, user) : (int)len;
}

void path_arg_put(struct path_arg *arg)
{
	if (unlikely(arg->allocated))
		kfree(arg->allocated);
}

int path_arg_pair_get(struct path_arg_pair *pair, unsigned long user_old,
		      unsigned long user_new)
{
	int ret = path_arg_get(&pair->old, user_old);

	if (ret)
		return ret;
	ret = path_arg_get(&pair->new, user_new);
	if (ret)
		path_arg_put(&pair->old);
	return ret;
}

void path_arg_pair_put(struct path_arg_pair *pair)
{
	path_arg_put(&pair->new);
	path_arg_put(&pair->old);
}

int path_arg_lookup(int dirfd, unsigned long user_name, unsigned flags,
		    struct path *result)
{
	struct path_arg name;
	int ret = path_arg_get(&name, user_name);

	if (ret)
		return ret;
	ret = path_lookup(dirfd, name.name, flags, result);
	path_arg_put(&name);
	return ret;
}
