// SPDX-License-Identifier: MIT
/*
 * Reading, writing and copying.
 */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int write_all(int fd, const void *data, size_t len)
{
	const char *next = data;

	while (len) {
		ssize_t done = write(fd, next, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		next += done;
		len -= (size_t)done;
	}
	return 0;
}

int copy_fd(int in, int out, bool *in_failed)
{
	static char buffer[32768];

	for (;;) {
		ssize_t got = read(in, buffer, sizeof(buffer));

		if (got < 0 && errno == EINTR)
			continue;
		*in_failed = got < 0;
		if (got <= 0)
			return (int)got;
		if (write_all(out, buffer, (size_t)got))
			return -1;
	}
}

ssize_t read_file_text(const char *path, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t got;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;

	while (len < size - 1) {
		got = read(fd, buf + len, size - 1 - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		len += (size_t)got;
	}
	close(fd);
	buf[len] = '\0';
	return (ssize_t)len;
}

FILE *input_open(const char *path)
{
	FILE *file;

	if (!path || strcmp(path, "-") == 0)
		return stdin;

	file = fopen(path, "re");
	if (!file)
		warn_errno("%s", path);
	return file;
}

void input_close(FILE *file)
{
	if (file != stdin)
		fclose(file);
}
