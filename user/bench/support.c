// SPDX-License-Identifier: MIT
/* What several rows need. */
#include "bench.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

char bench_block[BENCH_BLOCK];

int bench_read_all(int fd, void *buf, size_t size)
{
	char *at = buf;

	while (size) {
		ssize_t n = read(fd, at, size);

		if (n <= 0)
			return n ? errno : EPIPE;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

int bench_write_all(int fd, const void *buf, size_t size)
{
	const char *at = buf;

	while (size) {
		ssize_t n = write(fd, at, size);

		if (n < 0)
			return errno;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

int bench_wait(int pid)
{
	int status;

	if (waitpid(pid, &status, 0) < 0)
		return errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : ECHILD;
}

int bench_fork_once(void)
{
	pid_t child = fork();

	if (child < 0)
		return errno;
	if (child == 0)
		_exit(0);
	return bench_wait(child);
}

int bench_allow_descriptors(unsigned long count)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return errno;
	if (limit.rlim_cur >= count)
		return 0;
	limit.rlim_cur = count;
	return setrlimit(RLIMIT_NOFILE, &limit) ? errno : 0;
}

int bench_make_file(const char *path)
{
	int fd = open(path, O_CREAT | O_RDWR, 0644);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}
