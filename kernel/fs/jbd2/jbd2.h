// SPDX-License-Identifier: MIT
/*
 * A journal of blocks: what a commit of the buffer cache (fs/buffer.h) changes
 * is written to the log first, whole or, after a loss of power, not at all, and
 * to its place later, when the log is full or somebody wants it empty.  The
 * format is that of Linux's jbd2, so that Linux and e2fsck replay it.
 *
 * Life: jbd2_open(), jbd2_recover() if it is not empty, jbd2_start(); then
 * jbd2_write_blocks(), jbd2_write_commit() and jbd2_checkpointed() by commits of
 * the buffer cache; jbd2_stop(), jbd2_close().
 * One thread at a time calls any of them: mount, or the holder of the buffer
 * cache's commit_lock.  All of them sleep.
 *
 * The log always begins at its first block, as checkpoints are whole: they
 * write everything to its place.  So the journal's super block only changes
 * while nothing depends on it, and a power cut that spoils it costs nothing.
 */
#pragma once

#include <fs/buffer.h>
#include <fs/buffer_io.h>

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
/* Was it opened with those runs? */
bool jbd2_lies_at(const struct jbd2 *journal, const struct jbd2_run *runs,
		  size_t nr_runs);

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

/*
 * How many blocks a commit should have at most: whatever is in the log, it has
 * room for one of that size, if checkpoints heed jbd2_is_full_after().
 */
size_t jbd2_limit(const struct jbd2 *journal);
/* Does a commit of nr blocks and nr_revoked revokes fit into the log now? */
bool jbd2_has_room(const struct jbd2 *journal, size_t nr, size_t nr_revoked);
/* After it, would one of jbd2_limit() not fit any more? */
bool jbd2_is_full_after(const struct jbd2 *journal, size_t nr,
			size_t nr_revoked);

/*
 * A transaction, in two steps; between them its blocks may change again.  First
 * the blocks, linked by io_link, and revoked, linked by pending_link: blocks of
 * earlier transactions that are free now, which a replay must not write.  They
 * and all data written before are stable when this returns 0; then the block
 * that makes it count: when that is 0, the transaction will outlive a loss of
 * power.  -EIO.
 */
int jbd2_write_blocks(struct jbd2 *journal, struct buffer_writer *writer,
		      const struct buffer_io_list *blocks,
		      const struct buffer_list *revoked);
int jbd2_write_commit(struct jbd2 *journal, struct buffer_writer *writer);
/*
 * Everything that was committed is stable in its place: begin the log anew.
 * 0 or -EIO.
 */
int jbd2_checkpointed(struct jbd2 *journal);
