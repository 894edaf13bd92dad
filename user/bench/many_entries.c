// SPDX-License-Identifier: MIT
/*
 * Rows that might cost more the more entries a directory has: size of them,
 * in a directory below the working one.
 */
#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NAME_SIZE 32
#define FOLDER    "bench.many"

static void entry_name(char *name, unsigned long number)
{
	snprintf(name, NAME_SIZE, "entry%lu", number);
}

/* Make the directory with its entries, and go there. */
static int folder_enter(unsigned long count)
{
	char name[NAME_SIZE];
	int error = 0;

	if (mkdir(FOLDER, 0755) || chdir(FOLDER))
		return errno;
	for (unsigned long i = 0; i < count && !error; i++) {
		entry_name(name, i);
		error = bench_make_file(name);
	}
	return error;
}

static int folder_leave(unsigned long count)
{
	char name[NAME_SIZE];

	for (unsigned long i = 0; i < count; i++) {
		entry_name(name, i);
		unlink(name);
	}
	return chdir("..") || rmdir(FOLDER) ? errno : 0;
}

/* The one in the middle. */
static int stat_run(struct bench_run *run)
{
	int error = folder_enter(run->size);
	char name[NAME_SIZE];
	struct stat st;

	if (error)
		return error;
	entry_name(name, run->size / 2);
	BENCH_LOOP(run, stat(name, &st));
	return folder_leave(run->size);
}

/* Make, rename and remove a file; which of that counts, the step tells. */
enum step { CREATE, RENAME, UNLINK };

static int change_once(struct bench_run *run, enum step counted)
{
	int fd, result;

	if (counted == CREATE)
		bench_start(run);
	fd = open("new", O_CREAT | O_EXCL | O_WRONLY, 0644);
	close(fd);
	if (counted == CREATE)
		bench_stop(run);

	if (counted == RENAME)
		bench_start(run);
	result = rename("new", "newer");
	if (counted == RENAME)
		bench_stop(run);

	if (counted == UNLINK)
		bench_start(run);
	result |= unlink("newer");
	if (counted == UNLINK)
		bench_stop(run);
	return fd < 0 || result ? errno : 0;
}

static int change_run(struct bench_run *run, enum step counted)
{
	int error = folder_enter(run->size);

	for (unsigned long i = 0; i < run->count && !error; i++)
		error = change_once(run, counted);
	return error ? error : folder_leave(run->size);
}

static int create_run(struct bench_run *run)
{
	return change_run(run, CREATE);
}

static int rename_run(struct bench_run *run)
{
	return change_run(run, RENAME);
}

static int unlink_run(struct bench_run *run)
{
	return change_run(run, UNLINK);
}

/* List all, in pieces as readdir() asks for. */
static int list_once(int fd)
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

static int list_run(struct bench_run *run)
{
	int error = folder_enter(run->size);
	int fd = open(".", O_RDONLY | O_DIRECTORY);

	if (error || fd < 0)
		return errno;
	BENCH_LOOP(run, error |= list_once(fd));
	close(fd);
	return error ? error : folder_leave(run->size);
}

const struct bench_row many_entries_rows[] = {
	{ "stat_in", 1000, stat_run },    { "create_in", 100, create_run },
	{ "rename_in", 100, rename_run }, { "unlink_in", 100, unlink_run },
	{ "list_of", 10, list_run },      {},
};
