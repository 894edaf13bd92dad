// SPDX-License-Identifier: MIT
/*
 * The ticks of a clock that may change its rate or stand still, for devices
 * that count.  A counter never steps by events: it is where time has brought
 * it when somebody looks.
 */
#pragma once

#include <stdint.h>

struct machine;

struct ticks {
	uint64_t hz;      /* 0: the clock stands still */
	uint64_t base;    /* ticks at base_ps */
	uint64_t base_ps; /* when hz was set */
};

/* Ticks so far; they never go back. */
uint64_t ticks_now(const struct machine *machine, const struct ticks *ticks);

/* When the count is reached, in ps; UINT64_MAX if the clock stands still. */
uint64_t ticks_when(const struct ticks *ticks, uint64_t count);

/* The clock runs at hz from now on. */
void ticks_set_rate(const struct machine *machine, struct ticks *ticks,
		    uint64_t hz);
