// SPDX-License-Identifier: MIT
/* Rows that change or read files, in the working directory. */
#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_SIZE   (4ul << 20) /* of the rows that write and read */
#define DIR_ENTRIES 200
#define NAME_SIZE   32
#define DATA_FILE   "bench.data"
#define ENTRIES_DIR "bench.entries"
#define MOUNT_DIR   "bench.mount"

static void name_make(char *name, const char *kind, unsigned long number)
{
	snprintf(name, NAME_SIZE, "%s%lu", kind, number);
}

/* Make a file; counts the operation when asked to. */
static int create_one(struct bench_run *run, unsigned long number)
{
	char name[NAME_SIZE];
	int fd;

	name_make(name, "bench.f", number);
	if (run)
		bench_start(run);
	fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0644);
	if (fd < 0)
		return errno;
	close(fd);
	if (run)
		bench_stop(run);
	return 0;
}

static int unlink_one(struct bench_run *run, const char *kind,
		      unsigned long number)
{
	char name[NAME_SIZE];
	int result;

	name_make(name, kind, number);
	if (run)
		bench_start(run);
	result = unlink(name);
	if (run)
		bench_stop(run);
	return result ? errno : 0;
}

static int rename_one(struct bench_run *run, unsigned long number)
{
	char from[NAME_SIZE], to[NAME_SIZE];
	int result;

	name_make(from, "bench.f", number);
	name_make(to, "bench.g", number);
	bench_start(run);
	result = rename(from, to);
	bench_stop(run);
	return result ? errno : 0;
}

static int create_run(struct bench_run *run)
{
	int error = 0;

	for (unsigned long i = 0; i < run->count && !error; i++)
		error = create_one(run, i);
	for (unsigned long i = 0; i < run->count; i++)
		unlink_one(NULL, "bench.f", i);
	return error;
}

static int unlink_run(struct bench_run *run)
{
	int error = 0;

	for (unsigned long i = 0; i < run->count && !error; i++)
		error = create_one(NULL, i);
	for (unsigned long i = 0; i < run->count && !error; i++)
		error = unlink_one(run, "bench.f", i);
	return error;
}

static int rename_run(struct bench_run *run)
{
	int error = 0;

	for (unsigned long i = 0; i < run->count && !error; i++)
		error = create_one(NULL, i);
	for (unsigned long i = 0; i < run->count && !error; i++)
		error = rename_one(run, i);
	for (unsigned long i = 0; i < run->count; i++)
		unlink_one(NULL, "bench.g", i);
	return error;
}

/* List the directory once, in pieces as readdir() asks for. */
static int list_entries(int fd)
{
	static char buf[2048] __attribute__((aligned(8)));
	long n;

	if (lseek(fd, 0, SEEK_SET))
		return errno;
	do
		n = syscall(SYS_getdents64, fd, buf, sizeof(buf));
	while (n > 0);
	return n ? errno : 0;
}

static int getdents_run(struct bench_run *run)
{
	int error = 0;
	int fd;

	if (mkdir(ENTRIES_DIR, 0755) || chdir(ENTRIES_DIR))
		return errno;
	for (unsigned long i = 0; i < DIR_ENTRIES && !error; i++)
		error = create_one(NULL, i);
	fd = open(".", O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return errno;
	BENCH_LOOP(run, error |= list_entries(fd));
	close(fd);
	for (unsigned long i = 0; i < DIR_ENTRIES; i++)
		unlink_one(NULL, "bench.f", i);
	if (chdir("..") || rmdir(ENTRIES_DIR))
		return errno;
	return error;
}

/* 4 MiB in 4 KiB pieces. */
static int write_data(int fd)
{
	int error = 0;

	for (unsigned long at = 0; at < FILE_SIZE && !error; at += BENCH_BLOCK)
		error = bench_write_all(fd, bench_block, BENCH_BLOCK);
	return error;
}

static int write_fsync_run(struct bench_run *run)
{
	int error = 0;

	for (unsigned long i = 0; i < run->count && !error; i++) {
		int fd = open(DATA_FILE, O_CREAT | O_TRUNC | O_WRONLY, 0644);

		if (fd < 0)
			return errno;
		bench_start(run);
		error = write_data(fd);
		if (fsync(fd))
			error = errno;
		bench_stop(run);
		close(fd);
	}
	unlink(DATA_FILE);
	return error;
}

static int read_data(int fd)
{
	int error = lseek(fd, 0, SEEK_SET) ? errno : 0;

	for (unsigned long at = 0; at < FILE_SIZE && !error; at += BENCH_BLOCK)
		error = bench_read_all(fd, bench_block, BENCH_BLOCK);
	return error;
}

static int read_cached_run(struct bench_run *run)
{
	int fd = open(DATA_FILE, O_CREAT | O_TRUNC | O_RDWR, 0644);
	int error;

	if (fd < 0)
		return errno;
	error = write_data(fd);
	BENCH_LOOP(run, error |= read_data(fd));
	close(fd);
	unlink(DATA_FILE);
	return error;
}

/* Mount an empty tmpfs, and take it away. */
static int mount_once(void)
{
	if (mount("none", MOUNT_DIR, "tmpfs", 0, NULL))
		return errno;
	return umount(MOUNT_DIR) ? errno : 0;
}

static int mount_run(struct bench_run *run)
{
	int error = mkdir(MOUNT_DIR, 0755) ? errno : 0;

	BENCH_LOOP(run, error |= mount_once());
	rmdir(MOUNT_DIR);
	return error;
}

const struct bench_row file_rows[] = {
	{ "create", 200, create_run },
	{ "unlink", 200, unlink_run },
	{ "rename", 200, rename_run },
	{ "getdents_200", 20, getdents_run },
	{ "write_fsync_4m", 2, write_fsync_run },
	{ "read_cached_4m", 4, read_cached_run },
	{ "mount", 20, mount_run },
	{},
};
