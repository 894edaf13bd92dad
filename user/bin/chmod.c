// SPDX-License-Identifier: MIT
/*
 * chmod: change modes, octal or symbolic.
 */
#include "applets.h"

#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

static bool chmod_recursive;

static int chmod_one(const char *path, const char *name, void *arg)
{
	const char *spec = arg;
	int status = 0;
	struct stat st;
	mode_t mode;

	(void)name;
	if (lstat(path, &st)) {
		warn_errno("%s", path);
		return 1;
	}
	/* A link named as an operand means its target; in trees, nothing. */
	if (S_ISLNK(st.st_mode)) {
		if (name)
			return 0;
		if (stat(path, &st)) {
			warn_errno("%s", path);
			return 1;
		}
	}
	if (!mode_parse(spec, st.st_mode, S_ISDIR(st.st_mode), &mode))
		die(2, "%s: bad mode", spec);
	if (chmod(path, mode)) {
		warn_errno("%s", path);
		status = 1;
	}
	if (chmod_recursive && S_ISDIR(st.st_mode))
		status |= dir_for_each(path, chmod_one, arg);
	return status;
}

/* "-x" is a mode, not an option. */
static bool chmod_is_option(const char *word)
{
	return strcmp(word, "-R") == 0;
}

int chmod_main(int argc, char **argv)
{
	int status = 0;
	int i = 1;

	for (; i < argc && chmod_is_option(argv[i]); i++)
		chmod_recursive = true;
	if (argc - i < 2)
		return usage_error("chmod [-R] MODE FILE...");
	for (int file = i + 1; file < argc; file++)
		status |= chmod_one(argv[file], NULL, argv[i]);
	return status;
}
