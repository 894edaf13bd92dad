// SPDX-License-Identifier: MIT
/*
 * cmp: compare two files byte by byte.  0 equal, 1 different, 2 trouble.
 */
#include "applets.h"

#include <unistd.h>

#include <user/lib/util.h>

int cmp_main(int argc, char **argv)
{
	unsigned long byte = 1, line = 1;
	bool silent = false;
	FILE *a, *b;
	int option, c, d;

	while ((option = opt_next(argc, argv, "s")) != -1) {
		if (option == '?')
			return usage_error("cmp [-s] FILE1 FILE2");
		silent = true;
	}
	if (argc - optind != 2)
		return usage_error("cmp [-s] FILE1 FILE2");
	a = input_open(argv[optind]);
	b = input_open(argv[optind + 1]);
	if (!a || !b)
		return 2;
	while ((c = getc(a)) == (d = getc(b)) && c != EOF) {
		byte++;
		line += c == '\n';
	}
	if (c == d)
		return 0;
	if (!silent && (c == EOF || d == EOF))
		warn_msg("%s ends after byte %lu", argv[optind + (c != EOF)],
			 byte - 1);
	else if (!silent)
		printf("%s %s differ: byte %lu, line %lu\n", argv[optind],
		       argv[optind + 1], byte, line);
	return finish_output(1);
}
