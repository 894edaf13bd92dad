// SPDX-License-Identifier: MIT
/*
 * Extended attributes, xattr(7): no file system here has any yet, which is a
 * regular answer that programs know how to take.
 */
#include <syscall/handlers.h>

#include <lib/errno.h>

/* getxattr, setxattr, listxattr, removexattr, with their l and f kin. */
long sys_xattr_unsupported(const struct syscall_args *args)
{
	(void)args;
	return -EOPNOTSUPP;
}
