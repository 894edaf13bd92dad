/* SPDX-License-Identifier: MIT */
/*
 * The device tree: which one to believe, and what the next stage gets.
 */
#pragma once

#include <lib/types.h>

/*
 * The tree to boot with: the embedded one that fits this machine's
 * identification registers, else the one handed over if it is whole.
 * NULL: neither.
 */
const void *tree_find(const void *fdt);

/* Is it one of ours, chosen by the registers?  Then nobody handed over any. */
bool tree_is_embedded(const void *fdt);

/*
 * A tree that names a console and a reset device of a machine that looks like
 * this one, only good for last words; or NULL.
 */
const void *tree_find_last_resort(void);

/*
 * Make the tree for the next stage: with the firmware in /reserved-memory and
 * with room to grow; in the place of the old one if it can be, else elsewhere
 * in memory.  image is what must not be overwritten.
 * Returns it, or NULL: there is no room.
 */
struct dt_range;
void *tree_prepare(const void *fdt, const struct dt_range *image);
