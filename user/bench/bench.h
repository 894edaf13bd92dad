/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * What system calls cost, counted in instructions of the guest.
 *
 * The same binary runs on Keel and on Linux, below an emulator that counts
 * instructions (QEMU's -icount shift=0).  Each row runs in a process of its
 * own, once to warm up and once to count, and prints one line:
 *
 *	row NAME INSTRUCTIONS COUNT WARM	for one operation; how many
 *						were counted, and before that
 *	skip NAME ERRNO				a call that the row needs failed
 *	fail NAME TEXT				the row's process ended badly
 *
 * NAME is ROW, or ROW/SIZE of rows that are measured at several sizes of
 * something.  tests/keel/bench.py reads these lines; docs/performance.md
 * explains them.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* One run of a row: how many operations, and what they cost. */
struct bench_run {
	unsigned long count;   /* operations to do */
	unsigned long size;    /* one of the subject's sizes, or 0 */
	uint64_t start;        /* the counter at bench_start() */
	uint64_t instructions; /* between all starts and stops */
	unsigned long loops;   /* turns of loops in between */
};

struct bench_row {
	const char *name;
	unsigned long count; /* operations that are counted */
	/* Returns 0, or the errno of the call that failed. */
	int (*run)(struct bench_run *run);
};

/* The rows of one subject; ended by one without a name. */
extern const struct bench_row call_rows[];
extern const struct bench_row clock_rows[];
extern const struct bench_row signal_rows[];
extern const struct bench_row pipe_rows[];
extern const struct bench_row ring_rows[];
extern const struct bench_row process_rows[];
extern const struct bench_row thread_rows[];
extern const struct bench_row memory_rows[];
extern const struct bench_row file_rows[];
extern const struct bench_row disk_rows[];
extern const struct bench_row many_processes_rows[];
extern const struct bench_row many_descriptors_rows[];
extern const struct bench_row many_areas_rows[];
extern const struct bench_row many_entries_rows[];
extern const struct bench_row many_pages_rows[];
extern const struct bench_row many_waiters_rows[];
extern const struct bench_row many_savers_rows[];
extern const struct bench_row many_harts_rows[];
extern const struct bench_row load_rows[];

/* What rows write, and read into; whatever it holds. */
#define BENCH_BLOCK 4096
extern char bench_block[BENCH_BLOCK];

/* The path of this program, for rows that execute it. */
extern const char *bench_program;

/* Called as `bench -x`, the program exits at once: what exec rows execute. */
#define BENCH_EXIT_OPTION "-x"

/* What is counted stands between these two; they may be called repeatedly. */
void bench_start(struct bench_run *run);
void bench_stop(struct bench_run *run);

/* Count run->count times the operation; its own loop is subtracted later. */
#define BENCH_LOOP(run, operation)                                             \
	do {                                                                   \
		bench_start(run);                                              \
		for (unsigned long i_ = 0; i_ < (run)->count; i_++) {          \
			operation;                                             \
			__asm__ volatile("" ::: "memory");                     \
		}                                                              \
		bench_stop(run);                                               \
		(run)->loops += (run)->count;                                  \
	} while (0)

/* Read or write all of size bytes; returns 0 or an errno. */
int bench_read_all(int fd, void *buf, size_t size);
int bench_write_all(int fd, const void *buf, size_t size);

/*
 * Wait for a child, or any if pid is -1; returns 0, or ECHILD if it did not
 * exit with status 0.
 */
int bench_wait(int pid);

/* Fork a child that exits, and wait for it; returns 0 or an errno. */
int bench_fork_once(void);

/* Let this process open descriptors 0 to count - 1; returns 0 or an errno. */
int bench_allow_descriptors(unsigned long count);

/* Make an empty file; returns 0 or an errno. */
int bench_make_file(const char *path);
