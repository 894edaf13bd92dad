// SPDX-License-Identifier: MIT
/*
 * Rows of whole programs' work: each runs busybox, the same binary on every
 * system, on files in the working directory.
 */
#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSYBOX      "/bin/busybox"
#define COMMANDS     1000
#define TREE_FOLDERS 40
#define FOLDER_FILES 50 /* 2,000 in all */
#define FILE_BYTES   1000
#define TEXT_SIZE    (8ul << 20)
#define PIPE_SIZE    (1ul << 20)
#define PATH_SIZE    64

/* busybox's arguments: an applet and its own. */
#define ARGUMENTS(...) ((const char *const[]){ "busybox", __VA_ARGS__, NULL })

/* Run busybox, with its output into /dev/null; returns 0 or an errno. */
static int busybox(const char *const argv[])
{
	pid_t child = fork();

	if (child < 0)
		return errno;
	if (child == 0) {
		int null = open("/dev/null", O_WRONLY);

		if (null < 0 || dup2(null, 1) < 0)
			_exit(1);
		execve(BUSYBOX, (char **)argv, (char *[]){ NULL });
		_exit(1);
	}
	return bench_wait(child);
}

/* Its pages are in the cache from then on. */
static int busybox_warm_up(void)
{
	return busybox(ARGUMENTS("true"));
}

static int count_busybox(struct bench_run *run, const char *const argv[])
{
	int error = busybox_warm_up();

	if (error)
		return error;
	bench_start(run);
	error = busybox(argv);
	bench_stop(run);
	return error;
}

/* Every line starts a program: each fifth reads, writes or computes. */
static int script_write(const char *path)
{
	static const char *const lines[] = {
		BUSYBOX " true\n",
		BUSYBOX " echo line >bench.line\n",
		BUSYBOX " cat bench.line\n",
		BUSYBOX " expr 6 '*' 7\n",
		BUSYBOX " test -f bench.line\n",
	};
	FILE *script = fopen(path, "w");

	if (!script)
		return errno;
	for (int i = 0; i < COMMANDS; i++)
		fputs(lines[(unsigned)i % BENCH_ARRAY_SIZE(lines)], script);
	return fclose(script) ? errno : 0;
}

static int script_run(struct bench_run *run)
{
	int error = script_write("bench.sh");

	if (error)
		return error;
	error = count_busybox(run, ARGUMENTS("sh", "bench.sh"));
	unlink("bench.sh");
	unlink("bench.line");
	return error;
}

static int tree_file_write(int folder, int number)
{
	static const char bytes[FILE_BYTES];
	char path[PATH_SIZE];
	int fd, error;

	snprintf(path, sizeof(path), "bench.tree/folder%d/file%d", folder,
		 number);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
	if (fd < 0)
		return errno;
	error = bench_write_all(fd, bytes, sizeof(bytes));
	close(fd);
	return error;
}

static int tree_make(void)
{
	char path[PATH_SIZE];
	int error = mkdir("bench.tree", 0755) ? errno : 0;

	for (int i = 0; i < TREE_FOLDERS && !error; i++) {
		snprintf(path, sizeof(path), "bench.tree/folder%d", i);
		if (mkdir(path, 0755))
			return errno;
		for (int j = 0; j < FOLDER_FILES && !error; j++)
			error = tree_file_write(i, j);
	}
	return error;
}

static int tree_remove(void)
{
	return busybox(ARGUMENTS("rm", "-r", "bench.tree"));
}

static int tree_build_run(struct bench_run *run)
{
	int error;

	/* What was left to write before is not this one's. */
	sync();
	bench_start(run);
	error = tree_make();
	bench_stop(run);
	return error ? error : tree_remove();
}

static int tree_walk_run(struct bench_run *run)
{
	int error = tree_make();

	sync();
	if (!error)
		error = count_busybox(
			run, ARGUMENTS("find", "bench.tree", "-size", "+0"));
	return error ? error : tree_remove();
}

static int tree_remove_run(struct bench_run *run)
{
	int error = tree_make();

	sync();
	if (!error)
		error = count_busybox(run, ARGUMENTS("rm", "-r", "bench.tree"));
	return error;
}

/* Wait until the disk has what was just made. */
static int tree_sync_run(struct bench_run *run)
{
	int error;

	sync();
	error = tree_make();
	bench_start(run);
	sync();
	bench_stop(run);
	return error ? error : tree_remove();
}

/* Unpack an archive of it, and wait until the disk has that. */
static int tree_unpack_run(struct bench_run *run)
{
	int error = tree_make();

	if (!error)
		error = busybox(
			ARGUMENTS("tar", "cf", "bench.tar", "bench.tree"));
	if (!error)
		error = tree_remove();
	sync();
	if (!error)
		error = count_busybox(run, ARGUMENTS("tar", "xf", "bench.tar"));
	bench_start(run);
	sync();
	bench_stop(run);
	unlink("bench.tar");
	return error ? error : tree_remove();
}

static int tree_copy_run(struct bench_run *run)
{
	int error = tree_make();

	sync();
	if (!error)
		error = count_busybox(
			run, ARGUMENTS("cp", "-r", "bench.tree", "bench.copy"));
	if (!error)
		error = busybox(ARGUMENTS("rm", "-r", "bench.copy"));
	return error ? error : tree_remove();
}

/* The same on every system. */
static unsigned int next_random(void)
{
	static unsigned int state = 1;

	state = state * 1664525 + 1013904223;
	return state >> 16;
}

/* Lines of some words, which come from a small vocabulary. */
static int text_write(const char *path, unsigned long size)
{
	FILE *text = fopen(path, "w");
	unsigned long written = 0;

	if (!text)
		return errno;
	while (written < size) {
		unsigned int word = next_random() % 5000;
		int end = next_random() % 8 == 0 ? '\n' : ' ';

		written += (unsigned)fprintf(text, "word%u%c", word, end);
	}
	return fclose(text) ? errno : 0;
}

static int count_on_text(struct bench_run *run, unsigned long size,
			 const char *const argv[])
{
	int error = text_write("bench.text", size);

	if (!error)
		error = count_busybox(run, argv);
	unlink("bench.text");
	return error;
}

static int sort_run(struct bench_run *run)
{
	return count_on_text(run, TEXT_SIZE, ARGUMENTS("sort", "bench.text"));
}

static int grep_run(struct bench_run *run)
{
	return count_on_text(
		run, TEXT_SIZE,
		ARGUMENTS("grep", "-F", "-c", "word4999", "bench.text"));
}

static int pipeline_run(struct bench_run *run)
{
	static char command[] = "busybox cat bench.text | busybox tr a-z A-Z |"
				" busybox cut -d ' ' -f 1 |"
				" busybox grep WORD1 | busybox sort |"
				" busybox uniq -c";

	return count_on_text(run, PIPE_SIZE, ARGUMENTS("sh", "-c", command));
}

const struct bench_row load_rows[] = {
	{ "script_1000", 1, script_run },
	{ "tree_build", 1, tree_build_run },
	{ "tree_walk", 1, tree_walk_run },
	{ "tree_remove", 1, tree_remove_run },
	{ "tree_sync", 1, tree_sync_run },
	{ "tree_copy", 1, tree_copy_run },
	{ "tree_unpack", 1, tree_unpack_run },
	{ "sort_8m", 1, sort_run },
	{ "grep_8m", 1, grep_run },
	{ "pipeline_6", 1, pipeline_run },
	{},
};
