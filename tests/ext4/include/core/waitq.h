// SPDX-License-Identifier: MIT
/*
 * Stands for kernel/core/waitq.h on the host: who sleeps looks for itself
 * whether it is time to wake up.
 */
#pragma once

#include <stdlib.h>

#include <sys/queue.h>

#include <core/lock.h>
#include <core/thread.h>

struct waitq {
	int unused;
};

#define WAITQ_INIT(q)                                                          \
	{                                                                      \
		.unused = 0                                                    \
	}

static inline void waitq_init(struct waitq *wq)
{
	wq->unused = 0;
}

static inline void waitq_wake_all(struct waitq *wq)
{
	(void)wq;
	host_wake();
}

#define waitq_wait(wq, cond)                                                   \
	do {                                                                   \
		(void)(wq);                                                    \
		while (!(cond))                                                \
			host_sleep();                                          \
	} while (0)
