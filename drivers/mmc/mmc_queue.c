// SPDX-License-Identifier: MIT
/*
 * Requests to a memory card.
 *
 * A card writes long runs many times as fast as single blocks, and the bios of
 * write-back come in runs that are cut at every limit on their way.  So what
 * follows in place is taken together, whenever it comes before the run ends.
 * No memory is allocated: reclaim waits for this.
 */
#include "mmc_queue.h"

#include <string.h>

#include <core/panic.h>
#include <mm/page.h>

/* Others wait meanwhile: 256 KiB take a tenth of a second on SPI. */
#define MMC_RUN_MAX 512u

void mmc_queue_init(struct mmc_queue *queue)
{
	spin_init(&queue->lock, LOCK_BLOCK);
	STAILQ_INIT(&queue->bios);
	waitq_init(&queue->work);
}

void mmc_queue_add(struct mmc_queue *queue, struct bio *bio)
{
	unsigned long flags = spin_lock_irqsave(&queue->lock);

	STAILQ_INSERT_TAIL(&queue->bios, bio, link);
	spin_unlock_irqrestore(&queue->lock, flags);
	waitq_wake_one(&queue->work);
}

static struct bio *mmc_queue_try_take(struct mmc_queue *queue)
{
	unsigned long flags = spin_lock_irqsave(&queue->lock);
	struct bio *bio = STAILQ_FIRST(&queue->bios);

	if (bio)
		STAILQ_REMOVE_HEAD(&queue->bios, link);
	spin_unlock_irqrestore(&queue->lock, flags);
	return bio;
}

struct bio *mmc_queue_take(struct mmc_queue *queue)
{
	struct bio *bio;

	waitq_wait(&queue->work, (bio = mmc_queue_try_take(queue)) != NULL);
	return bio;
}

/* Take the bio that begins at sector, if it fits; nothing orders bios. */
static struct bio *mmc_queue_take_at(struct mmc_queue *queue, enum bio_op op,
				     uint64_t sector, uint64_t nr_max)
{
	unsigned long flags = spin_lock_irqsave(&queue->lock);
	struct bio *bio;

	STAILQ_FOREACH (bio, &queue->bios, link) {
		if (bio->op == op && bio->sector == sector)
			break;
	}
	if (bio && bio->nr_sectors > nr_max)
		bio = NULL;
	if (bio)
		STAILQ_REMOVE(&queue->bios, bio, bio, link);
	spin_unlock_irqrestore(&queue->lock, flags);
	return bio;
}

static unsigned mmc_run_extend(struct sd_blocks *blocks)
{
	struct mmc_run *run = container_of(blocks, struct mmc_run, blocks);
	struct bio *bio;

	while (run->queue && blocks->nr < MMC_RUN_MAX) {
		bio = mmc_queue_take_at(run->queue, run->op,
					run->sector + blocks->nr,
					MMC_RUN_MAX - blocks->nr);
		if (!bio)
			break;
		STAILQ_INSERT_TAIL(&run->bios, bio, link);
		blocks->nr += (unsigned)bio->nr_sectors;
	}
	return blocks->nr;
}

/* Point at the first byte of a bio. */
static void mmc_run_enter(struct mmc_run *run, struct bio *bio, unsigned block)
{
	run->bio = bio;
	run->bio_block = block;
	run->vec = 0;
	run->vec_start = 0;
}

/* Point at the piece of memory in which block n begins; its offset there. */
static uint32_t mmc_run_seek(struct mmc_run *run, unsigned n)
{
	uint32_t offset;

	if (n < run->bio_block)
		mmc_run_enter(run, STAILQ_FIRST(&run->bios), 0);
	while (n - run->bio_block >= run->bio->nr_sectors)
		mmc_run_enter(run, STAILQ_NEXT(run->bio, link),
			      run->bio_block + (unsigned)run->bio->nr_sectors);
	offset = (n - run->bio_block) * SD_BLOCK_SIZE;
	if (offset < run->vec_start)
		mmc_run_enter(run, run->bio, run->bio_block);
	while (offset - run->vec_start >= run->bio->vecs[run->vec].len)
		run->vec_start += run->bio->vecs[run->vec++].len;
	return offset - run->vec_start;
}

static uint8_t *mmc_vec_memory(const struct bio_vec *vec)
{
	return (uint8_t *)page_to_virt(vec->page) + vec->offset;
}

/* Copy a block between bounce and the pieces that it lies in. */
static void mmc_run_copy(struct mmc_run *run, uint32_t offset, bool to_bounce)
{
	const struct bio_vec *vec = &run->bio->vecs[run->vec];

	for (uint32_t done = 0; done < SD_BLOCK_SIZE; vec++) {
		uint32_t len = MIN(vec->len - offset, SD_BLOCK_SIZE - done);
		uint8_t *memory = mmc_vec_memory(vec) + offset;

		memcpy(to_bounce ? run->bounce + done : memory,
		       to_bounce ? memory : run->bounce + done, len);
		done += len;
		offset = 0;
	}
}

static uint8_t *mmc_run_get(struct sd_blocks *blocks, unsigned n)
{
	struct mmc_run *run = container_of(blocks, struct mmc_run, blocks);
	uint32_t offset = mmc_run_seek(run, n);
	const struct bio_vec *vec = &run->bio->vecs[run->vec];
	uint8_t *memory = mmc_vec_memory(vec) + offset;

	run->bounced = vec->len - offset < SD_BLOCK_SIZE ||
		       (uintptr_t)memory % sizeof(uint64_t);
	if (!run->bounced)
		return memory;
	if (run->op == BIO_WRITE)
		mmc_run_copy(run, offset, true);
	return run->bounce;
}

static void mmc_run_put(struct sd_blocks *blocks, unsigned n)
{
	struct mmc_run *run = container_of(blocks, struct mmc_run, blocks);

	if (run->bounced)
		mmc_run_copy(run, mmc_run_seek(run, n), false);
}

void mmc_run_start(struct mmc_run *run, struct mmc_queue *queue,
		   struct bio *bio)
{
	run->blocks.get = mmc_run_get;
	run->blocks.put = mmc_run_put;
	run->blocks.extend = mmc_run_extend;
	run->blocks.nr = (unsigned)bio->nr_sectors;
	run->queue = queue;
	run->op = bio->op;
	run->sector = bio->sector;
	STAILQ_INIT(&run->bios);
	STAILQ_INSERT_TAIL(&run->bios, bio, link);
	mmc_run_enter(run, bio, 0);
	(void)mmc_run_extend(&run->blocks);
}
