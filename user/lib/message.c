// SPDX-License-Identifier: MIT
/*
 * Messages of the utilities: all go to standard error and start with the
 * program's name, so that a pipeline's errors say who speaks.
 */
#include "util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *prog_name = "keelbox";

static void message_print(const char *fmt, va_list args, int error)
{
	/* What was written before must come out before. */
	fflush(stdout);
	fprintf(stderr, "%s: ", prog_name);
	vfprintf(stderr, fmt, args);
	if (error)
		fprintf(stderr, ": %s", strerror(error));
	fputc('\n', stderr);
}

void warn_msg(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message_print(fmt, args, 0);
	va_end(args);
}

void warn_errno(const char *fmt, ...)
{
	int error = errno;
	va_list args;

	va_start(args, fmt);
	message_print(fmt, args, error);
	va_end(args);
}

void die(int status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message_print(fmt, args, 0);
	va_end(args);
	exit(status);
}

int usage_error(const char *text)
{
	fprintf(stderr, "usage: %s\n", text);
	return 2;
}

int finish_output(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		warn_errno("write error");
	return status ? status : 1;
}
