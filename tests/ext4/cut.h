// SPDX-License-Identifier: MIT
/*
 * Losses of power: by lot, before a transfer of the disk begins or ends, a child
 * of this process finds itself with what the disk has kept: all that was
 * flushed, and of the rest some writes, or some sectors of them, in any order.
 */
#pragma once

#include "host/host.h"

struct cuts {
	const char *image; /* where to put what is left, for e2fsck */
	unsigned every;    /* one of so many transfers */
	bool has_journal;
};

/* Lots are drawn from the seed; the disk has a cache. */
void cuts_start(struct host_disk *disk, const struct cuts *cuts, uint64_t seed);
/* No more, and say how many there were. */
void cuts_stop(void);
/* One now. */
void cut_now(struct host_disk *disk);
