/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdio.h>
#include <sys/types.h>

/*
 * For for_each_line(): line has no newline, ends in NUL, may hold others among
 * its len bytes, and may be changed; it is gone after the call.
 */
typedef void line_fn(char *line, size_t len, void *arg);
/*
 * Call act() for each line of count operands, in order, or of standard input
 * when count is 0.  Returns an exit status: 1 after an operand that could not
 * be opened, which is reported and left out, else 0.
 */
int for_each_line(int count, char **paths, line_fn *act, void *arg);
