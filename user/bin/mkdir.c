// SPDX-License-Identifier: MIT
/*
 * mkdir: make directories, with -p the missing parents too.
 */
#include "applets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

static int mkdir_one(const char *path, mode_t mode, bool exist_ok)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return 0;
	if (exist_ok && errno == EEXIST && stat(path, &st) == 0 &&
	    S_ISDIR(st.st_mode))
		return 0;
	warn_errno("%s", path);
	return 1;
}

static int mkdir_parents(const char *path, mode_t mode)
{
	char *copy = xstrdup(path);
	int status = 0;

	for (char *slash = strchr(copy + 1, '/'); copy[0] && slash && !status;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		status = mkdir_one(copy, 0777, true);
		*slash = '/';
	}
	free(copy);
	return status ? status : mkdir_one(path, mode, true);
}

int mkdir_main(int argc, char **argv)
{
	bool parents = false;
	mode_t mode = 0777;
	int status = 0;
	int option;

	while ((option = opt_next(argc, argv, "pm:")) != -1) {
		if (option == 'p')
			parents = true;
		else if (option != 'm' ||
			 !mode_parse(optarg, 0777, true, &mode))
			return usage_error("mkdir [-p] [-m MODE] DIRECTORY...");
	}
	if (optind == argc)
		return usage_error("mkdir [-p] [-m MODE] DIRECTORY...");
	for (; optind < argc; optind++)
		status |= parents ? mkdir_parents(argv[optind], mode)
				  : mkdir_one(argv[optind], mode, false);
	return status;
}
