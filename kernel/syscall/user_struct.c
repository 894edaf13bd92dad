// SPDX-License-Identifier: MIT
/* Structures of the ABI that grow: see the header. */
#include "user_struct.h"

#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <mm/usercopy.h>

int copy_struct_from_user(void *dst, size_t size, unsigned long user,
			  size_t user_size, size_t min_size)
{
	const char __user *from = (const char __user *)user;
	char rest;

	if (user_size < min_size)
		return -EINVAL;
	if (user_size > PAGE_SIZE)
		return -E2BIG;
	memset(dst, 0, size);
	if (copy_from_user(dst, from, MIN(size, user_size)))
		return -EFAULT;
	for (size_t i = size; i < user_size; i++) {
		if (copy_from_user(&rest, from + i, 1))
			return -EFAULT;
		if (rest)
			return -E2BIG;
	}
	return 0;
}
