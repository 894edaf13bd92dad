// SPDX-License-Identifier: MIT
/* Rows that might cost more the bigger a file is: size pages of 4 KiB. */
#include "bench.h"

#include <fcntl.h>
#include <unistd.h>

#define PAGE 4096ul
#define NAME "bench.grown"

static char page[PAGE];

/* Open a new file of so many pages; -1 with errno. */
static int file_make(unsigned long pages)
{
	int fd = open(NAME, O_CREAT | O_TRUNC | O_RDWR, 0644);

	for (; fd >= 0 && pages; pages--) {
		errno = bench_write_all(fd, page, PAGE);
		if (errno)
			return -1;
	}
	return fd;
}

static int file_remove(int fd)
{
	close(fd);
	return unlink(NAME) ? errno : 0;
}

/* The last page, which is in the cache. */
static int read_run(struct bench_run *run)
{
	int fd = file_make(run->size);
	off_t last = (off_t)((run->size - 1) * PAGE);

	if (fd < 0)
		return errno;
	BENCH_LOOP(run, pread(fd, page, PAGE, last));
	return file_remove(fd);
}

/* The file is made shorter again after each time. */
static int append_run(struct bench_run *run)
{
	off_t end = (off_t)(run->size * PAGE);
	int fd = file_make(run->size);
	int error = 0;

	if (fd < 0)
		return errno;
	for (unsigned long i = 0; i < run->count && !error; i++) {
		bench_start(run);
		if (pwrite(fd, page, PAGE, end) != (ssize_t)PAGE)
			error = errno;
		bench_stop(run);
		if (ftruncate(fd, end))
			error = errno;
	}
	return error ? error : file_remove(fd);
}

/* To nothing. */
static int truncate_run(struct bench_run *run)
{
	int error = 0;

	for (unsigned long i = 0; i < run->count && !error; i++) {
		int fd = file_make(run->size);

		if (fd < 0)
			return errno;
		bench_start(run);
		if (ftruncate(fd, 0))
			error = errno;
		bench_stop(run);
		error |= file_remove(fd);
	}
	return error;
}

const struct bench_row many_pages_rows[] = {
	{ "read_end_of", 1000, read_run },
	{ "append_to", 100, append_run },
	{ "truncate_of", 5, truncate_run },
	{},
};
