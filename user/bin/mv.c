// SPDX-License-Identifier: MIT
/*
 * mv: rename, or copy and remove where the target is another file system.
 */
#include "applets.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <user/lib/copy.h>
#include <user/lib/util.h>

static int mv_one(const char *source, const char *target,
		  const struct copy_options *options)
{
	struct stat st;

	if (options->ask && lstat(target, &st) == 0 &&
	    !ask_user("overwrite", target))
		return 0;
	if (options->verbose)
		printf("%s -> %s\n", source, target);
	if (rename(source, target) == 0)
		return 0;
	if (errno != EXDEV) {
		warn_errno("cannot move %s to %s", source, target);
		return 1;
	}
	if (copy_tree(source, target, options))
		return 1;
	return remove_tree(source);
}

int mv_main(int argc, char **argv)
{
	struct copy_options options = { .recursive = true, .preserve = true };
	bool to_file = false;
	int option;

	while ((option = opt_next(argc, argv, "fivT")) != -1) {
		switch (option) {
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
		case 'T':
			to_file = true;
			break;
		default:
			return usage_error("mv [-fiTv] SOURCE... TARGET");
		}
	}
	return for_each_target(argc - optind, argv + optind, to_file, mv_one,
			       &options);
}
