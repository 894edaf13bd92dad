// SPDX-License-Identifier: MIT
/*
 * bench: counts and prints; see bench.h.
 *
 *	bench [-d DIRECTORY] [-c instret|time] [-l] [NAME...]
 *
 * Instructions come from the instret counter where user programs may read it
 * and it counts, else from the time counter: with -icount shift=0 that makes a
 * step each 100 instructions, and disk waits add to it.  -c chooses.
 */
#include "bench.h"

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROW_LIMIT_S           120
#define INSTRUCTIONS_PER_TICK 100 /* QEMU's virt: time counts at 10 MHz */
#define WARM_UP_PART          8

/* The child of a row ends so when a call failed; it has printed why. */
#define STATUS_SKIPPED 98

static const struct bench_row *const subjects[] = {
	call_rows,    clock_rows,  signal_rows, pipe_rows,
	process_rows, thread_rows, memory_rows, file_rows,
};

const char *bench_program;
static bool use_instret;
static double loop_cost;

static inline uint64_t read_instret(void)
{
	uint64_t value;

	__asm__ volatile("rdinstret %0" : "=r"(value)::"memory");
	return value;
}

static inline uint64_t read_time(void)
{
	uint64_t value;

	__asm__ volatile("rdtime %0" : "=r"(value)::"memory");
	return value;
}

static inline uint64_t read_counter(void)
{
	if (use_instret)
		return read_instret();
	return read_time() * INSTRUCTIONS_PER_TICK;
}

void bench_start(struct bench_run *run)
{
	run->start = read_counter();
}

void bench_stop(struct bench_run *run)
{
	run->instructions += read_counter() - run->start;
}

int bench_read_all(int fd, void *buf, size_t size)
{
	char *at = buf;

	while (size) {
		ssize_t n = read(fd, at, size);

		if (n <= 0)
			return n ? errno : EPIPE;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

int bench_write_all(int fd, const void *buf, size_t size)
{
	const char *at = buf;

	while (size) {
		ssize_t n = write(fd, at, size);

		if (n < 0)
			return errno;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

int bench_wait(int pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : ECHILD;
}

static sigjmp_buf no_instret;

static void on_illegal(int sig)
{
	(void)sig;
	siglongjmp(no_instret, 1);
}

/* Linux forbids the counter, or stops it, unless told otherwise. */
static bool instret_counts(void)
{
	struct sigaction action = { .sa_handler = on_illegal }, old;
	volatile bool counts = false;

	sigaction(SIGILL, &action, &old);
	if (!sigsetjmp(no_instret, 1)) {
		uint64_t start = read_instret();

		counts = read_instret() != start;
	}
	sigaction(SIGILL, &old, NULL);
	return counts;
}

static double measure_loop(void)
{
	struct bench_run run = { .count = 100000 };

	BENCH_LOOP(&run, );
	return (double)run.instructions / (double)run.count;
}

/* Warm up, count, print; returns the status of the row's process. */
static int run_row(const struct bench_row *row)
{
	struct bench_run warm = { .count = row->count / WARM_UP_PART + 1 };
	struct bench_run run = { .count = row->count };
	int error = row->run(&warm);
	double cost;

	if (!error)
		error = row->run(&run);
	if (error) {
		printf("skip %s %d (%s)\n", row->name, error, strerror(error));
		return STATUS_SKIPPED;
	}
	cost = (double)run.instructions - (double)run.loops * loop_cost;
	printf("row %s %.0f\n", row->name, cost / (double)run.count);
	return 0;
}

/* Run a row in a process of its own; false if that failed. */
static bool row_is_run(const struct bench_row *row)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		alarm(ROW_LIMIT_S);
		status = run_row(row);
		fflush(stdout);
		_exit(status);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		printf("fail %s %s\n", row->name, strerror(errno));
		return false;
	}
	/* Children that a failed row left behind. */
	kill(-pid, SIGKILL);
	if (WIFSIGNALED(status)) {
		printf("fail %s signal %d\n", row->name, WTERMSIG(status));
		return false;
	}
	return true;
}

static bool is_selected(char **names, const char *name)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static bool rows_are_run(char **names)
{
	bool well = true;

	for (size_t i = 0; i < BENCH_ARRAY_SIZE(subjects); i++)
		for (const struct bench_row *row = subjects[i]; row->name;
		     row++)
			if (is_selected(names, row->name))
				well &= row_is_run(row);
	return well;
}

static void list_rows(void)
{
	for (size_t i = 0; i < BENCH_ARRAY_SIZE(subjects); i++)
		for (const struct bench_row *row = subjects[i]; row->name;
		     row++)
			puts(row->name);
}

static void usage(void)
{
	fputs("usage: bench [-d DIRECTORY] [-c instret|time] [-l] [NAME...]\n",
	      stderr);
	exit(2);
}

static void enter_directory(const char *path)
{
	if (chdir(path)) {
		fprintf(stderr, "bench: %s: %s\n", path, strerror(errno));
		exit(1);
	}
}

static void choose_counter(const char *name)
{
	if (strcmp(name, "instret") && strcmp(name, "time"))
		usage();
	use_instret = name[0] == 'i';
}

int main(int argc, char **argv)
{
	int option;

	bench_program = argv[0];
	use_instret = instret_counts();
	while ((option = getopt(argc, argv, "c:d:lx")) != -1) {
		switch (option) {
		case 'c':
			choose_counter(optarg);
			break;
		case 'd':
			enter_directory(optarg);
			break;
		case 'l':
			list_rows();
			return 0;
		case 'x':
			return 0;
		default:
			usage();
		}
	}
	loop_cost = measure_loop();
	printf("counter %s\n", use_instret ? "instret" : "time");
	return rows_are_run(argv + optind) ? 0 : 1;
}
