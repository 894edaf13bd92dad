// SPDX-License-Identifier: MIT
/*
 * The model's tree of names at the moment when a commit sealed what it writes:
 * after a loss of power the file system has to be one of these.
 */
#pragma once

#include "model.h"

/* From now on each commit has one; the first is made at once. */
void snapshots_start(void);
/* No more of them; those that there are stay. */
void snapshots_stop(void);

/* Before a sync. */
unsigned snapshots_begin_sync(void);
/* It returned 0: what was sealed first since the beginning is on the disk. */
void snapshots_end_sync(unsigned begun);

/*
 * Ends the program if the tree is none of those that it may be, or a file has
 * contents which it cannot have; see record_allows().
 */
void snapshots_compare(struct super *super, bool garbage);
