/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Read a line from the terminal, with editing, history and completion where
 * standard input is one.  The line ends in a newline and stays valid until
 * the next call; an empty line after Ctrl-C.  NULL at the end of the input.
 */
char *edit_read_line(const char *prompt);
