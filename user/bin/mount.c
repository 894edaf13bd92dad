// SPDX-License-Identifier: MIT
/*
 * mount: mount a file system, or list what is mounted.
 */
#include "applets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <user/lib/util.h>

static const struct mount_option {
	const char *name;
	unsigned long set, clear;
} mount_options[] = {
	{ "ro", MS_RDONLY, 0 },       { "rw", 0, MS_RDONLY },
	{ "remount", MS_REMOUNT, 0 }, { "bind", MS_BIND, 0 },
	{ "nosuid", MS_NOSUID, 0 },   { "nodev", MS_NODEV, 0 },
	{ "noexec", MS_NOEXEC, 0 },   { "sync", MS_SYNCHRONOUS, 0 },
	{ "noatime", MS_NOATIME, 0 }, { "relatime", MS_RELATIME, 0 },
	{ "defaults", 0, 0 },
};

/* Options that are flags; the others are appended to data for the kernel. */
static void mount_parse_options(char *text, unsigned long *flags, char *data,
				size_t size)
{
	char *word, *rest;

	for (word = strtok_r(text, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest)) {
		size_t i = 0;

		while (i < ARRAY_SIZE(mount_options) &&
		       strcmp(word, mount_options[i].name))
			i++;
		if (i < ARRAY_SIZE(mount_options)) {
			*flags |= mount_options[i].set;
			*flags &= ~mount_options[i].clear;
			continue;
		}
		if (strlen(data) + strlen(word) + 2 > size)
			die(1, "options too long");
		if (*data)
			strcat(data, ",");
		strcat(data, word);
	}
}

static int mount_list(void)
{
	char line[1024];
	FILE *file = fopen("/proc/mounts", "re");

	if (!file) {
		warn_errno("/proc/mounts");
		return 1;
	}
	while (fgets(line, sizeof(line), file)) {
		char *rest;
		char *device = strtok_r(line, " ", &rest);
		char *dir = strtok_r(NULL, " ", &rest);
		char *type = strtok_r(NULL, " ", &rest);
		char *options = strtok_r(NULL, " ", &rest);

		if (options)
			printf("%s on %s type %s (%s)\n", device, dir, type,
			       options);
	}
	fclose(file);
	return finish_output(0);
}

/* Without -t, try the types that live on disks, as /proc/filesystems has. */
static int mount_any_type(const char *device, const char *dir,
			  unsigned long flags, const char *data)
{
	FILE *file = fopen("/proc/filesystems", "re");
	char line[128], type[64];
	int error = ENODEV;

	if (flags & (MS_BIND | MS_REMOUNT) || !file)
		return mount(device, dir, file ? NULL : "ext4", flags, data);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "nodev", 5) == 0 ||
		    sscanf(line, "%63s", type) != 1)
			continue;
		if (mount(device, dir, type, flags, data) == 0) {
			fclose(file);
			return 0;
		}
		/* EINVAL: not this type; anything else says more. */
		if (errno != EINVAL || error == ENODEV)
			error = errno;
	}
	fclose(file);
	errno = error;
	return -1;
}

int mount_main(int argc, char **argv)
{
	const char *type = NULL, *device, *dir;
	unsigned long flags = 0;
	char data[256] = "";
	int option, ret;

	if (argc == 1)
		return mount_list();
	while ((option = opt_next(argc, argv, "t:o:rw")) != -1) {
		if (option == 't')
			type = optarg;
		else if (option == 'o')
			mount_parse_options(optarg, &flags, data, sizeof(data));
		else if (option == 'r')
			flags |= MS_RDONLY;
		else if (option == '?')
			return usage_error(
				"mount [-rw] [-t TYPE] [-o OPTIONS] DEVICE DIRECTORY");
	}
	if (argc - optind == 1 && (flags & MS_REMOUNT)) {
		device = dir = argv[optind];
	} else if (argc - optind == 2) {
		device = argv[optind];
		dir = argv[optind + 1];
	} else {
		return usage_error(
			"mount [-rw] [-t TYPE] [-o OPTIONS] DEVICE DIRECTORY");
	}
	ret = type ? mount(device, dir, type, flags, data)
		   : mount_any_type(device, dir, flags, data);
	if (ret) {
		warn_errno("cannot mount %s on %s", device, dir);
		return 1;
	}
	return 0;
}
