// SPDX-License-Identifier: MIT
/* Work queues: run a function later in a thread, where it may sleep. */
#pragma once

#include <sys/queue.h>

#include <lib/types.h>

#include <core/time.h>

struct work;
typedef void work_fn(struct work *work);

struct work {
	STAILQ_ENTRY(work) link; /* [queue lock] */
	work_fn *fn;             /* [I] thread context, may sleep */
	bool queued;             /* [queue lock] */
};

struct delayed_work {
	struct work work;
	struct timer timer;
};

void work_init(struct work *work, work_fn *fn);
/* Queue on the system queue; false if it is queued already.  Any context. */
bool work_queue(struct work *work);
/* Wait until a queued or running work has finished.  Thread, may sleep. */
void work_flush(struct work *work);
void delayed_work_init(struct delayed_work *work, work_fn *fn);
void delayed_work_queue(struct delayed_work *work, uint64_t delay_ns);
void work_queue_init(void); /* needs threads */
