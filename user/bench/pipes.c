// SPDX-License-Identifier: MIT
/* Rows of pipes and of sockets used as such. */
#include "bench.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE_SIZE 65536 /* of the bandwidth row: what a pipe holds */

static char piece[PIECE_SIZE];

static int pipe_self_run(struct bench_run *run)
{
	int ends[2];
	char byte = 'x';

	if (pipe(ends))
		return errno;
	BENCH_LOOP(run, {
		write(ends[1], &byte, 1);
		read(ends[0], &byte, 1);
	});
	close(ends[0]);
	close(ends[1]);
	return 0;
}

/* Send back each byte until the other side closes. */
static void echo_bytes(int in, int out)
{
	char byte;

	while (read(in, &byte, 1) == 1)
		if (write(out, &byte, 1) != 1)
			_exit(1);
	_exit(0);
}

/* Time a byte to a child and back, from one turn on, so that it has begun. */
static int round_trips(struct bench_run *run, int in, int out)
{
	char byte = 'x';
	int error = bench_write_all(out, &byte, 1);

	if (!error)
		error = bench_read_all(in, &byte, 1);
	if (error)
		return error;
	BENCH_LOOP(run, {
		write(out, &byte, 1);
		read(in, &byte, 1);
	});
	return 0;
}

static int pipe_run(struct bench_run *run)
{
	int there[2], back[2];
	pid_t child;
	int error;

	if (pipe(there) || pipe(back))
		return errno;
	child = fork();
	if (child < 0)
		return errno;
	if (child == 0) {
		close(there[1]);
		echo_bytes(there[0], back[1]);
	}
	close(there[0]);
	close(back[1]);
	error = round_trips(run, back[0], there[1]);
	close(there[1]);
	close(back[0]);
	return error ? error : bench_wait(child);
}

static int unix_run(struct bench_run *run)
{
	int ends[2];
	pid_t child;
	int error;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return errno;
	child = fork();
	if (child < 0)
		return errno;
	if (child == 0) {
		close(ends[1]);
		echo_bytes(ends[0], ends[0]);
	}
	close(ends[0]);
	error = round_trips(run, ends[1], ends[1]);
	close(ends[1]);
	return error ? error : bench_wait(child);
}

/* Read run->count pieces and one before them. */
static int pipe_drain(struct bench_run *run, int in)
{
	int error = bench_read_all(in, piece, sizeof(piece));

	bench_start(run);
	for (unsigned long i = 0; i < run->count && !error; i++)
		error = bench_read_all(in, piece, sizeof(piece));
	bench_stop(run);
	return error;
}

static void pipe_fill(unsigned long count, int out)
{
	for (unsigned long i = 0; i <= count; i++)
		if (bench_write_all(out, piece, sizeof(piece)))
			_exit(1);
	_exit(0);
}

static int pipe_bandwidth_run(struct bench_run *run)
{
	int ends[2];
	pid_t child;
	int error;

	if (pipe(ends))
		return errno;
	child = fork();
	if (child < 0)
		return errno;
	if (child == 0) {
		close(ends[0]);
		pipe_fill(run->count, ends[1]);
	}
	close(ends[1]);
	error = pipe_drain(run, ends[0]);
	close(ends[0]);
	return error ? error : bench_wait(child);
}

const struct bench_row pipe_rows[] = {
	{ "pipe_self", 5000, pipe_self_run },
	{ "pipe_round_trip", 2000, pipe_run },
	{ "pipe_64k", 64, pipe_bandwidth_run },
	{ "unix_round_trip", 1000, unix_run },
	{},
};
