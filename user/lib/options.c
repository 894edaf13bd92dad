// SPDX-License-Identifier: MIT
/*
 * Options, numbers and memory for the utilities.
 */
#include "util.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int opt_next(int argc, char **argv, const char *spec)
{
	static const struct option none[] = { { 0 } };

	/* Only the long form reorders its arguments in every C library. */
	return getopt_long(argc, argv, spec, none, NULL);
}

void *xmalloc(size_t size)
{
	return xrealloc(NULL, size);
}

void *xrealloc(void *ptr, size_t size)
{
	void *fresh = realloc(ptr, size ? size : 1);

	if (!fresh)
		die(1, "out of memory");
	return fresh;
}

char *xstrdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(xmalloc(size), text, size);
}

bool parse_number(const char *text, long min, long max, long *value)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	return !errno && end != text && !*end && *value >= min && *value <= max;
}

bool parse_size(const char *text, long *value)
{
	long scale = 1;
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	if (errno || end == text || *value < 0)
		return false;

	switch (*end) {
	case 'G':
		scale <<= 10;
		/* fallthrough */
	case 'M':
		scale <<= 10;
		/* fallthrough */
	case 'k':
	case 'K':
		scale <<= 10;
		end++;
		break;
	}
	if (*end || *value > LONG_MAX / scale)
		return false;

	*value *= scale;
	return true;
}

int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}
