// SPDX-License-Identifier: MIT
/*
 * Writing buffers to the device: to their own places or into a journal's log,
 * those that follow one another in one bio.
 */
#pragma once

#include <lib/types.h>

struct buffer;
struct buffer_cache;
struct buffer_io;

/* One at a time for each cache, by the holder of its commit_lock. */
struct buffer_writer {
	struct buffer_cache *cache;
	struct buffer_io *io; /* being filled, or NULL */
};

/* Ready to write; what failed before is forgotten. */
void buffer_writer_start(struct buffer_writer *writer,
			 struct buffer_cache *cache);
/*
 * Write the buffer's contents at block place of the device; they must not
 * change until buffer_writer_finish().  May sleep until an earlier write ends.
 */
void buffer_writer_add(struct buffer_writer *writer, struct buffer *buf,
		       uint64_t place);
/*
 * Wait until all is written: 0 or the first error since the start.  More may be
 * added after it.  The device's own cache is the caller's business.
 */
int buffer_writer_finish(struct buffer_writer *writer);
