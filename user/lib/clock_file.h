/* SPDX-License-Identifier: MIT */
/*
 * The time of day on machines whose clock forgets it: a file's time stamp
 * keeps it over the restart.
 *
 * Such a clock begins in 1970; then files are older than those that they
 * replace.  It cannot tell how long the power was off, but it never goes back.
 * A clock that is ahead of the file, as a real one is, is left alone.
 */
#pragma once

#define CLOCK_FILE "/var/lib/clock"

/* Set the clock to the file's time, if it is behind.  No file: no change. */
void clock_file_restore(void);

/* Keep the time now.  Only calls that a signal handler may make. */
void clock_file_save(void);
