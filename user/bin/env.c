// SPDX-License-Identifier: MIT
/*
 * env: run a program in a changed environment, or show it.
 */
#include "applets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

int env_main(int argc, char **argv)
{
	extern char **environ;
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-i") == 0 || strcmp(argv[i], "-") == 0)
			clearenv();
		else if (strcmp(argv[i], "-u") == 0 && i + 1 < argc)
			unsetenv(argv[++i]);
		else
			return usage_error(
				"env [-i] [-u NAME] [NAME=VALUE]... [COMMAND [ARGUMENT]...]");
	}
	for (; i < argc && strchr(argv[i], '='); i++)
		if (putenv(argv[i]))
			die(125, "out of memory");
	if (i == argc) {
		for (char **entry = environ; entry && *entry; entry++)
			puts(*entry);
		return finish_output(0);
	}
	execvp(argv[i], argv + i);
	warn_errno("%s", argv[i]);
	return errno == ENOENT ? 127 : 126;
}
