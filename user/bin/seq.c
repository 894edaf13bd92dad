// SPDX-License-Identifier: MIT
/*
 * seq: count.  Whole numbers only.
 */
#include "applets.h"

#include <limits.h>
#include <string.h>

#include <user/lib/util.h>

#define SEQ_USAGE "seq [-s SEPARATOR] [FIRST [STEP]] LAST"

int seq_main(int argc, char **argv)
{
	const char *separator = "\n", *gap = "";
	long first = 1, step = 1, last;
	int i = 1;

	/* Not getopt(): "-5" is an operand here. */
	if (argc > 3 && strcmp(argv[1], "-s") == 0) {
		separator = argv[2];
		i = 3;
	}
	if (argc - i < 1 || argc - i > 3 ||
	    !parse_number(argv[argc - 1], LONG_MIN, LONG_MAX, &last) ||
	    (argc - i > 1 &&
	     !parse_number(argv[i], LONG_MIN, LONG_MAX, &first)) ||
	    (argc - i > 2 &&
	     !parse_number(argv[i + 1], LONG_MIN, LONG_MAX, &step)))
		return usage_error(SEQ_USAGE);
	if (!step) {
		warn_msg("a step of 0 never ends");
		return 1;
	}
	while (step > 0 ? first <= last : first >= last) {
		printf("%s%ld", gap, first);
		gap = separator;
		if (__builtin_add_overflow(first, step, &first))
			break;
	}
	if (*gap)
		putchar('\n');
	return finish_output(0);
}
