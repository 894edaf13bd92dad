// SPDX-License-Identifier: MIT
/*
 * cut: fields (-f, between -d) or characters (-c, -b) of each line, by lists
 * such as 1,3-5,7-.
 */
#include "applets.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/lines.h>
#include <user/lib/util.h>

#define CUT_USAGE "cut -c LIST | -f LIST [-d CHAR] [-s] [FILE]..."

static struct {
	const char *list;
	bool fields, only_delimited;
	char delimiter;
} cut = { .delimiter = '\t' };

static bool cut_wants(long n)
{
	const char *text = cut.list;

	while (*text) {
		char *end;
		long first = *text == '-' ? 1 : strtol(text, &end, 10);
		long last = first;

		if (*text == '-')
			end = (char *)text;
		if (*end == '-')
			last = end[1] >= '0' && end[1] <= '9'
				       ? strtol(end + 1, &end, 10)
				       : (end++, LONG_MAX);
		if (n >= first && n <= last)
			return true;
		text = *end == ',' ? end + 1 : end;
		if (*end && *end != ',')
			die(2, "%s: bad list", cut.list);
	}
	return false;
}

static void cut_fields(char *line)
{
	bool first = true;

	if (!strchr(line, cut.delimiter)) {
		if (!cut.only_delimited)
			puts(line);
		return;
	}
	for (long n = 1; line; n++) {
		char *end = strchr(line, cut.delimiter);

		if (end)
			*end = '\0';
		if (cut_wants(n)) {
			if (!first)
				putchar(cut.delimiter);
			fputs(line, stdout);
			first = false;
		}
		line = end ? end + 1 : NULL;
	}
	putchar('\n');
}

static void cut_line(char *line, size_t len, void *arg)
{
	(void)arg;
	if (cut.fields) {
		cut_fields(line);
		return;
	}
	for (size_t i = 0; i < len; i++)
		if (cut_wants((long)i + 1))
			putchar(line[i]);
	putchar('\n');
}

int cut_main(int argc, char **argv)
{
	int option;

	while ((option = opt_next(argc, argv, "f:c:b:d:s")) != -1) {
		switch (option) {
		case 'f':
		case 'c':
		case 'b':
			cut.list = optarg;
			cut.fields = option == 'f';
			break;
		case 'd':
			cut.delimiter = optarg[0];
			break;
		case 's':
			cut.only_delimited = true;
			break;
		default:
			return usage_error(CUT_USAGE);
		}
	}
	if (!cut.list)
		return usage_error(CUT_USAGE);
	return finish_output(
		for_each_line(argc - optind, argv + optind, cut_line, NULL));
}
