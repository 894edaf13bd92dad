// SPDX-License-Identifier: MIT
/* Stands for kernel/core/thread.h on the host: one thread, which never sleeps. */
#pragma once

#include <lib/atomic.h>
#include <lib/types.h>

struct thread {
	void *fs_transaction;
};

extern struct thread host_thread;

static inline struct thread *current_thread(void)
{
	return &host_thread;
}
