// SPDX-License-Identifier: MIT
/* Rows of processes: switching between them, making them, running programs. */
#include "bench.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define RING_MAX 64

/* A ring of pipes: process i reads from pipe i and writes to pipe i + 1. */
struct ring {
	int size;
	int pipes[RING_MAX][2];
	pid_t members[RING_MAX]; /* [0] is the process that counts */
};

static void ring_pass(int in, int out)
{
	char byte;

	while (read(in, &byte, 1) == 1)
		if (write(out, &byte, 1) != 1)
			break;
	_exit(0);
}

/* A member keeps two ends only: then closing one pipe ends the whole ring. */
static void ring_member(const struct ring *ring, int self)
{
	int next = (self + 1) % ring->size;

	for (int i = 0; i < ring->size; i++) {
		if (i != self)
			close(ring->pipes[i][0]);
		if (i != next)
			close(ring->pipes[i][1]);
	}
	ring_pass(ring->pipes[self][0], ring->pipes[next][1]);
}

static int ring_make(struct ring *ring, int size)
{
	ring->size = size;
	for (int i = 0; i < size; i++)
		if (pipe(ring->pipes[i]))
			return errno;
	for (int i = 1; i < size; i++) {
		ring->members[i] = fork();
		if (ring->members[i] < 0)
			return errno;
		if (ring->members[i] == 0)
			ring_member(ring, i);
	}
	return 0;
}

static int ring_end(struct ring *ring)
{
	int error = 0;

	for (int i = 0; i < ring->size; i++) {
		close(ring->pipes[i][0]);
		close(ring->pipes[i][1]);
	}
	for (int i = 1; i < ring->size; i++)
		if (waitpid(ring->members[i], NULL, 0) < 0)
			error = errno;
	return error;
}

/* An operation is a hop, from one process to the next. */
static int ring_run(struct bench_run *run, int size)
{
	unsigned long rounds =
		(run->count + (unsigned)size - 1) / (unsigned)size;
	struct ring ring;
	int error = ring_make(&ring, size);
	int in, out;
	char byte = 'x';

	if (error)
		return error;
	in = ring.pipes[0][0];
	out = ring.pipes[1][1];
	/* Once around, so that all have begun. */
	error = bench_write_all(out, &byte, 1);
	if (!error)
		error = bench_read_all(in, &byte, 1);
	run->count = rounds;
	BENCH_LOOP(run, {
		write(out, &byte, 1);
		read(in, &byte, 1);
	});
	run->count = rounds * (unsigned)size;
	return error ? error : ring_end(&ring);
}

static int ring_2_run(struct bench_run *run)
{
	return ring_run(run, 2);
}

static int ring_8_run(struct bench_run *run)
{
	return ring_run(run, 8);
}

static int ring_64_run(struct bench_run *run)
{
	return ring_run(run, 64);
}

static int fork_once(void)
{
	pid_t child = fork();

	if (child < 0)
		return errno;
	if (child == 0)
		_exit(0);
	return bench_wait(child);
}

static int fork_run(struct bench_run *run)
{
	int error = 0;

	BENCH_LOOP(run, error |= fork_once());
	return error;
}

static int exec_once(void)
{
	char *argv[] = { (char *)bench_program, (char *)BENCH_EXIT_OPTION,
			 NULL };
	char *envp[] = { NULL };
	pid_t child = fork();

	if (child < 0)
		return errno;
	if (child == 0) {
		execve(bench_program, argv, envp);
		_exit(1);
	}
	return bench_wait(child);
}

static int exec_run(struct bench_run *run)
{
	int error = 0;

	BENCH_LOOP(run, error |= exec_once());
	return error;
}

const struct bench_row process_rows[] = {
	{ "ring_2", 4000, ring_2_run },   { "ring_8", 4000, ring_8_run },
	{ "ring_64", 4096, ring_64_run }, { "fork_exit", 100, fork_run },
	{ "fork_exec", 60, exec_run },    {},
};
