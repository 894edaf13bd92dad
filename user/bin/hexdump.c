// SPDX-License-Identifier: MIT
/*
 * hexdump: bytes in hexadecimal and as text.  Always in the style of -C;
 * -n limits the length, -s skips.
 */
#include "applets.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

#define HEXDUMP_ROW 16

static void hexdump_row(unsigned long offset, const unsigned char *row,
			size_t len)
{
	printf("%08lx ", offset);
	for (size_t i = 0; i < HEXDUMP_ROW; i++) {
		if (i % 8 == 0)
			putchar(' ');
		if (i < len)
			printf("%02x ", row[i]);
		else
			fputs("   ", stdout);
	}
	fputs(" |", stdout);
	for (size_t i = 0; i < len; i++)
		putchar(isprint(row[i]) ? row[i] : '.');
	puts("|");
}

static void hexdump_stream(FILE *file, unsigned long skip, unsigned long limit)
{
	unsigned char row[HEXDUMP_ROW], last[HEXDUMP_ROW];
	unsigned long offset = 0;
	bool starred = false;
	size_t len;

	while (offset < skip && getc(file) != EOF)
		offset++;
	limit = limit > ULONG_MAX - offset ? ULONG_MAX : offset + limit;
	for (unsigned long first = offset; offset < limit; offset += len) {
		size_t want = limit - offset < HEXDUMP_ROW ? limit - offset
							   : HEXDUMP_ROW;

		len = fread(row, 1, want, file);
		if (!len)
			break;
		/* Rows like the one before are one star. */
		if (offset > first && len == HEXDUMP_ROW &&
		    memcmp(row, last, HEXDUMP_ROW) == 0) {
			if (!starred)
				puts("*");
			starred = true;
			continue;
		}
		starred = false;
		hexdump_row(offset, row, len);
		memcpy(last, row, len);
	}
	printf("%08lx\n", offset);
}

int hexdump_main(int argc, char **argv)
{
	long skip = 0, limit = LONG_MAX;
	int status = 0;
	int option;

	while ((option = opt_next(argc, argv, "Cvn:s:")) != -1) {
		if (option == '?' ||
		    (option == 'n' && !parse_size(optarg, &limit)) ||
		    (option == 's' && !parse_size(optarg, &skip)))
			return usage_error(
				"hexdump [-C] [-n LENGTH] [-s SKIP] [FILE]...");
	}
	if (optind == argc)
		hexdump_stream(stdin, (unsigned long)skip,
			       (unsigned long)limit);
	for (; optind < argc; optind++) {
		FILE *file = input_open(argv[optind]);

		if (!file) {
			status = 1;
			continue;
		}
		hexdump_stream(file, (unsigned long)skip, (unsigned long)limit);
		input_close(file);
	}
	return finish_output(status);
}
