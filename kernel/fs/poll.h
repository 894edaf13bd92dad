// SPDX-License-Identifier: MIT
/* Waiting for several files at once: what poll(2) and select(2) share. */
#pragma once

#include <lib/types.h>

#include <core/waitq.h>
#include <fs/file.h>

#define POLL_INLINE 6

/* One queue that the set waits in. */
struct poll_entry {
	struct waiter waiter;
	struct waitq *wq;
	struct poll_set *set;
	struct file *file; /* kept open until poll_set_end() */
	unsigned events;   /* that count */
};

struct poll_chunk;

/*
 * On the stack of the waiter: poll_set_init(), then files are asked through
 * file_poll(file, &set.table) and poll_set_wait() sleeps, in turns, until
 * poll_set_end().
 */
struct poll_set {
	struct poll_table table;
	struct thread *thread;
	atomic_t triggered;        /* [a] something happened since */
	int error;                 /* -ENOMEM: not all queues could be joined */
	unsigned nr;               /* entries in use in the newest chunk */
	struct poll_chunk *chunks; /* newest first */
	struct poll_entry first[POLL_INLINE];
	unsigned nr_first;
};

/*
 * An empty set of the calling thread; its table takes files until
 * poll_set_end().  Whoever asks a file sets table.events before.
 */
void poll_set_init(struct poll_set *set);
/* Leave all queues and let go of the files.  By the same thread; may sleep. */
void poll_set_end(struct poll_set *set);
/* Sleep until a file calls or *left_ns is over: 0, -EINTR, -ETIMEDOUT. */
int poll_set_wait(struct poll_set *set, int64_t *left_ns);
