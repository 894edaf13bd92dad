// SPDX-License-Identifier: MIT
/*
 * SD cards on SPI: runs of blocks.
 *
 * SD Physical Layer Simplified Specification 6.0, sections 7.2.3 and 7.2.4.
 * A run is one CMD18 or CMD25, which costs a command and a wait for all of it
 * instead of for each block.  A write ends with CMD13, since a card may tell
 * only there that something went wrong.
 *
 * What fails is tried again, from the failed block on; from the start, if the
 * card cannot say that all blocks before are written.  If that does not help,
 * the card is initialised anew: it may have lost power for a moment.  When
 * another card or none answers, the run fails.
 */
#include "sd_internal.h"

#include <string.h>

#include <lib/errno.h>

#include "sd_crc.h"

#define SD_TRIES 4 /* without any progress */

/* Data response, section 7.3.3.1: xxx0sss1. */
#define SD_DATA_RESPONSE(byte) ((byte)&0x1f)
#define SD_DATA_ACCEPTED       0x05
#define SD_DATA_CRC_ERROR      0x0b

static uint32_t sd_address(const struct sd_card *card, uint64_t sector)
{
	return (uint32_t)(card->block_address ? sector
					      : sector * SD_BLOCK_SIZE);
}

/* Open an exchange and send the command that starts data. */
static int sd_start(struct sd_card *card, unsigned command, uint64_t sector)
{
	uint8_t r1;
	int ret = sd_open(card);

	if (ret)
		return ret;
	ret = sd_send(card, command, sd_address(card, sector), &r1);
	if (!ret && r1)
		ret = r1 & SD_R1_CRC_ERROR ? -EILSEQ : -EIO;
	if (ret)
		sd_close(card);
	return ret;
}

/* Anything that the card has to say about what it did; it says that once. */
static int sd_status(struct sd_card *card)
{
	uint8_t r1, r2 = 0;
	int ret = sd_command_once(card, SD_SEND_STATUS, 0, &r1, &r2, 1);

	return ret ? ret : r1 || r2 ? -EIO : 0;
}

/*
 * Still the same card, if initialising it once more may help.  0 or
 * -ENOMEDIUM.
 */
static int sd_revive(struct sd_card *card)
{
	uint64_t nr_sectors = card->nr_sectors;
	uint8_t cid[sizeof(card->cid)];

	memcpy(cid, card->cid, sizeof(cid));
	if (!sd_init(card) && card->nr_sectors == nr_sectors &&
	    !memcmp(cid, card->cid, sizeof(cid)))
		return 0;
	memcpy(card->cid, cid, sizeof(cid));
	card->nr_sectors = nr_sectors;
	card->present = false;
	return -ENOMEDIUM;
}

int sd_check(struct sd_card *card)
{
	return sd_status(card) ? sd_revive(card) : 0;
}

/* --- Reading --- */

/* Blocks from *n on, until all are there or one fails. */
static int sd_read_stream(struct sd_card *card, struct sd_blocks *blocks,
			  unsigned *n)
{
	int ret;

	do {
		for (; *n < blocks->nr; ++*n) {
			ret = sd_receive(card, blocks->get(blocks, *n),
					 SD_BLOCK_SIZE);
			if (ret)
				return ret;
			blocks->put(blocks, *n);
		}
	} while (blocks->extend(blocks) > *n);
	return 0;
}

static int sd_read_once(struct sd_card *card, uint64_t sector,
			struct sd_blocks *blocks, unsigned *n)
{
	uint8_t r1;
	int stop;
	int ret = sd_start(card, SD_READ_BLOCKS, sector + *n);

	if (ret)
		return ret;
	ret = sd_read_stream(card, blocks, n);
	stop = sd_send(card, SD_STOP_TRANSMISSION, 0, &r1);
	if (!stop)
		stop = sd_wait_ready(card, SD_WRITE_TIMEOUT_US);
	sd_close(card);
	/* It read ahead beyond its end, and would complain about that later. */
	if (!ret && sector + *n >= card->nr_sectors)
		(void)sd_status(card);
	return ret ? ret : stop;
}

/* --- Writing --- */

static int sd_write_block(struct sd_card *card, const uint8_t *data)
{
	static const uint8_t head[2] = { 0xff, SD_TOKEN_START_MULTI };
	uint16_t crc = sd_crc16(data, SD_BLOCK_SIZE);
	uint8_t tail[3] = { (uint8_t)(crc >> 8), (uint8_t)crc, 0xff };
	int ret;

	ret = card->ops->transfer(card, head, NULL, sizeof(head));
	if (!ret)
		ret = card->ops->transfer(card, data, NULL, SD_BLOCK_SIZE);
	/* The response is the byte behind the CRC. */
	if (!ret)
		ret = card->ops->transfer(card, tail, tail, sizeof(tail));
	if (ret)
		return ret;
	switch (SD_DATA_RESPONSE(tail[2])) {
	case SD_DATA_ACCEPTED:
		return sd_wait_ready(card, SD_WRITE_TIMEOUT_US);
	case SD_DATA_CRC_ERROR:
		return -EILSEQ;
	default:
		return -EIO;
	}
}

/* Blocks from *n on, until all are accepted or one is not. */
static int sd_write_stream(struct sd_card *card, struct sd_blocks *blocks,
			   unsigned *n)
{
	int ret;

	do {
		for (; *n < blocks->nr; ++*n) {
			ret = sd_write_block(card, blocks->get(blocks, *n));
			if (ret)
				return ret;
		}
	} while (blocks->extend(blocks) > *n);
	return 0;
}

/* The stop token, a byte that means nothing, and the wait for all of it. */
static int sd_write_stop(struct sd_card *card)
{
	static const uint8_t stop[2] = { SD_TOKEN_STOP, 0xff };
	int ret = sd_wait_ready(card, SD_WRITE_TIMEOUT_US);

	if (!ret)
		ret = card->ops->transfer(card, stop, NULL, sizeof(stop));
	return ret ? ret : sd_wait_ready(card, SD_WRITE_TIMEOUT_US);
}

/*
 * *n moves on only if the card says that it wrote what it accepted.  A block
 * that came damaged is the only one in doubt; any other error may be about one
 * that was accepted before (4.3.4).
 */
static int sd_write_once(struct sd_card *card, uint64_t sector,
			 struct sd_blocks *blocks, unsigned *n)
{
	unsigned accepted = *n;
	int stop, status;
	int ret = sd_start(card, SD_WRITE_BLOCKS, sector + *n);

	if (ret)
		return ret;
	ret = sd_write_stream(card, blocks, &accepted);
	stop = sd_write_stop(card);
	sd_close(card);
	status = sd_status(card);
	if (stop || status || (ret && ret != -EILSEQ))
		return ret ? ret : stop ? stop : status;
	*n = accepted;
	return ret;
}

/* --- Both --- */

/* What to do after a failure: 0 try again, else the error to report. */
static int sd_recover(struct sd_card *card, int error, int tries)
{
	/* A damaged transfer on a living card: again, and it may go through. */
	if (error == -EILSEQ && tries < SD_TRIES / 2)
		return 0;
	if (sd_revive(card))
		return -ENOMEDIUM;
	return tries < SD_TRIES ? 0 : -EIO;
}

typedef int sd_transfer_once(struct sd_card *card, uint64_t sector,
			     struct sd_blocks *blocks, unsigned *n);

/* As long as it gets on, or may do so with the next try. */
static int sd_transfer(struct sd_card *card, uint64_t sector,
		       struct sd_blocks *blocks, sd_transfer_once *once)
{
	unsigned done = 0, before;
	int tries = 0;
	int ret;

	for (;;) {
		before = done;
		ret = once(card, sector, blocks, &done);
		if (!ret || done == blocks->nr)
			return 0;
		tries = done > before ? 1 : tries + 1;
		ret = sd_recover(card, ret, tries);
		if (ret)
			return ret;
	}
}

int sd_read(struct sd_card *card, uint64_t sector, struct sd_blocks *blocks)
{
	return sd_transfer(card, sector, blocks, sd_read_once);
}

int sd_write(struct sd_card *card, uint64_t sector, struct sd_blocks *blocks)
{
	return sd_transfer(card, sector, blocks, sd_write_once);
}
