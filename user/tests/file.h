/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Files for tests.  All that fails ends the test.
 */
#include <stdbool.h>
#include <sys/stat.h>

/*
 * Go to a fresh directory in /tmp, or below the directory that TMPDIR names, so
 * that each kind of file system can be tested.
 */
void file_enter_dir(void);

/* Make it with that text, or replace it; a descriptor to read and write. */
int file_make(const char *name, const char *text);

/* Its first 255 bytes; the next call overwrites them. */
const char *file_contents(const char *name);

/* The name itself, of whatever kind. */
bool file_exists(const char *name);
nlink_t file_links(const char *name);
