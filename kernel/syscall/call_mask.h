// SPDX-License-Identifier: MIT
/* The signal mask that ppoll(2), pselect6(2) and epoll_pwait(2) bring along. */
#pragma once

#include <lib/types.h>

/* Use the mask at user_mask (0: none) for the call.  0, -EINVAL or -EFAULT. */
int call_mask_begin(unsigned long user_mask, size_t size);
/* The call ends with ret; a signal that ended it is delivered under the mask. */
void call_mask_end(unsigned long user_mask, long ret);
