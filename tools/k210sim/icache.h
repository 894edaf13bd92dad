// SPDX-License-Identifier: MIT
/*
 * The L1 instruction cache of a hart, which keeps decoded instructions too:
 * k210.md section 2.9.
 *
 * 32 KiB in lines of 64 bytes, 8 ways, as the data cache.  A line is a copy:
 * stores, the other hart's or this one's, do not reach it until fence.i or
 * until another line needs the place.  Which one goes is drawn from the seed.
 */
#pragma once

#include "decode.h"

struct machine;

#define ICACHE_SETS       64
#define ICACHE_WAYS       8
#define ICACHE_LINE_BYTES 64
#define ICACHE_SLOTS      (ICACHE_LINE_BYTES / 2)
#define ICACHE_EMPTY      UINT32_MAX

struct icache_line {
	uint32_t address; /* physical, or ICACHE_EMPTY */
	uint8_t bytes[ICACHE_LINE_BYTES];
	/*
	 * By halfword; two more take those who run on from the last
	 * instruction to the next line.
	 */
	struct op ops[ICACHE_SLOTS + 2];
};

struct icache {
	struct icache_line lines[ICACHE_SETS][ICACHE_WAYS];
	uint64_t random_state;
};

/* Forget all, and draw victims by this seed from now on. */
void icache_reset(struct icache *icache, uint64_t seed);

/* fence.i */
void icache_flush(struct icache *icache);

/* Another line needed the place of one, which the seed draws. */
void icache_evict(struct icache *icache);

/* Forget what was decoded from a line of SRAM, under both its addresses. */
void icache_drop(struct icache *icache, uint32_t offset);

/* The line at a physical address, or NULL if it is not in the cache. */
struct icache_line *icache_lookup(struct icache *icache, uint32_t address);

/*
 * The line at a physical address, filled if need be.  NULL: there is no code;
 * the misuse has been reported and an access fault is due.
 */
struct icache_line *icache_find(struct hart *hart, uint32_t address);

/*
 * The line with the code at hart->pc.  NULL: the fetch trapped.  Slow; the
 * hart remembers the answer in hart->fetched.
 */
struct icache_line *icache_fetch(struct hart *hart);
