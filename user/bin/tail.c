// SPDX-License-Identifier: MIT
/*
 * tail: the last lines or bytes of files, and with -f what is added to them.
 * A ring of the last lines is kept, so that pipes work as files do.
 */
#include "applets.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <user/lib/util.h>

#define TAIL_USAGE     "tail [-f] [-n [+]LINES | -c [+]BYTES] [FILE]..."
#define TAIL_POLL_NS   200000000L
#define TAIL_MAX_COUNT (1L << 24) /* the ring of lines is made at once */

static struct {
	long count;
	bool bytes;
	bool from_start; /* "+N": everything from the Nth on */
	bool follow;
} tail = { .count = 10 };

static void tail_copy(FILE *file)
{
	int c;

	while ((c = getc(file)) != EOF)
		putchar(c);
}

static void tail_from_start(FILE *file)
{
	long left = tail.count - 1;
	int c;

	while (left > 0 && (c = getc(file)) != EOF)
		if (tail.bytes || c == '\n')
			left--;
	tail_copy(file);
}

static void tail_bytes(FILE *file)
{
	size_t size = (size_t)tail.count, total = 0;
	char *ring = xmalloc(size);
	int c;

	while ((c = getc(file)) != EOF)
		if (size)
			ring[total++ % size] = (char)c;
	for (size_t i = total > size ? total - size : 0; i < total; i++)
		putchar(ring[i % size]);
	free(ring);
}

static void tail_lines(FILE *file)
{
	size_t size = (size_t)tail.count, total = 0, room = 0;
	char **ring = xmalloc(size * sizeof(*ring));
	ssize_t *lens = xmalloc(size * sizeof(*lens));
	char *line = NULL;
	ssize_t len;

	while ((len = getline(&line, &room, file)) >= 0) {
		if (!size)
			continue;
		if (total >= size)
			free(ring[total % size]);
		ring[total % size] = line;
		lens[total % size] = len;
		total++;
		line = NULL;
		room = 0;
	}
	free(line);
	for (size_t i = total > size ? total - size : 0; i < total; i++) {
		fwrite(ring[i % size], 1, (size_t)lens[i % size], stdout);
		free(ring[i % size]);
	}
	free(lens);
	free(ring);
}

static void tail_stream(FILE *file)
{
	if (tail.from_start)
		tail_from_start(file);
	else if (tail.bytes)
		tail_bytes(file);
	else
		tail_lines(file);
}

/* Until the reader of our output goes away or a signal ends us. */
static void tail_follow(FILE *file)
{
	const struct timespec pause = { .tv_nsec = TAIL_POLL_NS };

	while (fflush(stdout) == 0) {
		nanosleep(&pause, NULL);
		clearerr(file);
		tail_copy(file);
	}
}

static bool tail_count_option(const char *text)
{
	tail.from_start = *text == '+';
	if (*text == '+' || *text == '-')
		text++;
	return parse_size(text, &tail.count) && tail.count <= TAIL_MAX_COUNT;
}

/* "tail -5" and "tail +5", as older scripts write it. */
static bool tail_old_option(const char *word)
{
	if ((word[0] != '-' && word[0] != '+') || word[1] < '0' ||
	    word[1] > '9')
		return false;
	return tail_count_option(word);
}

/* The operands argv[first] and on, those of several with a head line. */
static int tail_operands(int argc, char **argv, int first)
{
	bool many = argc - first > 1;
	int status = 0;

	for (int i = first; i < argc; i++) {
		FILE *file = input_open(argv[i]);

		if (!file) {
			status = 1;
			continue;
		}
		if (many)
			printf("%s==> %s <==\n", i > first ? "\n" : "",
			       argv[i]);
		tail_stream(file);
		if (tail.follow && i + 1 == argc)
			tail_follow(file);
		input_close(file);
	}
	return status;
}

int tail_main(int argc, char **argv)
{
	int option;

	if (argc > 1 && tail_old_option(argv[1])) {
		argv[1] = argv[0];
		argv++;
		argc--;
	}
	while ((option = opt_next(argc, argv, "fFqn:c:")) != -1) {
		if (option == '?')
			return usage_error(TAIL_USAGE);
		if (option == 'f' || option == 'F')
			tail.follow = true;
		if ((option == 'n' || option == 'c') &&
		    !tail_count_option(optarg))
			return usage_error(TAIL_USAGE);
		tail.bytes |= option == 'c';
	}

	if (optind == argc)
		tail_stream(stdin);
	return finish_output(tail_operands(argc, argv, optind));
}
