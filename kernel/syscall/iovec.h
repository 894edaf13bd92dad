// SPDX-License-Identifier: MIT
/* Arrays of buffers (struct iovec) that come from a user. */
#pragma once

#include <linux/uio.h>

#include <lib/types.h>

#include <mm/iov_iter.h>

#define IOVEC_INLINE 8
#define RW_MAX       0x7ffff000ul /* bytes that one read or write moves */

/* The copied array; iter points into it. */
struct iovec_arg {
	struct iov_iter iter;
	struct iovec *allocated; /* NULL: vec is used */
	struct iovec vec[IOVEC_INLINE];
};

/*
 * 0, -EFAULT, -EINVAL (too many or too long) or -ENOMEM; only after 0 is
 * iovec_arg_put() due.  More than RW_MAX bytes are cut.
 */
int iovec_arg_get(struct iovec_arg *arg, unsigned long user_vec,
		  unsigned long nr);
/* Free the copy; arg->iter is of no use any more. */
void iovec_arg_put(struct iovec_arg *arg);
