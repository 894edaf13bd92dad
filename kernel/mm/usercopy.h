// SPDX-License-Identifier: MIT
/*
 * The way into and out of user memory.  Each returns 0 or -EFAULT (ssize_t
 * ones: see there), checks the range first, may fault pages in and so may sleep.
 * Context: thread of a user process, no spinlock, no page lock held.
 */
#pragma once

#include <lib/types.h>

__must_check int copy_from_user(void *dst, const void __user *src, size_t n);
__must_check int copy_to_user(void __user *dst, const void *src, size_t n);
__must_check int clear_user(void __user *dst, size_t n);
/* Length without the NUL, -EFAULT, or -ENAMETOOLONG when no NUL within n bytes. */
__must_check ssize_t copy_string_from_user(char *dst, const char __user *src,
					   size_t n);
/* True if [addr, addr + n) lies in the user half at all. */
bool user_range_ok(const void __user *addr, size_t n);

/* One scalar. */
#define get_user(var, ptr) copy_from_user(&(var), (ptr), sizeof(var))
#define put_user(val, ptr)                                                     \
	({                                                                     \
		__typeof__(*(ptr)) val_ = (val);                               \
		copy_to_user((ptr), &val_, sizeof(val_));                      \
	})
