// SPDX-License-Identifier: MIT
/*
 * Requests to a memory card: what waits, and runs of neighbours among it.
 *
 * Made once; one thread takes runs out, anybody puts bios in.
 */
#pragma once

#include <core/waitq.h>
#include <dev/block.h>

#include "sd_card.h"

STAILQ_HEAD(mmc_bios, bio);

struct mmc_queue {
	spinlock_t lock;      /* irqsave; rank LOCK_BLOCK */
	struct mmc_bios bios; /* [lock] in the order in which they came */
	struct waitq work;    /* for the thread */
};

/*
 * Bios of one operation that follow each other on the card, seen as blocks; it
 * grows while it is served if the next neighbour has come.
 *
 * All [the thread's].
 */
struct mmc_run {
	struct sd_blocks blocks;
	struct mmc_queue *queue; /* where neighbours come from; NULL: nowhere */
	struct mmc_bios bios;
	enum bio_op op;
	uint64_t sector; /* of block 0 */

	/* The piece of memory that was asked for last. */
	struct bio *bio;
	unsigned bio_block; /* number of its first block */
	unsigned vec;       /* in it */
	uint32_t vec_start; /* bytes of the bio before that */
	bool bounced;       /* the block went to bounce */
	uint8_t *bounce;    /* [I] a block that lies in pieces, or crooked */
};

void mmc_queue_init(struct mmc_queue *queue);

/* Context: any. */
void mmc_queue_add(struct mmc_queue *queue, struct bio *bio);

/* Sleep until there is one, and take it.  Context: thread. */
struct bio *mmc_queue_take(struct mmc_queue *queue);

/* Make a run of that bio; with queue, of those that follow it, too. */
void mmc_run_start(struct mmc_run *run, struct mmc_queue *queue,
		   struct bio *bio);
