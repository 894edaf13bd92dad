// SPDX-License-Identifier: MIT
/* What check can do; see check.c. */
#pragma once

#include "host/host.h"

void run_random(struct host_disk *disk, unsigned count, bool faults,
		bool crash);
/* Spoil something, then read and change whatever is there, that many times. */
void run_walk(struct host_disk *disk, unsigned count);
/* The same with the image as it is, once. */
void run_visit(struct host_disk *disk);
/* Freed blocks rest until a commit; files are not longer than their data. */
void run_order(struct host_disk *disk);
/* sync(2) while others write back, that many times. */
void run_sync(struct host_disk *disk, unsigned count);
/*
 * image: where to put what is left after a loss of power, for e2fsck; every: it
 * comes at one of so many events; may_break: the disk fails at some time.
 */
void run_cuts(struct host_disk *disk, const char *image, unsigned count,
	      unsigned every, bool may_break);
/* Mount read-only, and say what became of it. */
void run_replay(struct host_disk *disk);
/* The same; then the device becomes writable. */
void run_unlock(struct host_disk *disk);
/* The same writable; probing: nobody said that it is ext4. */
void run_mount(struct host_disk *disk, bool probing);
/* Spoil the journal, and mount it, that many times. */
void run_spoil(struct host_disk *disk, unsigned count);
void run_names(struct host_disk *disk, unsigned count);
/* Loss of power after files took the place of others, and a commit. */
void run_replace(struct host_disk *disk);
/* The same while files without a name are open. */
void run_orphans(struct host_disk *disk);
