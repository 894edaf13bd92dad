// SPDX-License-Identifier: MIT
/* Stands for kernel/core/thread.h on the host: one thread, which never sleeps. */
#pragma once

#include <sys/queue.h>

#include <lib/atomic.h>
#include <lib/types.h>

#define THREAD_KILLED (1u << 2)

enum thread_state {
	THREAD_RUNNABLE,
	THREAD_INTERRUPTIBLE,
	THREAD_KILLABLE,
	THREAD_UNINTERRUPTIBLE
};

struct thread {
	struct hart *hart;
	atomic_t flags;
};

struct thread *current_thread(void);
