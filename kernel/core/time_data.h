// SPDX-License-Identifier: MIT
/*
 * What it takes to tell the time from the counter: time keeping's own data,
 * which processes see read-only through the vDSO.
 *
 * Every member is written as one aligned word: readers need no lock.
 */
#pragma once

#include <stdint.h>

struct time_data {
	uint64_t counter_start;  /* [I] the counter at boot */
	uint64_t ns_per_tick;    /* [I] 32.32 fixed point */
	uint64_t wall_offset_ns; /* [a] wall clock minus time since boot */
};
