// SPDX-License-Identifier: MIT
/*
 * cp: copy files and trees.  The copying itself is in user/lib/copy.c,
 * because mv needs it too when it crosses file systems.
 */
#include "applets.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/copy.h>
#include <user/lib/util.h>

int cp_main(int argc, char **argv)
{
	struct copy_options options = { .follow_links = true };
	bool to_file = false;
	int option;

	while ((option = opt_next(argc, argv, "rRapdfivTL")) != -1) {
		switch (option) {
		case 'a':
			options.recursive = options.preserve = true;
			options.follow_links = false;
			break;
		case 'r':
		case 'R':
			options.recursive = true;
			options.follow_links = false;
			break;
		case 'p':
			options.preserve = true;
			break;
		case 'd':
			options.follow_links = false;
			break;
		case 'f':
			options.force = true;
			break;
		case 'i':
			options.ask = true;
			break;
		case 'v':
			options.verbose = true;
			break;
		case 'L':
			options.follow_links = true;
			break;
		case 'T':
			to_file = true;
			break;
		default:
			return usage_error("cp [-adfiLpRTv] SOURCE... TARGET");
		}
	}
	return for_each_target(argc - optind, argv + optind, to_file, copy_tree,
			       &options);
}
