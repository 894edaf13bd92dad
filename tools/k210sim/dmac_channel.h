// SPDX-License-Identifier: MIT
/*
 * One channel of the DMAC: its registers, and how it moves a block.  What is
 * common to all of them is in dmac.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;

/* Registers, as indices of dmac_channel.word. */
enum {
	DMAC_SAR,
	DMAC_DAR,
	DMAC_BLOCK_TS,
	DMAC_CTL,
	DMAC_CFG,
	DMAC_LLP,
	DMAC_STATUS,
	DMAC_SOFT_SOURCE,
	DMAC_SOFT_DESTINATION,
	DMAC_RESUME,
	DMAC_AXI_ID,
	DMAC_AXI_QOS,
	DMAC_INT_STATUS_ENABLE = 16,
	DMAC_INT_STATUS,
	DMAC_INT_SIGNAL_ENABLE,
	DMAC_INT_CLEAR,
	DMAC_WORDS
};

#define DMAC_FIFO      8192 /* bytes; the longest burst */
#define DMAC_MAX_BLOCK 0x3fffff

struct dmac_channel {
	uint64_t word[DMAC_WORDS];
	bool enabled;
	bool suspended;
	/* The block on its way; only while enabled. */
	uint32_t source;
	uint32_t destination;
	uint32_t to_read; /* bytes */
	uint32_t held;    /* bytes in the FIFO */
	uint8_t fifo[DMAC_FIFO];
	uint32_t item; /* address of the list item in use */
};

/* 0 to 7, the highest goes first. */
unsigned int dmac_channel_priority(const struct dmac_channel *channel);

/* Why the channel cannot do what its registers say, or NULL. */
const char *dmac_channel_fault(const struct dmac_channel *channel);

/* Begin to do it. */
void dmac_channel_start(struct machine *machine, struct dmac_channel *channel);

/*
 * Move one burst in and one out.  Returns the cycles of ACLK that this takes,
 * 0 if a device keeps the channel waiting.  The channel disables itself when
 * all is done or an access failed, and notes it in its interrupt status.
 */
uint32_t dmac_channel_step(struct machine *machine,
			   struct dmac_channel *channel);
