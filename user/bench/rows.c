// SPDX-License-Identifier: MIT
/* Runs rows, each in a process of its own, and prints what they cost. */
#include "bench.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_internal.h"

/*
 * By the guest's clock, which leaps from timer to timer while a machine with
 * sleep=off waits for its disk.
 */
#define ROW_LIMIT_S  86400
#define WARM_UP_PART 8
#define NAME_SIZE    64

/* The child of a row ends so when a call failed; it has printed why. */
#define STATUS_SKIPPED 98

static const unsigned int decades[] = { 1, 10, 100, 1000, 0 };
static const unsigned int ring_sizes[] = { 2, 8, 10, 64, 100, 1000, 0 };
static const unsigned int hart_sizes[] = { 1, 2, 4, 0 };
static const unsigned int saver_sizes[] = { 1, 2, 4, 8, 16, 0 };
static const unsigned int no_sizes[] = { 0, 0 };

static const struct subject {
	const char *name;
	const struct bench_row *rows;
	const unsigned int *sizes; /* each row runs at each; ended by 0 */
	bool runs_once;            /* rows take too long to warm up so */
} subjects[] = {
	{ "calls", call_rows, no_sizes, false },
	{ "clock", clock_rows, no_sizes, false },
	{ "signals", signal_rows, no_sizes, false },
	{ "pipes", pipe_rows, no_sizes, false },
	{ "rings", ring_rows, ring_sizes, false },
	{ "processes", process_rows, no_sizes, false },
	{ "threads", thread_rows, no_sizes, false },
	{ "memory", memory_rows, no_sizes, false },
	{ "files", file_rows, no_sizes, false },
	{ "disk", disk_rows, no_sizes, false },
	{ "many_processes", many_processes_rows, decades, false },
	{ "many_descriptors", many_descriptors_rows, decades, false },
	{ "many_areas", many_areas_rows, decades, false },
	{ "many_entries", many_entries_rows, decades, false },
	{ "many_pages", many_pages_rows, decades, false },
	{ "many_waiters", many_waiters_rows, decades, false },
	{ "many_savers", many_savers_rows, saver_sizes, true },
	{ "many_harts", many_harts_rows, hart_sizes, false },
	{ "loads", load_rows, no_sizes, true },
};

static double loop_cost;

/* What is printed of a row, and what names it: ROW, or ROW/SIZE. */
static void full_name(char *name, const struct bench_row *row,
		      unsigned long size)
{
	if (size)
		snprintf(name, NAME_SIZE, "%s/%lu", row->name, size);
	else
		snprintf(name, NAME_SIZE, "%s", row->name);
}

/* Warm up and count; returns 0 or the errno of the call that failed. */
static int count_row(const struct bench_row *row, struct bench_run *run,
		     struct bench_run *warm, bool runs_once)
{
	int error;

	counter_mark_row();
	error = runs_once ? 0 : row->run(warm);
	counter_mark_warm();
	return error ? error : row->run(run);
}

/* Count and print; returns the status of the row's process. */
static int print_row(const struct bench_row *row, const char *name,
		     unsigned long size, bool runs_once)
{
	unsigned long warm_count =
		runs_once ? 0 : row->count / WARM_UP_PART + 1;
	struct bench_run warm = { .count = warm_count, .size = size };
	struct bench_run run = { .count = row->count, .size = size };
	int error = count_row(row, &run, &warm, runs_once);
	double cost;

	if (error) {
		printf("skip %s %d (%s)\n", name, error, strerror(error));
		return STATUS_SKIPPED;
	}
	cost = (double)run.instructions - (double)run.loops * loop_cost;
	printf("row %s %.0f %lu %lu\n", name, cost / (double)run.count,
	       run.count, warm.count);
	return 0;
}

/* Run a row in a process of its own; false if that failed. */
static bool row_is_run(const struct bench_row *row, const char *name,
		       unsigned long size, bool runs_once)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		alarm(ROW_LIMIT_S);
		status = print_row(row, name, size, runs_once);
		fflush(stdout);
		_exit(status);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		printf("fail %s %s\n", name, strerror(errno));
		return false;
	}
	/* Children that a failed row left behind. */
	kill(-pid, SIGKILL);
	if (WIFSIGNALED(status)) {
		printf("fail %s signal %d\n", name, WTERMSIG(status));
		return false;
	}
	return true;
}

static bool is_named(char **names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* A row at each size of its subject, or at those that names tell. */
static bool row_is_run_at_sizes(const struct subject *subject,
				const struct bench_row *row, char **names)
{
	bool whole = !*names || is_named(names, subject->name) ||
		     is_named(names, row->name);
	const unsigned int *size = subject->sizes;
	bool well = true;

	do {
		char name[NAME_SIZE];

		full_name(name, row, *size);
		if (whole || is_named(names, name))
			well &= row_is_run(row, name, *size,
					   subject->runs_once);
	} while (*++size);
	return well;
}

static bool name_is_known(const char *name)
{
	size_t len = strcspn(name, "/");

	for (size_t i = 0; i < BENCH_ARRAY_SIZE(subjects); i++) {
		if (strcmp(subjects[i].name, name) == 0)
			return true;
		for (const struct bench_row *row = subjects[i].rows; row->name;
		     row++)
			if (strncmp(row->name, name, len) == 0 &&
			    row->name[len] == '\0')
				return true;
	}
	return false;
}

static bool names_are_known(char **names)
{
	bool known = true;

	for (; *names; names++) {
		if (name_is_known(*names))
			continue;
		fprintf(stderr, "bench: there is no row %s\n", *names);
		known = false;
	}
	return known;
}

bool rows_run(char **names)
{
	bool well = names_are_known(names);

	loop_cost = counter_loop_cost();
	for (size_t i = 0; i < BENCH_ARRAY_SIZE(subjects); i++)
		for (const struct bench_row *row = subjects[i].rows; row->name;
		     row++)
			well &= row_is_run_at_sizes(&subjects[i], row, names);
	return well;
}

void rows_list(void)
{
	for (size_t i = 0; i < BENCH_ARRAY_SIZE(subjects); i++) {
		printf("%s:", subjects[i].name);
		for (const struct bench_row *row = subjects[i].rows; row->name;
		     row++)
			printf(" %s", row->name);
		putchar('\n');
	}
}
