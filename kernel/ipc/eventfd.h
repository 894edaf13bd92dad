// SPDX-License-Identifier: MIT
/* Event counters as files: eventfd(2). */
#pragma once

#include <lib/types.h>

struct file;

/* flags: O_NONBLOCK or 0.  0, -ENOMEM. */
int eventfd_create(uint64_t initial, bool is_semaphore, unsigned flags,
		   struct file **result);
