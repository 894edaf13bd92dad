// SPDX-License-Identifier: MIT
/*
 * sort: order lines; all of them are kept in memory.  -k takes a field number
 * (and optionally ",last"), -t the character between fields.
 */
#include "applets.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <user/lib/lines.h>
#include <user/lib/util.h>

static struct {
	char **lines;
	size_t count, room;
	bool numeric, reverse, unique, ignore_case;
	long first_field, last_field; /* 0: the whole line */
	char separator;               /* 0: blanks */
} sort;

static void sort_add(char *line, size_t len, void *arg)
{
	char *copy = xmalloc(len + 1);

	(void)arg;
	memcpy(copy, line, len + 1);
	if (sort.count == sort.room) {
		sort.room = sort.room ? sort.room * 2 : 256;
		sort.lines =
			xrealloc(sort.lines, sort.room * sizeof(*sort.lines));
	}
	sort.lines[sort.count++] = copy;
}

static const char *field_skip(const char *text)
{
	if (sort.separator) {
		const char *end = strchr(text, sort.separator);

		return end ? end + 1 : text + strlen(text);
	}
	while (isblank((unsigned char)*text))
		text++;
	while (*text && !isblank((unsigned char)*text))
		text++;
	return text;
}

static const char *sort_key(const char *line, size_t *len)
{
	const char *end;

	if (!sort.first_field) {
		*len = strlen(line);
		return line;
	}
	for (long i = 1; i < sort.first_field; i++)
		line = field_skip(line);
	end = line;
	for (long i = sort.first_field; i <= sort.last_field && *end; i++)
		end = field_skip(end);
	if (sort.separator && end > line && end[-1] == sort.separator)
		end--;
	*len = sort.last_field ? (size_t)(end - line) : strlen(line);
	if (!sort.separator)
		while (*len && isblank((unsigned char)*line)) {
			line++;
			(*len)--;
		}
	return line;
}

/* Compare numbers as text: no limit on their size, and no rounding. */
static int compare_numbers(const char *a, const char *b)
{
	double x = strtod(a, NULL), y = strtod(b, NULL);

	return x < y ? -1 : x > y;
}

static int compare_keys(const char *a, const char *b)
{
	size_t len_a, len_b, shorter;
	int order;

	a = sort_key(a, &len_a);
	b = sort_key(b, &len_b);
	if (sort.numeric)
		return compare_numbers(a, b);
	shorter = len_a < len_b ? len_a : len_b;
	order = sort.ignore_case ? strncasecmp(a, b, shorter)
				 : memcmp(a, b, shorter);
	if (order)
		return order;
	return len_a < len_b ? -1 : len_a > len_b;
}

static int sort_compare(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	int order = compare_keys(x, y);

	/* Equal keys: the whole line decides, so that the result is fixed. */
	if (!order && !sort.unique)
		order = strcmp(x, y);
	return sort.reverse ? -order : order;
}

static bool sort_parse_key(const char *text)
{
	char *end;

	sort.first_field = strtol(text, &end, 10);
	sort.last_field = 0;
	if (*end == ',')
		sort.last_field = strtol(end + 1, &end, 10);
	for (; *end; end++) {
		if (*end == 'n')
			sort.numeric = true;
		else if (*end == 'r')
			sort.reverse = true;
		else if (*end != 'b')
			return false;
	}
	return sort.first_field > 0;
}

int sort_main(int argc, char **argv)
{
	int option, status;

	while ((option = opt_next(argc, argv, "nrufk:t:")) != -1) {
		switch (option) {
		case 'n':
			sort.numeric = true;
			break;
		case 'r':
			sort.reverse = true;
			break;
		case 'u':
			sort.unique = true;
			break;
		case 'f':
			sort.ignore_case = true;
			break;
		case 't':
			sort.separator = optarg[0];
			break;
		case 'k':
			if (sort_parse_key(optarg))
				break;
			/* fallthrough */
		default:
			return usage_error(
				"sort [-fnru] [-t CHAR] [-k FIELD[,LAST]] [FILE]...");
		}
	}
	status = for_each_line(argc - optind, argv + optind, sort_add, NULL);
	if (sort.count)
		qsort(sort.lines, sort.count, sizeof(*sort.lines),
		      sort_compare);
	for (size_t i = 0; i < sort.count; i++)
		if (!sort.unique || !i ||
		    compare_keys(sort.lines[i - 1], sort.lines[i]))
			puts(sort.lines[i]);
	return finish_output(status);
}
