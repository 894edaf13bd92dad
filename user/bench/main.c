// SPDX-License-Identifier: MIT
/*
 * bench: counts and prints; see bench.h.
 *
 *	bench [-d DIRECTORY] [-c instret|time] [-l] [NAME...]
 *
 * A name is that of a row, of a row at one of its sizes (NAME/SIZE), or of a
 * subject, of which all rows run.  -c chooses the counter, -l lists names.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench_internal.h"

const char *bench_program;

static void usage(void)
{
	fputs("usage: bench [-d DIRECTORY] [-c instret|time] [-l] [NAME...]\n",
	      stderr);
	exit(2);
}

static void enter_directory(const char *path)
{
	if (chdir(path)) {
		fprintf(stderr, "bench: %s: %s\n", path, strerror(errno));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	int option;

	bench_program = argv[0];
	counter_choose(NULL);
	while ((option = getopt(argc, argv, "c:d:lx")) != -1) {
		switch (option) {
		case 'c':
			if (!counter_choose(optarg))
				usage();
			break;
		case 'd':
			enter_directory(optarg);
			break;
		case 'l':
			rows_list();
			return 0;
		case 'x':
			return 0;
		default:
			usage();
		}
	}
	printf("counter %s\n", counter_name());
	return rows_run(argv + optind) ? 0 : 1;
}
