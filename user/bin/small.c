// SPDX-License-Identifier: MIT
/*
 * Utilities that are a few lines each: true false pwd sync clear yes nproc
 * hostname basename dirname readlink which mknod uptime.
 */
#include "applets.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <user/lib/util.h>

int true_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int false_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 1;
}

int pwd_main(int argc, char **argv)
{
	char path[PATH_MAX];

	(void)argc;
	(void)argv;
	if (!getcwd(path, sizeof(path))) {
		warn_errno("cannot tell");
		return 1;
	}
	puts(path);
	return finish_output(0);
}

int sync_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	sync();
	return 0;
}

int clear_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	fputs("\033[H\033[2J", stdout);
	return finish_output(0);
}

int yes_main(int argc, char **argv)
{
	const char *text = argc > 1 ? argv[1] : "y";

	while (puts(text) >= 0)
		;
	return finish_output(1);
}

int nproc_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	printf("%ld\n", sysconf(_SC_NPROCESSORS_ONLN));
	return finish_output(0);
}

int hostname_main(int argc, char **argv)
{
	char name[HOST_NAME_MAX + 1];

	if (argc > 1) {
		if (sethostname(argv[1], strlen(argv[1])) == 0)
			return 0;
		warn_errno("cannot set it");
		return 1;
	}
	if (gethostname(name, sizeof(name))) {
		warn_errno("cannot tell");
		return 1;
	}
	puts(name);
	return finish_output(0);
}

/* Cut trailing slashes, all but the first. */
static void cut_slashes(char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
}

int basename_main(int argc, char **argv)
{
	char *name;
	size_t len, suffix;

	if (argc < 2)
		return usage_error("basename PATH [SUFFIX]");
	cut_slashes(argv[1]);
	name = (char *)path_base(argv[1]);
	len = strlen(name);
	suffix = argc > 2 ? strlen(argv[2]) : 0;
	if (suffix && suffix < len && strcmp(name + len - suffix, argv[2]) == 0)
		name[len - suffix] = '\0';
	puts(name);
	return finish_output(0);
}

int dirname_main(int argc, char **argv)
{
	char *slash;

	if (argc < 2)
		return usage_error("dirname PATH");
	cut_slashes(argv[1]);
	slash = strrchr(argv[1], '/');
	if (slash) {
		slash[slash == argv[1]] = '\0';
		cut_slashes(argv[1]);
	}
	puts(slash ? argv[1] : ".");
	return finish_output(0);
}

int readlink_main(int argc, char **argv)
{
	bool resolve = argc > 2 && strcmp(argv[1], "-f") == 0;
	const char *path = argc > 1 ? argv[argc - 1] : NULL;
	char target[PATH_MAX];
	ssize_t len;

	if (!path)
		return usage_error("readlink [-f] PATH");
	if (resolve) {
		if (!realpath(path, target)) {
			warn_errno("%s", path);
			return 1;
		}
	} else {
		len = readlink(path, target, sizeof(target) - 1);
		if (len < 0) {
			warn_errno("%s", path);
			return 1;
		}
		target[len] = '\0';
	}
	puts(target);
	return finish_output(0);
}

static bool which_one(const char *name)
{
	const char *dir = getenv("PATH");
	char path[PATH_MAX];

	if (strchr(name, '/'))
		dir = NULL;
	while (dir) {
		size_t len = strcspn(dir, ":");

		snprintf(path, sizeof(path), "%.*s/%s", (int)len, dir, name);
		if (access(path, X_OK) == 0) {
			puts(path);
			return true;
		}
		dir = dir[len] ? dir + len + 1 : NULL;
	}
	if (!strchr(name, '/') || access(name, X_OK))
		return false;
	puts(name);
	return true;
}

int which_main(int argc, char **argv)
{
	int status = 0;

	for (int i = 1; i < argc; i++)
		if (!which_one(argv[i]))
			status = 1;
	return finish_output(status);
}

int mknod_main(int argc, char **argv)
{
	long major_nr = 0, minor_nr = 0;
	mode_t type = 0;

	if (argc == 5 && parse_number(argv[3], 0, 4095, &major_nr) &&
	    parse_number(argv[4], 0, 1048575, &minor_nr))
		type = strcmp(argv[2], "c") == 0   ? S_IFCHR
		       : strcmp(argv[2], "b") == 0 ? S_IFBLK
						   : 0;
	else if (argc == 3 && strcmp(argv[2], "p") == 0)
		type = S_IFIFO;
	if (!type)
		return usage_error("mknod PATH b|c MAJOR MINOR | PATH p");
	if (mknod(argv[1], type | 0666,
		  makedev((unsigned int)major_nr, (unsigned int)minor_nr))) {
		warn_errno("%s", argv[1]);
		return 1;
	}
	return 0;
}

int uptime_main(int argc, char **argv)
{
	char text[128];
	unsigned long seconds;

	(void)argc;
	(void)argv;
	if (read_file_text("/proc/uptime", text, sizeof(text)) < 0) {
		warn_errno("/proc/uptime");
		return 1;
	}
	seconds = strtoul(text, NULL, 10);
	printf("up %lu:%02lu:%02lu", seconds / 3600, seconds / 60 % 60,
	       seconds % 60);
	if (read_file_text("/proc/loadavg", text, sizeof(text)) > 0) {
		char *end = text;

		for (int i = 0; i < 3; i++)
			end += strcspn(end, " \n") + (i < 2);
		*end = '\0';
		printf(", load average %s", text);
	}
	putchar('\n');
	return finish_output(0);
}
