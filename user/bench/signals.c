// SPDX-License-Identifier: MIT
/* Rows of signals. */
#include "bench.h"

#include <signal.h>
#include <unistd.h>

static void on_signal(int sig)
{
	(void)sig;
}

static int sigaction_run(struct bench_run *run)
{
	struct sigaction action = { .sa_handler = on_signal };

	BENCH_LOOP(run, sigaction(SIGUSR1, &action, NULL));
	return 0;
}

/* To the process itself: delivered when kill() returns. */
static int signal_run(struct bench_run *run)
{
	struct sigaction action = { .sa_handler = on_signal };
	pid_t self = getpid();

	if (sigaction(SIGUSR1, &action, NULL))
		return errno;
	BENCH_LOOP(run, kill(self, SIGUSR1));
	return 0;
}

const struct bench_row signal_rows[] = {
	{ "sigaction", 10000, sigaction_run },
	{ "signal", 2000, signal_run },
	{},
};
