// SPDX-License-Identifier: MIT
/*
 * df: how full file systems are, in KiB, or with -h in readable units.
 */
#include "applets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <user/lib/util.h>

static bool df_human, df_all;

static void df_format(uint64_t bytes, char text[24])
{
	if (df_human)
		size_format_human(bytes, text);
	else
		snprintf(text, 24, "%llu", (unsigned long long)bytes / 1024);
}

static int df_print(const char *device, const char *dir)
{
	char size[24], used[24], avail[24];
	unsigned long long percent = 0, taken;
	struct statvfs fs;

	if (statvfs(dir, &fs)) {
		warn_errno("%s", dir);
		return 1;
	}
	/* File systems without blocks (proc) say nothing here. */
	if (!fs.f_blocks && !df_all)
		return 0;
	taken = fs.f_blocks - fs.f_bfree;
	if (taken + fs.f_bavail)
		percent = (taken * 100 + taken + fs.f_bavail - 1) /
			  (taken + fs.f_bavail);
	df_format((uint64_t)fs.f_blocks * fs.f_frsize, size);
	df_format(taken * fs.f_frsize, used);
	df_format((uint64_t)fs.f_bavail * fs.f_frsize, avail);
	printf("%-15s %10s %10s %10s %3llu%% %s\n", device, size, used, avail,
	       percent > 100 ? 100 : percent, dir);
	return 0;
}

/* The mounted file system that path is on: the longest prefix on its device. */
static int df_lines(const char *path)
{
	char line[1024], best_device[256] = "-", best_dir[256] = "";
	FILE *file = fopen("/proc/mounts", "re");
	struct stat st, mounted;
	int status = 0;

	if (!file) {
		warn_errno("/proc/mounts");
		return 1;
	}
	if (path && stat(path, &st)) {
		warn_errno("%s", path);
		fclose(file);
		return 1;
	}
	while (fgets(line, sizeof(line), file)) {
		char device[256], dir[256];

		if (sscanf(line, "%255s %255s", device, dir) != 2)
			continue;
		if (!path) {
			status |= df_print(device, dir);
		} else if (stat(dir, &mounted) == 0 &&
			   mounted.st_dev == st.st_dev) {
			strcpy(best_device, device);
			strcpy(best_dir, dir);
		}
	}
	fclose(file);
	if (path)
		return df_print(best_device, *best_dir ? best_dir : path);
	return status;
}

int df_main(int argc, char **argv)
{
	int status = 0;
	int option;

	while ((option = opt_next(argc, argv, "ahk")) != -1) {
		if (option == '?')
			return usage_error("df [-ahk] [FILE]...");
		df_human |= option == 'h';
		df_all |= option == 'a';
	}
	printf("%-15s %10s %10s %10s %4s %s\n", "Filesystem",
	       df_human ? "Size" : "1K-blocks", "Used", "Available", "Use%",
	       "Mounted on");
	if (optind == argc)
		status = df_lines(NULL);
	for (; optind < argc; optind++)
		status |= df_lines(argv[optind]);
	return finish_output(status);
}
