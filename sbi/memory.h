/* SPDX-License-Identifier: MIT */
/*
 * Memory: the firmware's own, and what S-mode may name in a call.
 */
#pragma once

#include <lib/fdt.h>
#include <lib/types.h>

/* What firmware occupies; whole pages.  [I] after boot. */
extern struct dt_range memory_firmware;

/*
 * Take the ranges of the tree over; the firmware is between start and end.
 * false: the tree names no memory.
 */
bool memory_init(const void *fdt, const char *start, const char *end);

/*
 * May S-mode pass us these bytes of physical memory?  They lie in one range of
 * memory and not in the firmware.
 */
bool memory_is_shareable(paddr_t start, uint64_t size);

/* The range of memory that start lies in; false if there is none. */
bool memory_find(paddr_t start, struct dt_range *range);

/* The sum of all ranges in bytes. */
uint64_t memory_total(void);
