// SPDX-License-Identifier: MIT
/* Rows that might cost more the more descriptors are open: size of them. */
#include "bench.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define OTHERS 16 /* descriptors besides: the standard ones, and the row's */

/* Ends of one pipe, of which nothing comes. */
struct descriptors {
	unsigned long count;
	int *fds;
	int ends[2];
};

static int descriptors_open(struct descriptors *open, unsigned long count)
{
	int error = bench_allow_descriptors(count + OTHERS);

	if (error)
		return error;
	if (pipe(open->ends))
		return errno;
	open->fds = malloc(count * sizeof(open->fds[0]));
	for (open->count = 0; open->count < count; open->count++) {
		int fd = dup(open->ends[0]);

		if (fd < 0)
			return errno;
		open->fds[open->count] = fd;
	}
	return 0;
}

static void descriptors_close(struct descriptors *open)
{
	while (open->count)
		close(open->fds[--open->count]);
	close(open->ends[0]);
	close(open->ends[1]);
	free(open->fds);
}

static int dup_among_run(struct bench_run *run)
{
	struct descriptors open;
	int error = descriptors_open(&open, run->size);

	if (error)
		return error;
	BENCH_LOOP(run, close(dup(open.ends[0])));
	descriptors_close(&open);
	return 0;
}

static int fork_with_run(struct bench_run *run)
{
	struct descriptors open;
	int error = descriptors_open(&open, run->size);

	if (error)
		return error;
	BENCH_LOOP(run, error |= bench_fork_once());
	descriptors_close(&open);
	return error;
}

static int poll_run(struct bench_run *run)
{
	struct descriptors open;
	int error = descriptors_open(&open, run->size);
	struct pollfd *polled;

	if (error)
		return error;
	polled = calloc(run->size, sizeof(*polled));
	for (unsigned long i = 0; i < run->size; i++) {
		polled[i].fd = open.fds[i];
		polled[i].events = POLLIN;
	}
	BENCH_LOOP(run, poll(polled, run->size, 0));
	free(polled);
	descriptors_close(&open);
	return 0;
}

static int epoll_add(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data = { .fd = fd } };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) ? errno : 0;
}

/* All are watched, and another, which alone is ready. */
static int epoll_run(struct bench_run *run)
{
	int epoll = epoll_create1(0);
	struct descriptors open;
	struct epoll_event event;
	int error = epoll < 0 ? errno : descriptors_open(&open, run->size);
	int ready[2];

	if (error)
		return error;
	for (unsigned long i = 0; i < run->size; i++)
		error |= epoll_add(epoll, open.fds[i]);
	if (pipe(ready))
		return errno;
	error |= epoll_add(epoll, ready[0]);
	error |= bench_write_all(ready[1], "x", 1);
	BENCH_LOOP(run, epoll_wait(epoll, &event, 1, 0));
	close(ready[0]);
	close(ready[1]);
	descriptors_close(&open);
	close(epoll);
	return error;
}

const struct bench_row many_descriptors_rows[] = {
	{ "dup_among", 2000, dup_among_run },
	{ "fork_with_descriptors", 20, fork_with_run },
	{ "poll_of", 200, poll_run },
	{ "epoll_of", 2000, epoll_run },
	{},
};
