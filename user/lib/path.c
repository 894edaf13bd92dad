// SPDX-License-Identifier: MIT
/*
 * Path names and directories.
 */
#include "util.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *path_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);
	char *path = xmalloc(len + strlen(name) + 2);

	memcpy(path, dir, len);
	if (len && path[len - 1] != '/')
		path[len++] = '/';
	strcpy(path + len, name);
	return path;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static bool name_is_dots(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

int dir_for_each(const char *dir, dir_visit_fn *visit, void *arg)
{
	size_t count = 0, room = 0;
	char **names = NULL;
	struct dirent *entry;
	int status = 0;
	DIR *stream;

	stream = opendir(dir);
	if (!stream) {
		warn_errno("%s", dir);
		return 1;
	}

	while (errno = 0, (entry = readdir(stream))) {
		if (name_is_dots(entry->d_name))
			continue;
		if (count == room) {
			room = room ? room * 2 : 32;
			names = xrealloc(names, room * sizeof(*names));
		}
		names[count++] = xstrdup(entry->d_name);
	}
	if (errno) {
		warn_errno("%s", dir);
		status = 1;
	}
	closedir(stream);

	for (size_t i = 0; i < count; i++) {
		char *path = path_join(dir, names[i]);

		status |= visit(path, names[i], arg);
		free(path);
		free(names[i]);
	}
	free(names);
	return status;
}
