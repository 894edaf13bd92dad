// SPDX-License-Identifier: MIT
/*
 * Rows about getting data to the disk and back, in the working directory: what
 * databases, editors and mail servers do.
 */
#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define SMALL     1000        /* bytes of a small file */
#define BIG_SIZE  (4ul << 20) /* it has so many */
#define NAME_SIZE 48
#define DATA_FILE "bench.disk"

/* Write a new file, wait until the disk has it; returns 0 or an errno. */
static int save_as(const char *path)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);
	int error;

	if (fd < 0)
		return errno;
	error = bench_write_all(fd, bench_block, SMALL);
	if (fsync(fd))
		error = errno;
	close(fd);
	return error;
}

static void save_name(char *name, int process, unsigned long number)
{
	snprintf(name, NAME_SIZE, "bench.save%d.%lu", process, number);
}

static int save_new_run(struct bench_run *run)
{
	char name[NAME_SIZE];
	int error = 0;

	sync();
	for (unsigned long i = 0; i < run->count && !error; i++) {
		save_name(name, 0, i);
		bench_start(run);
		error = save_as(name);
		bench_stop(run);
	}
	for (unsigned long i = 0; i < run->count; i++) {
		save_name(name, 0, i);
		unlink(name);
	}
	return error;
}

/* As editors do: the old contents or the new, whatever happens. */
static int save_over_run(struct bench_run *run)
{
	int error = save_as(DATA_FILE);

	for (unsigned long i = 0; i < run->count && !error; i++) {
		bench_start(run);
		error = save_as(DATA_FILE ".new");
		if (!error && rename(DATA_FILE ".new", DATA_FILE))
			error = errno;
		bench_stop(run);
	}
	unlink(DATA_FILE);
	return error;
}

/* Each operation writes size bytes, where step says, and waits for the disk. */
static int log_run(struct bench_run *run, size_t size, off_t step)
{
	int fd = open(DATA_FILE, O_CREAT | O_TRUNC | O_WRONLY, 0644);
	int error;

	if (fd < 0)
		return errno;
	error = bench_write_all(fd, bench_block, size);
	if (fsync(fd))
		error = errno;
	for (unsigned long i = 0; i < run->count && !error; i++) {
		bench_start(run);
		if (pwrite(fd, bench_block, size, (off_t)i * step) !=
			    (ssize_t)size ||
		    fdatasync(fd))
			error = errno;
		bench_stop(run);
	}
	close(fd);
	unlink(DATA_FILE);
	return error;
}

static int append_sync_run(struct bench_run *run)
{
	return log_run(run, SMALL, SMALL);
}

static int rewrite_sync_run(struct bench_run *run)
{
	return log_run(run, BENCH_BLOCK, 0);
}

/* 4 MiB in pieces, from where the file is, with a function that moves some. */
static int move_big(int fd, int (*move)(int fd, void *buf, size_t size))
{
	int error = lseek(fd, 0, SEEK_SET) ? errno : 0;

	for (unsigned long at = 0; at < BIG_SIZE && !error; at += BENCH_BLOCK)
		error = move(fd, bench_block, BENCH_BLOCK);
	return error;
}

static int write_piece(int fd, void *buf, size_t size)
{
	return bench_write_all(fd, buf, size);
}

/* Make the file, the disk has it and the cache has not; its descriptor. */
static int open_big(int *error)
{
	int fd = open(DATA_FILE, O_CREAT | O_TRUNC | O_RDWR, 0644);

	*error = fd < 0 ? errno : move_big(fd, write_piece);
	if (!*error && fsync(fd))
		*error = errno;
	if (!*error)
		*error = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	return fd;
}

static int read_big_run(struct bench_run *run)
{
	int error = 0;

	for (unsigned long i = 0; i < run->count && !error; i++) {
		int fd = open_big(&error);

		bench_start(run);
		error = error ? error : move_big(fd, bench_read_all);
		bench_stop(run);
		close(fd);
	}
	unlink(DATA_FILE);
	return error;
}

/* Over what the file has already. */
static int rewrite_big_run(struct bench_run *run)
{
	int error;
	int fd = open_big(&error);

	for (unsigned long i = 0; i < run->count && !error; i++) {
		bench_start(run);
		error = move_big(fd, write_piece);
		if (fsync(fd))
			error = errno;
		bench_stop(run);
	}
	close(fd);
	unlink(DATA_FILE);
	return error;
}

const struct bench_row disk_rows[] = {
	{ "save_new", 50, save_new_run },
	{ "save_over", 50, save_over_run },
	{ "append_sync", 50, append_sync_run },
	{ "rewrite_sync", 50, rewrite_sync_run },
	{ "read_4m", 2, read_big_run },
	{ "rewrite_4m", 2, rewrite_big_run },
	{},
};

/* A process that saves some files. */
static int saves_of(int process, unsigned long count)
{
	char name[NAME_SIZE];
	int error = 0;

	for (unsigned long i = 0; i < count && !error; i++) {
		save_name(name, process, i);
		error = save_as(name);
	}
	return error;
}

/* As many processes as size save their files at the same time. */
static int saves_by_run(struct bench_run *run)
{
	unsigned long each = run->count / run->size;
	char name[NAME_SIZE];
	int error = 0;

	sync();
	bench_start(run);
	for (int i = 0; i < (int)run->size; i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(saves_of(i, each) ? 1 : 0);
		error = child < 0 ? errno : error;
	}
	for (int i = 0; i < (int)run->size; i++)
		error |= bench_wait(-1);
	bench_stop(run);
	for (int i = 0; i < (int)run->size; i++)
		for (unsigned long j = 0; j < each; j++) {
			save_name(name, i, j);
			unlink(name);
		}
	return error;
}

const struct bench_row many_savers_rows[] = {
	{ "saves_by", 80, saves_by_run },
	{},
};
