// SPDX-License-Identifier: MIT
/* What journal.c, commit.c and recover.c share. */
#pragma once

#include <fs/jbd2/jbd2.h>

#include "layout.h"

/* Descriptors and the like that can be on their way at the same time. */
#define JBD2_OWN_BLOCKS 4

/* [I] immutable after jbd2_open(); the rest is the one user's */
struct jbd2 {
	struct block_device *bdev;      /* [I] */
	uint32_t block_size;            /* [I] bytes */
	struct jbd2_run *runs;          /* [I] where the journal's blocks are */
	size_t nr_runs;                 /* [I] */
	struct jbd2_super_block *super; /* as on the disk; a whole block */
	uint32_t first, end; /* [I] blocks of the log: [first, end) */
	uint32_t sequence;   /* of the next transaction */
	uint32_t head;       /* block where that will be, while in use */
	bool has_csum;       /* checksums of version 3 */
	bool has_csum2;      /* those of version 2, which only replays know */
	bool is_async;       /* commits may overtake their blocks; as before */
	bool wide;           /* block numbers of 64 bits */
	uint32_t csum_seed;  /* [I] crc32c of the UUID */

	uint32_t at; /* where the transaction being written goes on */
	struct buffer own[JBD2_OWN_BLOCKS]; /* data and block only */
	unsigned own_used; /* of them, since the writer was last finished */
};

/* Sequence numbers wrap around. */
static inline bool jbd2_is_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

static inline uint32_t jbd2_csum_length(const struct jbd2 *journal)
{
	return journal->has_csum || journal->has_csum2
		       ? sizeof(struct jbd2_tail)
		       : 0;
}

/* Bytes of a tag without the UUID that may follow it. */
uint32_t jbd2_tag_bytes(const struct jbd2 *journal);

/* Where on the device that block of the journal is. */
uint64_t jbd2_place(const struct jbd2 *journal, uint32_t block);
/* Is that block of the device one of the journal's? */
bool jbd2_has_place(const struct jbd2 *journal, uint64_t place);

/*
 * crc32c of a whole block of the log from the journal's seed, of which the four
 * bytes at offset count as 0.
 */
uint32_t jbd2_block_csum(const struct jbd2 *journal, const void *block,
			 size_t offset);
/* What a tag's checksum is made from: seed, sequence and the block's bytes. */
uint32_t jbd2_data_csum(const struct jbd2 *journal, uint32_t sequence,
			const void *data);

/* Read a block of the journal: 0 or -EIO. */
int jbd2_read(const struct jbd2 *journal, uint32_t block, void *data);
/*
 * The highest sequence number of any block in the log, also of old ones, if it
 * is after *newest.  Reads the whole journal.  0, -EIO, -ENOMEM.
 */
int jbd2_newest_sequence(const struct jbd2 *journal, uint32_t *newest);

/*
 * Write the super block, with the log beginning at block start (0: empty) with
 * journal->sequence, and flush before and after.  0 or -EIO.
 */
int jbd2_write_super(struct jbd2 *journal, uint32_t start);

/* Memory for journal->own, if it is not there: 0 or -ENOMEM. */
int jbd2_own_blocks_alloc(struct jbd2 *journal);
/* Fine also when there is none. */
void jbd2_own_blocks_free(struct jbd2 *journal);
