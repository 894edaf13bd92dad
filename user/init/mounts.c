// SPDX-License-Identifier: MIT
/*
 * What init mounts.  A file system that the kernel mounted already is left
 * alone; one that the kernel does not have is not worth a message.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <user/lib/util.h>

#include "init.h"

static const struct init_mount {
	const char *type;
	const char *target;
	unsigned long flags;
	const char *data;
} mounts[] = {
	{ "proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL },
	{ "devtmpfs", "/dev", MS_NOSUID, "mode=755" },
	{ "tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777" },
	{ "tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777" },
	{ "tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=755" },
};

/* A mount point is on another device than the directory it is in. */
static bool is_mount_point(const char *path)
{
	char above[64];
	struct stat here, parent;

	snprintf(above, sizeof(above), "%s/..", path);
	return stat(path, &here) == 0 && stat(above, &parent) == 0 &&
	       here.st_dev != parent.st_dev;
}

void init_mount_all(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		const struct init_mount *mount_entry = &mounts[i];

		if (is_mount_point(mount_entry->target))
			continue;
		/* Fails where it exists or the root is read-only. */
		mkdir(mount_entry->target, 0755);
		if (mount(mount_entry->type, mount_entry->target,
			  mount_entry->type, mount_entry->flags,
			  mount_entry->data) == 0)
			continue;
		if (errno != EBUSY && errno != ENODEV)
			init_say("cannot mount %s: %s", mount_entry->target,
				 strerror(errno));
	}
}

/* The value of name= on the kernel's command line, or NULL. */
static const char *command_line_value(const char *name, char *buf, size_t size)
{
	size_t len = strlen(name);
	char *word, *rest;

	if (read_file_text("/proc/cmdline", buf, size) < 0)
		return NULL;
	for (word = strtok_r(buf, " \n", &rest); word;
	     word = strtok_r(NULL, " \n", &rest))
		if (strncmp(word, name, len) == 0 && word[len] == '=')
			return word + len + 1;
	return NULL;
}

void init_explain_rescue(void)
{
	char line[1024];
	const char *root = command_line_value("root", line, sizeof(line));
	bool wanted = root && strcmp(root, "none") == 0;

	init_say("running from the built-in rescue system, %s",
		 wanted ? "as asked for" : "\"dmesg\" tells why");
	init_say("this is a rescue shell; \"poweroff\" and \"reboot\" work");
}
