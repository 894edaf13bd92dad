// SPDX-License-Identifier: MIT
/* Rows of mapping memory, and of the first touch of its pages. */
#include "bench.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096ul

static volatile char sink;

static int mmap_run(struct bench_run *run)
{
	int error = 0;

	BENCH_LOOP(run, {
		void *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (at == MAP_FAILED)
			error = errno;
		munmap(at, PAGE);
	});
	return error;
}

/* Operations are pages. */
static void *map_pages(struct bench_run *run, int flags, int fd)
{
	char *at = mmap(NULL, run->count * PAGE, PROT_READ | PROT_WRITE, flags,
			fd, 0);

	if (at != MAP_FAILED)
		madvise(at, run->count * PAGE, MADV_NOHUGEPAGE);
	return at;
}

static int fault_anonymous_run(struct bench_run *run)
{
	char *at = map_pages(run, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (at == MAP_FAILED)
		return errno;
	BENCH_LOOP(run, at[i_ * PAGE] = 1);
	munmap(at, run->count * PAGE);
	return 0;
}

/* A file of so many pages, which are in the cache from writing it. */
static int make_file(unsigned long pages)
{
	static const char page[PAGE];
	int fd = open("bench.pages", O_CREAT | O_TRUNC | O_RDWR, 0644);

	for (; fd >= 0 && pages; pages--)
		if (bench_write_all(fd, page, PAGE))
			return -1;
	return fd;
}

static int fault_file_run(struct bench_run *run)
{
	int fd = make_file(run->count);
	char *at;

	if (fd < 0)
		return errno;
	at = map_pages(run, MAP_PRIVATE, fd);
	if (at == MAP_FAILED)
		return errno;
	BENCH_LOOP(run, sink = at[i_ * PAGE]);
	munmap(at, run->count * PAGE);
	close(fd);
	unlink("bench.pages");
	return 0;
}

/* The parent writes what it shares with a child that waits meanwhile. */
static int fault_cow_run(struct bench_run *run)
{
	char *at = map_pages(run, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int ends[2];
	pid_t child;
	char byte;

	if (at == MAP_FAILED || pipe(ends))
		return errno;
	for (unsigned long i = 0; i < run->count; i++)
		at[i * PAGE] = 1;
	child = fork();
	if (child < 0)
		return errno;
	if (child == 0) {
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) != 0);
	}
	BENCH_LOOP(run, at[i_ * PAGE] = 2);
	close(ends[1]);
	close(ends[0]);
	munmap(at, run->count * PAGE);
	return bench_wait(child);
}

const struct bench_row memory_rows[] = {
	{ "mmap_munmap", 2000, mmap_run },
	{ "fault_anonymous", 2048, fault_anonymous_run },
	{ "fault_file", 1024, fault_file_run },
	{ "fault_cow", 2048, fault_cow_run },
	{},
};
