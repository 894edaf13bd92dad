// SPDX-License-Identifier: MIT
/* Arrays of buffers that come from a user: see the header. */
#include "iovec.h"

#include <lib/errno.h>

#include <core/alloc.h>
#include <mm/usercopy.h>

/* Check all segments, cut the sum; total bytes or -errno. */
static ssize_t check_segments(struct iovec *vec, size_t nr)
{
	size_t total = 0;

	for (size_t i = 0; i < nr; i++) {
		if ((ssize_t)vec[i].iov_len < 0)
			return -EINVAL;
		if (!user_range_ok((void __user *)vec[i].iov_base,
				   vec[i].iov_len))
			return -EFAULT;
		vec[i].iov_len = MIN(vec[i].iov_len, RW_MAX - total);
		total += vec[i].iov_len;
	}
	return (ssize_t)total;
}

int iovec_arg_get(struct iovec_arg *arg, unsigned long user_vec,
		  unsigned long nr)
{
	struct iovec *vec = arg->vec;
	ssize_t total;

	arg->allocated = NULL;
	if (nr > UIO_MAXIOV)
		return -EINVAL;
	if (nr > IOVEC_INLINE) {
		vec = kmalloc(nr * sizeof(*vec));
		if (!vec)
			return -ENOMEM;
		arg->allocated = vec;
	}
	total = -EFAULT;
	if (!copy_from_user(vec, (const void __user *)user_vec,
			    nr * sizeof(*vec)))
		total = check_segments(vec, nr);
	if (total < 0) {
		kfree(arg->allocated);
		return (int)total;
	}
	iov_iter_vec(&arg->iter, vec, nr, (size_t)total);
	return 0;
}

void iovec_arg_put(struct iovec_arg *arg)
{
	kfree(arg->allocated);
}
