// SPDX-License-Identifier: MIT
/*
 * rmdir: remove empty directories, with -p their parents after them.
 */
#include "applets.h"

#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

static int rmdir_one(char *path, bool parents)
{
	for (;;) {
		char *slash;

		if (rmdir(path)) {
			warn_errno("%s", path);
			return 1;
		}
		slash = strrchr(path, '/');
		if (!parents || !slash || slash == path)
			return 0;
		*slash = '\0';
	}
}

int rmdir_main(int argc, char **argv)
{
	bool parents = false;
	int status = 0;
	int option;

	while ((option = opt_next(argc, argv, "p")) != -1) {
		if (option != 'p')
			return usage_error("rmdir [-p] DIRECTORY...");
		parents = true;
	}
	if (optind == argc)
		return usage_error("rmdir [-p] DIRECTORY...");
	for (; optind < argc; optind++)
		status |= rmdir_one(argv[optind], parents);
	return status;
}
