// SPDX-License-Identifier: MIT
/*
 * rm: remove files, and trees with -r.
 */
#include "applets.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/copy.h>
#include <user/lib/util.h>

struct rm_options {
	bool recursive, force, ask, verbose;
};

static bool rm_is_forbidden(const char *path)
{
	const char *base = path_base(path);

	return strcmp(path, "/") == 0 || strcmp(base, ".") == 0 ||
	       strcmp(base, "..") == 0;
}

static int rm_one(const char *path, const struct rm_options *options)
{
	struct stat st;

	if (rm_is_forbidden(path)) {
		warn_msg("%s: will not remove this", path);
		return 1;
	}
	if (lstat(path, &st)) {
		if (options->force && (errno == ENOENT || errno == ENOTDIR))
			return 0;
		warn_errno("%s", path);
		return 1;
	}
	if (S_ISDIR(st.st_mode) && !options->recursive) {
		warn_msg("%s: is a directory (-r removes it)", path);
		return 1;
	}
	if (options->ask && !ask_user("remove", path))
		return 0;
	if (options->verbose)
		printf("%s\n", path);
	return remove_tree(path);
}

int rm_main(int argc, char **argv)
{
	struct rm_options options = { 0 };
	int status = 0;
	int option;

	while ((option = opt_next(argc, argv, "rRfiv")) != -1) {
		switch (option) {
		case 'r':
		case 'R':
			options.recursive = true;
			break;
		case 'f':
			options.force = true;
			options.ask = false;
			break;
		case 'i':
			options.ask = true;
			break;
		case 'v':
			options.verbose = true;
			break;
		default:
			return usage_error("rm [-firRv] FILE...");
		}
	}
	if (optind == argc && !options.force)
		return usage_error("rm [-firRv] FILE...");
	for (; optind < argc; optind++)
		status |= rm_one(argv[optind], &options);
	return finish_output(status);
}
