// SPDX-License-Identifier: MIT
/*
 * Line by line through files.
 */
#include "lines.h"

#include <stdlib.h>

#include "util.h"

static void stream_lines(FILE *file, line_fn *act, void *arg)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, file)) >= 0) {
		if (len && line[len - 1] == '\n')
			line[--len] = '\0';
		act(line, (size_t)len, arg);
	}
	free(line);
}

int for_each_line(int count, char **paths, line_fn *act, void *arg)
{
	int status = 0;

	if (!count)
		stream_lines(stdin, act, arg);
	for (int i = 0; i < count; i++) {
		FILE *file = input_open(paths[i]);

		if (!file) {
			status = 1;
			continue;
		}
		stream_lines(file, act, arg);
		input_close(file);
	}
	return status;
}
