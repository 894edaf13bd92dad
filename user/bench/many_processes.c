// SPDX-License-Identifier: MIT
/* Rows that might cost more the more processes there are: size of them. */
#include "bench.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Children that wait until a pipe is closed. */
struct sleepers {
	unsigned long count;
	int ends[2];
	pid_t first;
};

static void sleep_until_closed(const int ends[2])
{
	char byte;

	close(ends[1]);
	_exit(read(ends[0], &byte, 1) != 0);
}

static int sleepers_start(struct sleepers *sleepers, unsigned long count)
{
	sleepers->count = 0;
	if (pipe(sleepers->ends))
		return errno;
	for (; sleepers->count < count; sleepers->count++) {
		pid_t child = fork();

		if (child < 0)
			return errno;
		if (child == 0)
			sleep_until_closed(sleepers->ends);
		if (sleepers->count == 0)
			sleepers->first = child;
	}
	return 0;
}

static int sleepers_end(struct sleepers *sleepers)
{
	int error = 0;

	close(sleepers->ends[1]);
	close(sleepers->ends[0]);
	for (; sleepers->count; sleepers->count--)
		error |= bench_wait(-1);
	return error;
}

/* The first fork's child runs after all of them, and so finds them asleep. */
static int fork_among_run(struct bench_run *run)
{
	struct sleepers sleepers;
	int error = sleepers_start(&sleepers, run->size);

	if (error)
		return error;
	error = bench_fork_once();
	BENCH_LOOP(run, error |= bench_fork_once());
	return error | sleepers_end(&sleepers);
}

static int kill_among_run(struct bench_run *run)
{
	struct sleepers sleepers;
	int error = sleepers_start(&sleepers, run->size);

	if (error)
		return error;
	error = bench_fork_once();
	BENCH_LOOP(run, kill(sleepers.first, 0));
	return error | sleepers_end(&sleepers);
}

const struct bench_row many_processes_rows[] = {
	{ "fork_among", 50, fork_among_run },
	{ "kill_among", 2000, kill_among_run },
	{},
};
