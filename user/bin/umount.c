// SPDX-License-Identifier: MIT
/*
 * umount: detach file systems.
 */
#include "applets.h"

#include <sys/mount.h>
#include <unistd.h>

#include <user/lib/util.h>

int umount_main(int argc, char **argv)
{
	int flags = 0, status = 0;
	int option;

	while ((option = opt_next(argc, argv, "lf")) != -1) {
		if (option == '?')
			return usage_error("umount [-fl] DIRECTORY...");
		flags |= option == 'l' ? MNT_DETACH : MNT_FORCE;
	}
	if (optind == argc)
		return usage_error("umount [-fl] DIRECTORY...");
	for (; optind < argc; optind++) {
		if (umount2(argv[optind], flags)) {
			warn_errno("%s", argv[optind]);
			status = 1;
		}
	}
	return status;
}
