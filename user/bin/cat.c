// SPDX-License-Identifier: MIT
/*
 * cat: copy files to standard output.
 */
#include "applets.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

/* With -n: lines are numbered through all the files. */
static int cat_numbered(const char *path)
{
	static unsigned long line;
	static int last = '\n';
	FILE *file = input_open(path);
	int c;

	if (!file)
		return 1;
	while ((c = getc(file)) != EOF) {
		if (last == '\n')
			printf("%6lu\t", ++line);
		putchar(c);
		last = c;
	}
	input_close(file);
	return 0;
}

static int cat_plain(const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	bool in_failed = true;
	int fd, ret;

	fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		warn_errno("%s", path);
		return 1;
	}
	ret = copy_fd(fd, STDOUT_FILENO, &in_failed);
	if (ret)
		warn_errno("%s", in_failed ? path : "write error");
	if (!is_stdin)
		close(fd);
	return ret ? 1 : 0;
}

int cat_main(int argc, char **argv)
{
	int (*copy)(const char *path) = cat_plain;
	int status = 0;
	int option;

	while ((option = opt_next(argc, argv, "nu")) != -1) {
		if (option == '?')
			return usage_error("cat [-nu] [FILE]...");
		if (option == 'n')
			copy = cat_numbered;
	}

	if (optind == argc)
		status = copy("-");
	for (; optind < argc; optind++)
		status |= copy(argv[optind]);
	return finish_output(status);
}
