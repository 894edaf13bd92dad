// SPDX-License-Identifier: MIT
/* What pipe.c and fifo.c share. */
#pragma once

#include <lib/types.h>

#include <core/mutex.h>
#include <core/refcount.h>
#include <core/waitq.h>

struct file;

/*
 * A ring of bytes in pages.  Positions only grow; byte n is in slot
 * n / PAGE_SIZE % nr_pages.  Pages come with the first byte that needs them and
 * stay until the pipe goes.
 *
 * Born by pipe_alloc(), with one reference; gone with the last.
 * [l] lock; what poll looks at is read without it.
 */
struct pipe {
	refcount_t refs; /* [a] open files, and inodes of pipe_make_path() */
	struct mutex lock;
	unsigned nr_pages;   /* [l] a power of two */
	unsigned nr_readers; /* [l] open for reading */
	unsigned nr_writers; /* [l] open for writing */
	unsigned nr_opened_read,
		nr_opened_write; /* [l] ever: for open(2) of FIFOs */
	uint64_t head;           /* [l] bytes ever written */
	uint64_t tail;           /* [l] bytes ever read */
	struct waitq readers;    /* sleep for data or writers */
	struct waitq writers;    /* sleep for room or readers */
	void **pages; /* [l] nr_pages of them, NULL where not needed yet */
};

/* An empty pipe of 16 pages that nobody has open; NULL: no memory. */
struct pipe *pipe_alloc(void);
/* One more or fewer user of the file's kind; lock held. */
void pipe_opened(struct pipe *pipe, const struct file *file);
/* The file is closed: who waits for the other side learns of it. */
void pipe_closed(struct pipe *pipe, const struct file *file);

extern const struct file_ops fifo_opened_ops; /* after a FIFO's open */
/*
 * Its release: undoes the join of open(2).  The last to leave takes the pipe
 * off the inode, and what was not read is lost.  Takes inode->lock; may sleep.
 */
void fifo_leave(struct file *file);
