// SPDX-License-Identifier: MIT
/* Rows of processes: switching between them, making them, running programs. */
#include "bench.h"

#include <sys/wait.h>
#include <unistd.h>

/*
 * A ring of processes, each of which reads from the one before it and writes
 * to the one behind it.  This process is the first; it holds two ends only,
 * so that closing one ends a member after the other.
 */
struct ring {
	unsigned long size;
	int in, out;
};

static void ring_pass(int in, int out)
{
	char byte;

	while (read(in, &byte, 1) == 1)
		if (write(out, &byte, 1) != 1)
			break;
	_exit(0);
}

/* Add a member: what ring->in brought comes to it, and ring->in is its. */
static int ring_grow(struct ring *ring)
{
	pid_t member;
	int ends[2];

	if (pipe(ends))
		return errno;
	member = fork();
	if (member < 0)
		return errno;
	if (member == 0) {
		close(ring->out);
		close(ends[0]);
		ring_pass(ring->in, ends[1]);
	}
	close(ring->in);
	close(ends[1]);
	ring->in = ends[0];
	return 0;
}

static int ring_make(struct ring *ring, unsigned long size)
{
	int ends[2];
	int error = pipe(ends) ? errno : 0;

	ring->in = ends[0];
	ring->out = ends[1];
	for (ring->size = 1; ring->size < size && !error; ring->size++)
		error = ring_grow(ring);
	return error;
}

static int ring_end(struct ring *ring)
{
	int error = 0;

	close(ring->out);
	close(ring->in);
	while (--ring->size)
		error |= bench_wait(-1);
	return error;
}

/* An operation is a hop, from one process to the next. */
static int ring_run(struct bench_run *run)
{
	unsigned long rounds = (run->count + run->size - 1) / run->size;
	struct ring ring;
	int error = ring_make(&ring, run->size);
	char byte = 'x';

	if (error)
		return error;
	/* Once around, so that all have begun. */
	error = bench_write_all(ring.out, &byte, 1);
	if (!error)
		error = bench_read_all(ring.in, &byte, 1);
	run->count = rounds;
	BENCH_LOOP(run, {
		write(ring.out, &byte, 1);
		read(ring.in, &byte, 1);
	});
	run->count = rounds * run->size;
	return error ? error : ring_end(&ring);
}

static int fork_run(struct bench_run *run)
{
	int error = 0;

	BENCH_LOOP(run, error |= bench_fork_once());
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

const struct bench_row ring_rows[] = {
	{ "ring", 4000, ring_run },
	{},
};

const struct bench_row process_rows[] = {
	{ "fork_exit", 100, fork_run },
	{ "fork_exec", 60, exec_run },
	{},
};
