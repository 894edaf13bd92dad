// SPDX-License-Identifier: MIT
/*
 * The L1 data caches: k210.md sections 1.3 and 2.9.
 *
 * 32 KiB a hart in lines of 64 bytes, 8 ways, written back when another line
 * needs the place, which is drawn from the seed.  They are coherent with each
 * other, but not with DMA or with the uncached alias, which see memory alone.
 *
 * So SRAM is kept twice: machine->ram is memory, `view` is what the harts see.
 * A line of the view means something only while a hart holds it.  Two harts
 * never hold different contents, as those of the chip might after DMA.
 */
#pragma once

#include "bus.h"

struct machine;

#define DCACHE_SETS       64
#define DCACHE_WAYS       8
#define DCACHE_LINE_BYTES 64
#define DCACHE_LINES      (RAM_SIZE / DCACHE_LINE_BYTES)
#define DCACHE_EMPTY      UINT32_MAX

/* State of a line: which harts hold it, and more. */
#define LINE_HELD(hart) (1u << (hart))
#define LINE_DIRTY      (1u << 2) /* held by one alone, who wrote it */
#define LINE_CODE       (1u << 3) /* decoded, and stores must undo that */

struct dcache {
	uint8_t *view; /* machine->ram itself if caches are not modelled */
	uint8_t storage[RAM_SIZE];
	uint8_t state[DCACHE_LINES];
	/* Numbers of lines, by hart. */
	uint32_t held[2][DCACHE_SETS][DCACHE_WAYS];
	uint64_t random_state;
};

/* Power came, or a reset: what was not written back is lost. */
void dcache_reset(struct machine *machine);

/* Another line needed the place of one, which the seed draws. */
void dcache_evict(struct hart *hart);

/* The hart's cache holds the line at an offset of SRAM from now on. */
void dcache_hold(struct hart *hart, uint32_t offset);

/* The same, and the other's does not, so that the hart may write. */
void dcache_own(struct hart *hart, uint32_t offset);

/* Copy what the harts see of one line, without touching the caches. */
void dcache_peek(struct machine *machine, uint32_t offset, void *bytes,
		 uint32_t size);
