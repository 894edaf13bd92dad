// SPDX-License-Identifier: MIT
/*
 * ln: hard links, and symbolic ones with -s.
 */
#include "applets.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <user/lib/copy.h>
#include <user/lib/util.h>

static bool ln_symbolic;

static int ln_one(const char *source, const char *target,
		  const struct copy_options *options)
{
	int ret;

	if (options->force)
		unlink(target); /* what is wrong, the link call says */
	ret = ln_symbolic ? symlink(source, target) : link(source, target);
	if (ret) {
		warn_errno("cannot link %s to %s", target, source);
		return 1;
	}
	if (options->verbose)
		printf("%s -> %s\n", target, source);
	return 0;
}

int ln_main(int argc, char **argv)
{
	struct copy_options options = { 0 };
	bool to_file = false;
	int option;

	while ((option = opt_next(argc, argv, "sfvnT")) != -1) {
		switch (option) {
		case 's':
			ln_symbolic = true;
			break;
		case 'f':
			options.force = true;
			break;
		case 'v':
			options.verbose = true;
			break;
		case 'n':
		case 'T':
			to_file = true;
			break;
		default:
			return usage_error("ln [-fnsTv] TARGET... LINK");
		}
	}
	if (argc - optind == 1) {
		const char *name = path_base(argv[optind]);

		return ln_one(argv[optind], name, &options);
	}
	return for_each_target(argc - optind, argv + optind, to_file, ln_one,
			       &options);
}
