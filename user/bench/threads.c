// SPDX-License-Identifier: MIT
/* Rows of threads and of what they wait on. */
#include "bench.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *thread_nothing(void *arg)
{
	return arg;
}

static int thread_once(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, thread_nothing, NULL);

	return error ? error : pthread_join(thread, NULL);
}

static int pthread_run(struct bench_run *run)
{
	int error = 0;

	BENCH_LOOP(run, error |= thread_once());
	return error;
}

/* Whose turn it is; two threads wait for it. */
enum turn { PING, PONG, END };

static _Atomic int turn;

static void turn_give(int next)
{
	atomic_store(&turn, next);
	syscall(SYS_futex, &turn, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
}

/* Wait while it is the other's turn; false when the game has ended. */
static int turn_wait(int other)
{
	while (atomic_load(&turn) == other)
		syscall(SYS_futex, &turn, FUTEX_WAIT | FUTEX_PRIVATE_FLAG,
			other, NULL);
	return atomic_load(&turn) != END;
}

static void *thread_pong(void *arg)
{
	while (turn_wait(PING))
		turn_give(PING);
	return arg;
}

static int futex_run(struct bench_run *run)
{
	pthread_t thread;
	int error;

	atomic_store(&turn, PING);
	error = pthread_create(&thread, NULL, thread_pong, NULL);
	if (error)
		return error;
	BENCH_LOOP(run, {
		turn_give(PONG);
		turn_wait(PONG);
	});
	turn_give(END);
	return pthread_join(thread, NULL);
}

const struct bench_row thread_rows[] = {
	{ "pthread", 200, pthread_run },
	{ "futex_round_trip", 2000, futex_run },
	{},
};
