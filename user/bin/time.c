// SPDX-License-Identifier: MIT
/*
 * time: run a command and say how long it took.
 */
#include "applets.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <user/lib/util.h>

static void time_print(const char *name, long seconds, long us)
{
	fprintf(stderr, "%s %ldm%ld.%03lds\n", name, seconds / 60, seconds % 60,
		us / 1000);
}

int time_main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2)
		return usage_error("time COMMAND [ARGUMENT]...");
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (pid < 0) {
		warn_errno("cannot start a process");
		return 126;
	}
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		warn_errno("%s", argv[1]);
		_exit(errno == ENOENT ? 127 : 126);
	}
	while (wait4(pid, &status, 0, &usage) < 0)
		if (errno != EINTR)
			return 126;
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (end.tv_nsec < start.tv_nsec) {
		end.tv_sec--;
		end.tv_nsec += 1000000000L;
	}
	time_print("real", (long)(end.tv_sec - start.tv_sec),
		   (end.tv_nsec - start.tv_nsec) / 1000);
	time_print("user", (long)usage.ru_utime.tv_sec,
		   (long)usage.ru_utime.tv_usec);
	time_print("sys ", (long)usage.ru_stime.tv_sec,
		   (long)usage.ru_stime.tv_usec);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
