// SPDX-License-Identifier: MIT
/*
 * Walking along the log, from the block where the super block says that it
 * begins, over the journal's own blocks ("records"); see recover.c.
 */
#pragma once

#include "jbd2_internal.h"

/* One walk; its user's alone. */
struct jbd2_walk {
	struct jbd2 *journal;
	void *record;      /* the record that it is at; a block's memory */
	uint32_t at;       /* where the next block is */
	uint32_t left;     /* blocks of the log that it has not come by */
	uint32_t sequence; /* of the transaction that it is in */
};

/* What a descriptor says of a block. */
struct jbd2_tag_info {
	uint64_t place;
	uint32_t flags; /* JBD2_TAG_*; Linux never heeds JBD2_TAG_DELETED */
	uint32_t csum;
};

/* To where the log begins.  journal and record are set. */
void jbd2_walk_begin(struct jbd2_walk *walk);
/* The next block's number, and step over it; 0: that was all of the circle. */
uint32_t jbd2_walk_step(struct jbd2_walk *walk);
/*
 * Go to the next record, which the walk must be right before: 0, -EIO, or
 * -ENOENT: the log ends here, for what is there is not of the transaction.
 */
int jbd2_walk_next(struct jbd2_walk *walk);
/*
 * Of a descriptor: the tag at *offset, which then is where the next one is;
 * begin with the header's size.  False: there are no more.
 */
bool jbd2_walk_tag(const struct jbd2_walk *walk, uint32_t *offset,
		   struct jbd2_tag_info *info);

/* Is that a descriptor, revoke or commit block, of any transaction? */
bool jbd2_is_record(const struct jbd2_header *header);
static inline uint32_t jbd2_record_type(const void *record)
{
	return be32_to_cpu(((const struct jbd2_header *)record)->h_blocktype);
}

/*
 * check.c: walk to the end of what was committed, reading and checking all of
 * it; data is a block's memory.  walk->sequence is then the first that was not
 * committed.  0, -EIO, -EUCLEAN.
 */
int jbd2_check_log(struct jbd2_walk *walk, void *data);
