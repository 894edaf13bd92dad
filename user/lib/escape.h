/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* How octal is written: \0ooo for echo(1) and printf's %b, \ooo in formats. */
enum escape_style {
	ESCAPE_ECHO,
	ESCAPE_FORMAT,
};

/*
 * Decode the escape that follows a backslash at *text and step over it.
 * Returns the character, or -1 for \c: stop all output.
 */
int escape_decode(const char **text, enum escape_style style);

/* Print text with its escapes decoded; false after \c. */
bool escape_print(const char *text, enum escape_style style);
