// SPDX-License-Identifier: MIT
/*
 * User memory: range checks in front of the loops of arch/uaccess.S.
 *
 * The check is what keeps a user from naming kernel memory; that the memory is
 * there the loops find out by touching it.
 */
#include <mm/usercopy.h>

#include <lib/errno.h>

#include <arch/layout.h>
#include <arch/uaccess.h>

bool user_range_ok(const void __user *addr, size_t n)
{
	uintptr_t start = (__force uintptr_t)addr;

	return n <= USER_TOP && start <= USER_TOP - n;
}

int copy_from_user(void *dst, const void __user *src, size_t n)
{
	if (unlikely(!user_range_ok(src, n)))
		return -EFAULT;
	return uaccess_copy_in(dst, src, n) ? -EFAULT : 0;
}

int copy_to_user(void __user *dst, const void *src, size_t n)
{
	if (unlikely(!user_range_ok(dst, n)))
		return -EFAULT;
	return uaccess_copy_out(dst, src, n) ? -EFAULT : 0;
}

int clear_user(void __user *dst, size_t n)
{
	if (unlikely(!user_range_ok(dst, n)))
		return -EFAULT;
	return uaccess_clear(dst, n) ? -EFAULT : 0;
}

ssize_t copy_string_from_user(char *dst, const char __user *src, size_t n)
{
	uintptr_t start = (__force uintptr_t)src;
	size_t limit = n;
	ssize_t len;

	if (start >= USER_TOP)
		return -EFAULT;
	if (limit > USER_TOP - start)
		limit = USER_TOP - start;
	len = uaccess_copy_string(dst, src, limit);
	if (len < 0 || (size_t)len < limit)
		return len;
	/* No NUL: the buffer is too short, or user memory ends here. */
	return limit < n ? -EFAULT : -ENAMETOOLONG;
}
