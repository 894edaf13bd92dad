// SPDX-License-Identifier: MIT
#include "file.h"

#include <fcntl.h>

#include "check.h"

void file_enter_dir(void)
{
	const char *base = getenv("TMPDIR");
	char path[256];

	if (!base) {
		check_enter_tmpdir();
		return;
	}
	snprintf(path, sizeof(path), "%s/fileXXXXXX", base);
	EXPECT(mkdtemp(path));
	EXPECT_OK(chdir(path));
}

int file_make(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	if (fd < 0)
		check_fail("expected file %s, got %s", name, strerror(errno));
	EXPECT_EQ(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

const char *file_contents(const char *name)
{
	static char text[256];
	int fd = open(name, O_RDONLY);
	ssize_t len;

	if (fd < 0)
		check_fail("expected file %s, got %s", name, strerror(errno));
	len = read(fd, text, sizeof(text) - 1);
	EXPECT_OK(len);
	text[len] = '\0';
	close(fd);
	return text;
}

bool file_exists(const char *name)
{
	struct stat st;

	return lstat(name, &st) == 0;
}

nlink_t file_links(const char *name)
{
	struct stat st;

	EXPECT_OK(lstat(name, &st));
	return st.st_nlink;
}
