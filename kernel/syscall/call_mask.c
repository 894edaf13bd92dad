// SPDX-License-Identifier: MIT
/* Signal masks for the time of a call: see the header. */
#include "call_mask.h"

#include <lib/errno.h>

#include <mm/usercopy.h>
#include <proc/signal.h>

int call_mask_begin(unsigned long user_mask, size_t size)
{
	uint64_t mask;

	if (!user_mask)
		return 0;
	if (size != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, (void __user *)user_mask, sizeof(mask)))
		return -EFAULT;
	signal_set_blocked_temporarily(mask);
	return 0;
}

void call_mask_end(unsigned long user_mask, long ret)
{
	if (user_mask && ret != -EINTR)
		signal_restore_blocked();
}
