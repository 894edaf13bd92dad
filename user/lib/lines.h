/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdio.h>
#include <sys/types.h>

/*
 * Call act() for each line of the operands (or of standard input), without
 * its newline.  Returns an exit status.
 */
typedef void line_fn(char *line, size_t len, void *arg);
int for_each_line(int count, char **paths, line_fn *act, void *arg);
