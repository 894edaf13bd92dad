// SPDX-License-Identifier: MIT
/* Rows of short calls about files that are open or easily found. */
#include "bench.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIR_1  "bench1"
#define DIR_2  DIR_1 "/bench2"
#define FILE_3 DIR_2 "/file" /* a path of three components */

static int null_run(struct bench_run *run)
{
	BENCH_LOOP(run, getppid());
	return 0;
}

static int read1_run(struct bench_run *run)
{
	int fd = open("/dev/zero", O_RDONLY);
	char byte;

	if (fd < 0)
		return errno;
	BENCH_LOOP(run, read(fd, &byte, 1));
	close(fd);
	return 0;
}

static int write1_run(struct bench_run *run)
{
	int fd = open("/dev/null", O_WRONLY);

	if (fd < 0)
		return errno;
	BENCH_LOOP(run, write(fd, "x", 1));
	close(fd);
	return 0;
}

static int make_deep_file(void)
{
	int fd;

	if ((mkdir(DIR_1, 0755) || mkdir(DIR_2, 0755)) && errno != EEXIST)
		return errno;
	fd = open(FILE_3, O_CREAT | O_RDWR, 0644);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static void remove_deep_file(void)
{
	unlink(FILE_3);
	rmdir(DIR_2);
	rmdir(DIR_1);
}

static int stat_run(struct bench_run *run)
{
	int error = make_deep_file();
	struct stat st;

	if (error)
		return error;
	BENCH_LOOP(run, stat(FILE_3, &st));
	remove_deep_file();
	return 0;
}

static int open_close_run(struct bench_run *run)
{
	int error = make_deep_file();

	if (error)
		return error;
	BENCH_LOOP(run, close(open(FILE_3, O_RDONLY)));
	remove_deep_file();
	return 0;
}

static int fstat_run(struct bench_run *run)
{
	int error = make_deep_file();
	struct stat st;
	int fd;

	if (error)
		return error;
	fd = open(FILE_3, O_RDONLY);
	BENCH_LOOP(run, fstat(fd, &st));
	close(fd);
	remove_deep_file();
	return 0;
}

const struct bench_row call_rows[] = {
	{ "null", 20000, null_run },
	{ "read1", 10000, read1_run },
	{ "write1", 10000, write1_run },
	{ "stat", 2000, stat_run },
	{ "open_close", 2000, open_close_run },
	{ "fstat", 5000, fstat_run },
	{},
};
