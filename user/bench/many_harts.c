// SPDX-License-Identifier: MIT
/*
 * Rows that might cost more the more harts wait for each other: size threads,
 * each on a hart of its own, of which all but one sleep at any time.  The
 * counters of one hart do not tell what they cost: bench/marks.c does, by the
 * marks of bench_start() and bench_stop(), around each operation.
 */
#include "bench.h"

#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HARTS_MAX 4

/* What a thread does between two barriers; thread 0 is the one that counts. */
typedef void (*work_fn)(unsigned int self, unsigned int size);

struct worker {
	work_fn work;
	unsigned int self;
	unsigned int size;
	unsigned long rounds;
	pthread_t thread;
};

static void futex_wait(_Atomic int *word, int value)
{
	syscall(SYS_futex, word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, value, NULL);
}

static void futex_wake(_Atomic int *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count);
}

static _Atomic int has_token[HARTS_MAX];

/* Wait for the token, and give it to the next. */
static void pass_work(unsigned int self, unsigned int size)
{
	unsigned int next = (self + 1) % size;

	while (!atomic_load(&has_token[self]))
		futex_wait(&has_token[self], 0);
	atomic_store(&has_token[self], 0);
	atomic_store(&has_token[next], 1);
	futex_wake(&has_token[next], 1);
}

static _Atomic unsigned int nr_arrived;
static _Atomic int nr_meetings;

/* Wait until all have come; the last one wakes the others. */
static void meet_work(unsigned int self, unsigned int size)
{
	int meeting = atomic_load(&nr_meetings);

	(void)self;
	if (atomic_fetch_add(&nr_arrived, 1) + 1 == size) {
		atomic_store(&nr_arrived, 0);
		atomic_store(&nr_meetings, meeting + 1);
		futex_wake(&nr_meetings, INT_MAX);
		return;
	}
	while (atomic_load(&nr_meetings) == meeting)
		futex_wait(&nr_meetings, meeting);
}

/* Go to the hart of that number; returns 0 or an errno. */
static int pin_to(unsigned int hart)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(hart, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? errno : 0;
}

/* All begin together. */
static void *worker_run(void *arg)
{
	struct worker *worker = arg;

	if (pin_to(worker->self))
		return arg;
	meet_work(worker->self, worker->size);
	for (unsigned long i = 0; i < worker->rounds; i++)
		worker->work(worker->self, worker->size);
	return NULL;
}

/* This thread works as the first one; an operation is a round of all. */
static int harts_run(struct bench_run *run, work_fn work)
{
	unsigned int size = (unsigned int)run->size;
	struct worker workers[HARTS_MAX];
	int error = pin_to(size - 1);

	/* Such a hart is missing: EINVAL. */
	if (!error)
		error = pin_to(0);
	for (unsigned int i = 1; i < size && !error; i++) {
		workers[i] = (struct worker){ work, i, size, run->count, 0 };
		error = pthread_create(&workers[i].thread, NULL, worker_run,
				       &workers[i]);
	}
	if (error)
		return error;
	meet_work(0, size);
	for (unsigned long i = 0; i < run->count; i++) {
		bench_start(run);
		work(0, size);
		bench_stop(run);
	}
	for (unsigned int i = 1; i < size; i++)
		error |= pthread_join(workers[i].thread, NULL);
	return error;
}

static int pass_run(struct bench_run *run)
{
	atomic_store(&has_token[0], 1);
	return harts_run(run, pass_work);
}

static int meet_run(struct bench_run *run)
{
	return harts_run(run, meet_work);
}

const struct bench_row many_harts_rows[] = {
	{ "pass_among_harts", 50, pass_run },
	{ "meeting_of_harts", 50, meet_run },
	{},
};
