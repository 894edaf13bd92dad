// SPDX-License-Identifier: MIT
/*
 * Backslash escapes of echo and printf (POSIX, "printf", extended
 * description), with \e and \xHH besides.
 */
#include "escape.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static int escape_octal(const char **text, int max_digits)
{
	int value = 0;

	while (max_digits-- > 0 && **text >= '0' && **text <= '7')
		value = value * 8 + *(*text)++ - '0';
	return value & 0xff;
}

static int escape_hex(const char **text)
{
	int value = 0;

	for (int i = 0; i < 2 && isxdigit((unsigned char)**text); i++) {
		int c = tolower((unsigned char)*(*text)++);

		value = value * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return value;
}

int escape_decode(const char **text, enum escape_style style)
{
	static const char letters[] = "abefnrtv\\";
	static const char values[] = "\a\b\033\f\n\r\t\v\\";
	char c = *(*text)++;
	const char *found;

	if (!c) {
		(*text)--;
		return '\\';
	}
	found = strchr(letters, c);
	if (found)
		return (unsigned char)values[found - letters];
	if (c == 'c')
		return -1;
	if (c == 'x' && isxdigit((unsigned char)**text))
		return escape_hex(text);
	if (c == '0' && style == ESCAPE_ECHO)
		return escape_octal(text, 3);
	if (c >= '0' && c <= '7') {
		(*text)--;
		return escape_octal(text, 3);
	}
	if (c == '"' || c == '\'')
		return c;

	/* Not an escape: the backslash stays, and so does the character. */
	(*text)--;
	return '\\';
}

bool escape_print(const char *text, enum escape_style style)
{
	while (*text) {
		int c = (unsigned char)*text++;

		if (c == '\\')
			c = escape_decode(&text, style);
		if (c < 0)
			return false;
		putchar(c);
	}
	return true;
}
