// SPDX-License-Identifier: MIT
/*
 * du: room that trees take on disk, in KiB.  Hard links count each time.
 */
#include "applets.h"

#include <unistd.h>

#include <user/lib/util.h>

static bool du_human, du_all, du_summary;

struct du_sum {
	uint64_t blocks; /* of 512 bytes */
	int depth;
};

static void du_print(uint64_t blocks, const char *path)
{
	char text[8];

	if (du_human) {
		size_format_human(blocks * 512, text);
		printf("%s\t%s\n", text, path);
	} else {
		printf("%llu\t%s\n", (unsigned long long)(blocks + 1) / 2,
		       path);
	}
}

static int du_one(const char *path, const char *name, void *arg)
{
	struct du_sum *outer = arg;
	struct du_sum sum = { .depth = outer->depth + 1 };
	int status = 0;
	struct stat st;

	(void)name;
	if (lstat(path, &st)) {
		warn_errno("%s", path);
		return 1;
	}
	sum.blocks = (uint64_t)st.st_blocks;
	if (S_ISDIR(st.st_mode))
		status = dir_for_each(path, du_one, &sum);
	if (sum.depth == 1 || (!du_summary && (du_all || S_ISDIR(st.st_mode))))
		du_print(sum.blocks, path);
	outer->blocks += sum.blocks;
	return status;
}

int du_main(int argc, char **argv)
{
	struct du_sum total = { 0 };
	int status = 0;
	int option;

	while ((option = opt_next(argc, argv, "ahks")) != -1) {
		if (option == '?')
			return usage_error("du [-ahks] [FILE]...");
		du_human |= option == 'h';
		du_all |= option == 'a';
		du_summary |= option == 's';
	}
	if (optind == argc)
		status = du_one(".", NULL, &total);
	for (; optind < argc; optind++)
		status |= du_one(argv[optind], NULL, &total);
	return finish_output(status);
}
