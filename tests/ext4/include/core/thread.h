// SPDX-License-Identifier: MIT
/*
 * Stands for kernel/core/thread.h on the host, where threads are fibers
 * (host/fibers.c): they take turns, and only where the kernel may sleep.
 */
#pragma once

#include <lib/atomic.h>
#include <lib/types.h>

struct thread {
	void *fs_transaction;
};

extern struct thread *host_thread;

static inline struct thread *current_thread(void)
{
	return host_thread;
}

/*
 * Let others go on; called again and again until what is waited for has come.
 * Panics when nothing can come any more.
 */
void host_sleep(void);
/* Something was done that others may wait for. */
void host_wake(void);
/* The caller may sleep here: by chance others go first. */
void host_may_sleep(void);
