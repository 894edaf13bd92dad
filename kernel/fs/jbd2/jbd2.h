// SPDX-License-Identifier: MIT
/*
 * A journal of blocks: what a commit of the buffer cache (fs/buffer.h) changes
 * is written to the log first, whole or, after a loss of power, not at all, and
 * to its place later, when the log is full or somebody wants it empty.  The
 * format is that of Linux's jbd2, so that Linux and e2fsck replay it.
 *
 * Life: jbd2_open(), jbd2_recover() if it is not empty, jbd2_start(); then
 * jbd2_commit() and jbd2_checkpointed() by commits; jbd2_stop(), jbd2_close().
 * One thread at a time calls any of them: mount, or the holder of the buffer
 * cache's commit_lock.  All of them sleep.
 *
 * The log always begins at its first block, as checkpoints are whole: they
 * write everything to its place.  So the journal's super block only changes
 * while nothing depends on it, and a power cut that spoils it costs nothing.
 */
#pragma once

#include <fs/buffer.h>

struct block_device;
struct jbd2;

/* Blocks of the device that follow one another, for those of the journal. */
struct jbd2_run {
	uint64_t block;
	uint32_t len; /* blocks */
};

/*
 * The journal that lies in those runs, the first of which begins with its super
 * block.  uuid: the file system's, for a super block that must be made anew,
 * see the head comment.  0, -EIO, -ENOMEM, -EUCLEAN (no journal, or senseless),
 * -EOPNOTSUPP (features that are not known).
 */
int jbd2_open(struct block_device *bdev, uint32_t block_size,
	      const struct jbd2_run *runs, size_t nr_runs,
	      const uint8_t uuid[16], struct jbd2 **result);
/* NULL is fine. */
void jbd2_close(struct jbd2 *journal);

/* Is nothing in the log that jbd2_recover() would have to replay? */
bool jbd2_is_empty(const struct jbd2 *journal);

/*
 * Write what the log's whole transactions hold to its place, and empty the log,
 * on the disk as well.  Safe to be interrupted at any time and done again.
 * 0, -EIO, -ENOMEM, -EUCLEAN (a block that was committed is damaged now).
 */
int jbd2_recover(struct jbd2 *journal);
/*
 * Empty the log, on the disk as well, for nobody needs what is in it any more.
 * 0, -EIO, -ENOMEM.
 */
int jbd2_discard(struct jbd2 *journal);

/*
 * From now on the log is in use; it must be empty.  wide: block numbers may
 * have more than 32 bits; csum: use checksums.  0 or -EIO.
 */
int jbd2_start(struct jbd2 *journal, bool wide, bool csum);
/* Everything is in its place: the log is empty, and not in use. */
int jbd2_stop(struct jbd2 *journal);

/* How many blocks the largest commit may have. */
size_t jbd2_limit(const struct jbd2 *journal);
/*
 * Would the largest commit not fit any more after one of nr blocks and
 * nr_revoked revokes?
 */
bool jbd2_is_full_after(const struct jbd2 *journal, size_t nr,
			size_t nr_revoked);
/*
 * Write a transaction: blocks, linked by io_link, and revoked, whose places are
 * free now and must not be written by a replay.  It has survived when this
 * returns 0.  Otherwise it may be tried again; -EIO, -ENOMEM.
 */
int jbd2_commit(struct jbd2 *journal, const struct buffer_io_list *blocks,
		const struct buffer_io_list *revoked);
/* Everything that was committed is in its place, for good: reuse the log. */
int jbd2_checkpointed(struct jbd2 *journal);
