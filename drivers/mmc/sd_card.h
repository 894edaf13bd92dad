// SPDX-License-Identifier: MIT
/*
 * SD memory cards on an SPI bus: the protocol, apart from bus and kernel.
 *
 * SD Physical Layer Simplified Specification 6.0, chapter 7.  Cards of 1.x, SDSC,
 * SDHC and SDXC, and old MMCs.  The reader of these files begins with
 * sd_command.c (one command), goes on to sd_init.c (from power-up to a known
 * card) and ends with sd_data.c (runs of blocks, with retries).
 *
 * A struct sd_card is used by one thread at a time.
 */
#pragma once

#include <lib/types.h>

#define SD_BLOCK_SIZE 512u

struct sd_card;

/* How the card is reached.  Results are 0 or -errno. */
struct sd_host_ops {
	/* Move len bytes both ways.  tx NULL: 0xff; rx NULL: not wanted. */
	int (*transfer)(struct sd_card *card, const uint8_t *tx, uint8_t *rx,
			size_t len);
	void (*select)(struct sd_card *card, bool on);
	/* The clock of what follows is at most that. */
	void (*set_speed)(struct sd_card *card, uint32_t hz);
	uint64_t (*now_us)(struct sd_card *card);         /* from any start */
	void (*pause)(struct sd_card *card, uint32_t us); /* may be longer */
};

/* ops and max_hz are the owner's; the rest sd_init() finds out. */
struct sd_card {
	const struct sd_host_ops *ops;
	uint32_t max_hz;     /* of the bus */
	bool present;        /* the last sd_init() went well */
	bool block_address;  /* SDHC and SDXC count blocks, others bytes */
	bool is_mmc;         /* knows no ACMD */
	bool crc;            /* it checks what we send */
	bool read_only;      /* says so */
	uint32_t hz;         /* that it and the bus can do */
	uint64_t nr_sectors; /* 512 bytes each */
	uint8_t cid[16];     /* tells it from all other cards */
};

/*
 * Blocks of a run, by number from 0 on.  get() gives the memory of one (for a
 * write: with its contents); after a read, put() takes it back filled.  A run
 * may be gone over more than once.  extend() asks for a longer run before this
 * one is closed, and returns the new number of blocks.
 */
struct sd_blocks {
	uint8_t *(*get)(struct sd_blocks *blocks, unsigned n);
	void (*put)(struct sd_blocks *blocks, unsigned n);
	unsigned (*extend)(struct sd_blocks *blocks);
	unsigned nr;
};

/*
 * Find the card and make it ready, however it was left: 0, -ENOMEDIUM (nobody
 * answers), -ETIMEDOUT, -EIO (answers that make no sense) or -EOPNOTSUPP (no
 * card that we know).  May pause for more than a second.
 */
int sd_init(struct sd_card *card);

/*
 * Move a run of blocks from sector on.  What fails is tried again, after a new
 * sd_init() if need be, as long as it is the same card.  0, -EIO (it fails
 * again and again) or -ENOMEDIUM (the card is gone; card->present is false).
 * Written blocks are stable in the card when this returns 0.
 */
int sd_read(struct sd_card *card, uint64_t sector, struct sd_blocks *blocks);
int sd_write(struct sd_card *card, uint64_t sector, struct sd_blocks *blocks);

/* Does the card still answer?  0 or -ENOMEDIUM, as above. */
int sd_check(struct sd_card *card);
