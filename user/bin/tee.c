// SPDX-License-Identifier: MIT
/*
 * tee: copy standard input to standard output and to files.
 */
#include "applets.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <user/lib/util.h>

int tee_main(int argc, char **argv)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_TRUNC;
	static char buffer[8192];
	int status = 0;
	int option, count;
	ssize_t got;
	int *fds;

	while ((option = opt_next(argc, argv, "ai")) != -1) {
		if (option == '?')
			return usage_error("tee [-ai] [FILE]...");
		if (option == 'a')
			flags = (flags & ~O_TRUNC) | O_APPEND;
		else
			signal(SIGINT, SIG_IGN);
	}
	count = argc - optind + 1;
	fds = xmalloc((size_t)count * sizeof(*fds));
	fds[0] = STDOUT_FILENO;
	for (int i = 1; i < count; i++) {
		fds[i] = open(argv[optind + i - 1], flags, 0666);
		if (fds[i] < 0) {
			warn_errno("%s", argv[optind + i - 1]);
			status = 1;
		}
	}
	while ((got = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0) {
		for (int i = 0; i < count; i++) {
			if (fds[i] < 0 ||
			    write_all(fds[i], buffer, (size_t)got) == 0)
				continue;
			warn_errno("%s", i ? argv[optind + i - 1] : "stdout");
			fds[i] = -1; /* go on for the others */
			status = 1;
		}
	}
	free(fds);
	return got < 0 ? 1 : status;
}
