// SPDX-License-Identifier: MIT
/*
 * touch: set the times of files to now, and make those that are missing.
 */
#include "applets.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <user/lib/util.h>

static int touch_one(const char *path, bool create,
		     const struct timespec *times)
{
	int fd;

	if (utimensat(AT_FDCWD, path, times, 0) == 0)
		return 0;
	if (errno == ENOENT && !create)
		return 0;
	if (errno == ENOENT) {
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
		if (fd >= 0) {
			int ret = times ? futimens(fd, times) : 0;

			close(fd);
			if (ret == 0)
				return 0;
		}
	}
	warn_errno("%s", path);
	return 1;
}

int touch_main(int argc, char **argv)
{
	struct timespec times[2];
	bool create = true, has_times = false;
	int status = 0;
	int option;

	while ((option = opt_next(argc, argv, "camr:d:")) != -1) {
		struct stat st;
		long seconds;

		if (option == 'c') {
			create = false;
		} else if (option == 'r') {
			if (stat(optarg, &st)) {
				warn_errno("%s", optarg);
				return 1;
			}
			times[0] = st.st_atim;
			times[1] = st.st_mtim;
			has_times = true;
		} else if (option == 'd' && optarg[0] == '@' &&
			   parse_number(optarg + 1, 0, 0x7fffffffffL,
					&seconds)) {
			times[0] = times[1] =
				(struct timespec){ .tv_sec = seconds };
			has_times = true;
		} else if (option == '?' || option == 'd') {
			return usage_error(
				"touch [-acm] [-r FILE | -d @SECONDS] FILE...");
		}
	}
	if (optind == argc)
		return usage_error(
			"touch [-acm] [-r FILE | -d @SECONDS] FILE...");
	for (; optind < argc; optind++)
		status |= touch_one(argv[optind], create,
				    has_times ? times : NULL);
	return status;
}
