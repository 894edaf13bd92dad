// SPDX-License-Identifier: MIT
/*
 * head: the first lines or bytes of files.
 */
#include "applets.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

#define HEAD_USAGE "head [-n LINES | -c BYTES] [FILE]..."

static void head_stream(FILE *file, long count, bool bytes)
{
	int c;

	while (count > 0 && (c = getc(file)) != EOF) {
		putchar(c);
		if (bytes || c == '\n')
			count--;
	}
}

/* "head -5" is the old way to write "head -n 5", and still the usual one. */
static bool head_old_option(int *argc, char ***argv, long *count)
{
	if (*argc < 2 || (*argv)[1][0] != '-' ||
	    !parse_number((*argv)[1] + 1, 0, 0x7fffffffffffffffL, count))
		return false;
	(*argv)[1] = (*argv)[0];
	(*argv)++;
	(*argc)--;
	return true;
}

int head_main(int argc, char **argv)
{
	bool bytes = false;
	long count = 10;
	int status = 0;
	int option, many;

	head_old_option(&argc, &argv, &count);
	while ((option = opt_next(argc, argv, "n:c:q")) != -1) {
		if (option == 'q')
			continue;
		if (option == '?' || !parse_size(optarg, &count))
			return usage_error(HEAD_USAGE);
		bytes = option == 'c';
	}

	if (optind == argc)
		head_stream(stdin, count, bytes);
	many = argc - optind > 1;
	for (int i = optind; i < argc; i++) {
		FILE *file = input_open(argv[i]);

		if (!file) {
			status = 1;
			continue;
		}
		if (many)
			printf("%s==> %s <==\n", i > optind ? "\n" : "",
			       argv[i]);
		head_stream(file, count, bytes);
		input_close(file);
	}
	return finish_output(status);
}
