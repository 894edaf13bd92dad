// SPDX-License-Identifier: MIT
/* Rows that might cost more the more threads wait for a thing: size of them. */
#include "bench.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_SIZE 16384

static _Atomic int gate;         /* 0: wait */
static _Atomic long woken_count; /* how often a thread went on */

static long futex(int operation, int value)
{
	return syscall(SYS_futex, &gate, operation | FUTEX_PRIVATE_FLAG, value,
		       NULL);
}

static void *wait_at_gate(void *arg)
{
	while (!atomic_load(&gate))
		if (futex(FUTEX_WAIT, 0) == 0)
			atomic_fetch_add(&woken_count, 1);
	return arg;
}

static int waiters_start(pthread_t *threads, unsigned long count)
{
	pthread_attr_t attr;
	int error;

	atomic_store(&gate, 0);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	for (unsigned long i = 0; i < count; i++) {
		error = pthread_create(&threads[i], &attr, wait_at_gate, NULL);
		if (error)
			return error;
	}
	return 0;
}

static int waiters_end(pthread_t *threads, unsigned long count)
{
	int error = 0;

	atomic_store(&gate, 1);
	futex(FUTEX_WAKE, (int)count);
	for (unsigned long i = 0; i < count; i++)
		error |= pthread_join(threads[i], NULL);
	return error;
}

/* Wake one, as soon as one waits, and let it run until it waits again. */
static void wake_one(void)
{
	long before = atomic_load(&woken_count);

	while (futex(FUTEX_WAKE, 1) == 0)
		sched_yield();
	while (atomic_load(&woken_count) == before)
		sched_yield();
}

static int futex_run(struct bench_run *run)
{
	pthread_t *threads = malloc(run->size * sizeof(*threads));
	int error = waiters_start(threads, run->size);

	if (error)
		return error;
	/* A child that exits runs after all of them: they wait by then. */
	error = bench_fork_once();
	BENCH_LOOP(run, wake_one());
	error |= waiters_end(threads, run->size);
	free(threads);
	return error;
}

static int lock_file(int fd, int command, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	return fcntl(fd, command, &lock) ? errno : 0;
}

/* A process gives its locks back when it exits. */
static void wait_for_lock(int fd)
{
	_exit(lock_file(fd, F_SETLKW, F_WRLCK) != 0);
}

/* The holder takes the lock again, while the others wait for it. */
static int lock_run(struct bench_run *run)
{
	int fd = open("bench.lock", O_CREAT | O_RDWR, 0644);
	int error = fd < 0 ? errno : lock_file(fd, F_SETLK, F_WRLCK);
	unsigned long count;

	for (count = 0; count < run->size && !error; count++) {
		pid_t child = fork();

		if (child < 0)
			error = errno;
		if (child == 0)
			wait_for_lock(fd);
	}
	if (error)
		return error;
	/* A child that exits runs after all of them: they wait by then. */
	error = bench_fork_once();
	BENCH_LOOP(run, error |= lock_file(fd, F_SETLK, F_WRLCK));
	error |= lock_file(fd, F_SETLK, F_UNLCK);
	while (count--)
		error |= bench_wait(-1);
	close(fd);
	return unlink("bench.lock") ? errno : error;
}

const struct bench_row many_waiters_rows[] = {
	{ "futex_wake_of", 500, futex_run },
	{ "lock_wanted_by", 500, lock_run },
	{},
};
