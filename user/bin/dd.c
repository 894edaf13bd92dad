// SPDX-License-Identifier: MIT
/*
 * dd: copy blocks: if= of= bs= count= skip= seek= conv=notrunc,fsync.
 */
#include "applets.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

#define DD_USAGE                                                               \
	"dd [if=FILE] [of=FILE] [bs=N] [count=N] [skip=N] [seek=N] [conv=notrunc,fsync]"

static struct {
	const char *in_path, *out_path;
	long block_size, count, skip, seek;
	bool no_truncate, fsync;
	int in, out;
} dd = { .block_size = 512, .count = LONG_MAX, .out = STDOUT_FILENO };

/* What was copied; a block is full when read(2) gave all of it at once. */
struct dd_totals {
	unsigned long full, partial;
	unsigned long long bytes;
};

static bool dd_parse(const char *word)
{
	static const struct {
		const char *name;
		long *value;
	} numbers[] = {
		{ "bs=", &dd.block_size },
		{ "count=", &dd.count },
		{ "skip=", &dd.skip },
		{ "seek=", &dd.seek },
	};

	if (strncmp(word, "if=", 3) == 0) {
		dd.in_path = word + 3;
		return true;
	}
	if (strncmp(word, "of=", 3) == 0) {
		dd.out_path = word + 3;
		return true;
	}
	if (strncmp(word, "conv=", 5) == 0) {
		dd.no_truncate = strstr(word, "notrunc");
		dd.fsync = strstr(word, "fsync");
		return true;
	}
	if (strncmp(word, "status=", 7) == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		size_t len = strlen(numbers[i].name);

		if (strncmp(word, numbers[i].name, len) == 0)
			return parse_size(word + len, numbers[i].value);
	}
	return false;
}

static bool dd_open(void)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC;

	if (dd.in_path) {
		dd.in = open(dd.in_path, O_RDONLY | O_CLOEXEC);
		if (dd.in < 0) {
			warn_errno("%s", dd.in_path);
			return false;
		}
	}
	if (dd.out_path) {
		if (!dd.no_truncate && !dd.seek)
			flags |= O_TRUNC;
		dd.out = open(dd.out_path, flags, 0666);
		if (dd.out < 0) {
			warn_errno("%s", dd.out_path);
			return false;
		}
	}
	if (dd.seek && lseek(dd.out, dd.seek * dd.block_size, SEEK_SET) < 0) {
		warn_errno("%s", dd.out_path ? dd.out_path : "stdout");
		return false;
	}
	return true;
}

/* Skip blocks: by seeking, or by reading what cannot seek. */
static bool dd_skip(char *buffer)
{
	if (!dd.skip || lseek(dd.in, dd.skip * dd.block_size, SEEK_CUR) >= 0)
		return true;
	for (long i = 0; i < dd.skip; i++)
		if (read(dd.in, buffer, (size_t)dd.block_size) <= 0)
			return false;
	return true;
}

/* Copy blocks up to the count or the end; 0, or 1 after what was reported. */
static int dd_copy(char *buffer, struct dd_totals *totals)
{
	for (long i = 0; i < dd.count; i++) {
		ssize_t got = read(dd.in, buffer, (size_t)dd.block_size);

		if (got < 0) {
			warn_errno("%s", dd.in_path ? dd.in_path : "stdin");
			return 1;
		}
		if (!got)
			return 0;
		if (write_all(dd.out, buffer, (size_t)got)) {
			warn_errno("%s", dd.out_path ? dd.out_path : "stdout");
			return 1;
		}
		totals->bytes += (unsigned long long)got;
		if (got == dd.block_size)
			totals->full++;
		else
			totals->partial++;
	}
	return 0;
}

int dd_main(int argc, char **argv)
{
	struct dd_totals totals = { 0 };
	char *buffer;
	int status;

	for (int i = 1; i < argc; i++)
		if (!dd_parse(argv[i]))
			return usage_error(DD_USAGE);
	if (dd.block_size <= 0 || dd.seek > LONG_MAX / dd.block_size ||
	    dd.skip > LONG_MAX / dd.block_size)
		return usage_error(DD_USAGE);
	buffer = xmalloc((size_t)dd.block_size);
	if (!dd_open() || !dd_skip(buffer))
		return 1;
	status = dd_copy(buffer, &totals);
	if (dd.fsync && fsync(dd.out)) {
		warn_errno("fsync");
		status = 1;
	}
	fprintf(stderr, "%lu+%lu blocks, %llu bytes copied\n", totals.full,
		totals.partial, totals.bytes);
	free(buffer);
	return status;
}
