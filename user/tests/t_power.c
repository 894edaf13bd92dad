// SPDX-License-Identifier: MIT
/*
 * Changes files until the power goes.  Does not test by itself:
 * tests/test_powercut.py looks at what is left.
 *
 *     t_power DIRECTORY PROCESSES ROUNDS
 *
 * Each process has a directory of its own.  A round makes, replaces or removes
 * files there and calls fsync(2) or sync(2); when that has returned, it prints
 * "synced PROCESS ROUND".  What a round does follows from its number alone:
 *
 *     4n      makes the file "4n" under another name, fsync, rename, fsync of
 *             the directory
 *     4n + 1  makes the file "4n + 1", fdatasync
 *     4n + 2  writes its number over a block of "table", fdatasync; appends to
 *             "log", which is open with O_DSYNC
 *     4n + 3  makes a directory "d4n" and moves "4n" into it as "x", removes
 *             "4n + 1", sync
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX    6000
#define BLOCK_WORDS  512 /* of 8 bytes: 4 KiB */
#define TABLE_BLOCKS 16
#define RECORD_WORDS 25

static unsigned long process;

/* Errors end the process: the console then lacks its rounds, and says why. */
static int must(int ret, const char *what)
{
	if (ret < 0) {
		perror(what);
		_exit(1);
	}
	return ret;
}

static int open_file(const char *name, int flags)
{
	return must(open(name, flags, 0644), name);
}

static void write_words(int fd, const uint64_t *words, size_t count)
{
	const char *at = (const char *)words;
	size_t left = count * sizeof(*words);

	while (left) {
		size_t n = (size_t)must((int)write(fd, at, left), "write");

		at += n;
		left -= n;
	}
}

/* Every word of a file says whose it is, and which word. */
static void write_body(int fd, unsigned long round, size_t count)
{
	static uint64_t words[WORDS_MAX];

	for (size_t i = 0; i < count; i++)
		words[i] = (uint64_t)process << 48 | (uint64_t)round << 16 | i;
	write_words(fd, words, count);
}

static void make_file(const char *name, unsigned long round,
		      int (*stabilise)(int fd))
{
	int fd = open_file(name, O_WRONLY | O_CREAT | O_TRUNC);

	write_body(fd, round, round * 977 % WORDS_MAX);
	must(stabilise(fd), name);
	close(fd);
}

static void round_rename(unsigned long round)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "%lu", round);
	make_file("new", round, fsync);
	must(rename("new", name), "rename");
	fd = open_file(".", O_RDONLY | O_DIRECTORY);
	must(fsync(fd), "fsync of a directory");
	close(fd);
}

static void round_make(unsigned long round)
{
	char name[32];

	snprintf(name, sizeof(name), "%lu", round);
	make_file(name, round, fdatasync);
}

static void round_overwrite(unsigned long round)
{
	off_t block = (off_t)(round / 4 % TABLE_BLOCKS);
	int fd = open_file("table", O_WRONLY);
	uint64_t words[BLOCK_WORDS];

	for (size_t i = 0; i < BLOCK_WORDS; i++)
		words[i] = round;
	must((int)lseek(fd, block * (off_t)sizeof(words), SEEK_SET), "lseek");
	write_words(fd, words, BLOCK_WORDS);
	must(fdatasync(fd), "fdatasync");
	close(fd);
	fd = open_file("log", O_WRONLY | O_APPEND | O_DSYNC);
	write_body(fd, round, RECORD_WORDS);
	close(fd);
}

static void round_names(unsigned long round)
{
	char old[32], directory[32], new[40];

	snprintf(old, sizeof(old), "%lu", round - 3);
	snprintf(directory, sizeof(directory), "d%lu", round - 3);
	snprintf(new, sizeof(new), "%s/x", directory);
	must(mkdir(directory, 0755), "mkdir");
	must(rename(old, new), "rename");
	snprintf(old, sizeof(old), "%lu", round - 2);
	must(unlink(old), "unlink");
	sync();
}

static void prepare(void)
{
	static const uint64_t zeros[TABLE_BLOCKS * BLOCK_WORDS];
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "%lu", process);
	must(mkdir(name, 0755), "mkdir");
	must(chdir(name), "chdir");
	fd = open_file("table", O_WRONLY | O_CREAT);
	write_words(fd, zeros, TABLE_BLOCKS * BLOCK_WORDS);
	close(fd);
	close(open_file("log", O_WRONLY | O_CREAT));
	sync();
}

static void work(unsigned long rounds)
{
	static void (*const kinds[])(unsigned long round) = {
		round_rename,
		round_make,
		round_overwrite,
		round_names,
	};

	prepare();
	for (unsigned long round = 4; round < 4 + rounds; round++) {
		kinds[round % 4](round);
		/* One write(2), so that lines stay whole. */
		printf("synced %lu %lu.\n", process, round);
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	unsigned long processes, rounds;

	if (argc != 4) {
		fputs("usage: t_power DIRECTORY PROCESSES ROUNDS\n", stderr);
		return 2;
	}
	processes = strtoul(argv[2], NULL, 10);
	rounds = strtoul(argv[3], NULL, 10);
	must(mkdir(argv[1], 0755), argv[1]);
	must(chdir(argv[1]), argv[1]);
	for (process = 1; process <= processes; process++) {
		if (!must(fork(), "fork")) {
			work(rounds);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
