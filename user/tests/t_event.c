// SPDX-License-Identifier: MIT
/*
 * Waiting for events: epoll, eventfd, select; and record and file locks, which
 * wait, too.
 */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int make_epoll(void)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	EXPECT_OK(epoll);
	return epoll;
}

static void watch(int epoll, int op, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	EXPECT_OK(epoll_ctl(epoll, op, fd, &event));
}

/* The events of the one descriptor that is ready now; 0: none is. */
static uint32_t ready_now(int epoll, int fd)
{
	struct epoll_event event;
	int n = epoll_wait(epoll, &event, 1, 0);

	EXPECT_OK(n);
	if (n == 0)
		return 0;
	EXPECT_EQ(event.data.fd, fd);
	return event.events;
}

static void epoll_level_stays_ready(void)
{
	int epoll = make_epoll();
	int ends[2];
	char byte;

	EXPECT_OK(pipe(ends));
	watch(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN);
	EXPECT_EQ(ready_now(epoll, ends[0]), 0);
	EXPECT_EQ(write(ends[1], "x", 1), 1);
	EXPECT_EQ(ready_now(epoll, ends[0]), EPOLLIN);
	EXPECT_EQ(ready_now(epoll, ends[0]), EPOLLIN);
	EXPECT_EQ(read(ends[0], &byte, 1), 1);
	EXPECT_EQ(ready_now(epoll, ends[0]), 0);
	EXPECT_OK(close(ends[1]));
	EXPECT_EQ(ready_now(epoll, ends[0]), EPOLLHUP);
}

static void epoll_edge_tells_once(void)
{
	int epoll = make_epoll();
	int ends[2];
	char byte;

	EXPECT_OK(pipe(ends));
	watch(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLET);
	EXPECT_EQ(write(ends[1], "x", 1), 1);
	EXPECT_EQ(ready_now(epoll, ends[0]), EPOLLIN);
	EXPECT_EQ(ready_now(epoll, ends[0]), 0);
	EXPECT_EQ(read(ends[0], &byte, 1), 1);
	EXPECT_EQ(write(ends[1], "y", 1), 1);
	EXPECT_EQ(ready_now(epoll, ends[0]), EPOLLIN);
}

static void epoll_oneshot_is_rearmed(void)
{
	int epoll = make_epoll();
	int ends[2];

	EXPECT_OK(pipe(ends));
	EXPECT_EQ(write(ends[1], "x", 1), 1);
	watch(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLONESHOT);
	EXPECT_EQ(ready_now(epoll, ends[0]), EPOLLIN);
	EXPECT_EQ(ready_now(epoll, ends[0]), 0);
	watch(epoll, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT);
	EXPECT_EQ(ready_now(epoll, ends[0]), EPOLLIN);
}

static void epoll_lists_are_checked(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = make_epoll();
	int file = open("/etc", O_RDONLY);
	int ends[2];

	EXPECT_OK(pipe(ends));
	EXPECT_ERRNO(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0], &event), ENOENT);
	EXPECT_ERRNO(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[0], &event), ENOENT);
	watch(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN);
	EXPECT_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event), EEXIST);
	EXPECT_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, epoll, &event), EINVAL);
	EXPECT_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event), EPERM);
	EXPECT_ERRNO(epoll_ctl(ends[0], EPOLL_CTL_ADD, ends[1], &event),
		     EINVAL);
	EXPECT_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, 999, &event), EBADF);
	EXPECT_ERRNO(epoll_wait(epoll, &event, 0, 0), EINVAL);
	watch(epoll, EPOLL_CTL_DEL, ends[0], 0);
	EXPECT_OK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event));
}

static void epoll_forgets_closed_files(void)
{
	int epoll = make_epoll();
	int ends[2];

	EXPECT_OK(pipe(ends));
	EXPECT_EQ(write(ends[1], "x", 1), 1);
	watch(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN);
	EXPECT_OK(close(ends[0]));
	EXPECT_EQ(ready_now(epoll, -1), 0);
}

static void epoll_wakes_a_sleeper(void)
{
	struct epoll_event event;
	int epoll = make_epoll();
	int ends[2];
	pid_t child;

	EXPECT_OK(pipe(ends));
	watch(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN);
	child = fork();
	EXPECT_OK(child);
	if (child == 0) {
		sched_yield();
		_exit(write(ends[1], "x", 1) != 1);
	}
	EXPECT_EQ(epoll_wait(epoll, &event, 1, -1), 1);
	EXPECT_EQ(event.data.fd, ends[0]);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
}

static void epoll_serves_many(void)
{
	struct epoll_event events[64];
	int epoll = make_epoll();
	int seen = 0;
	int ends[40][2];

	for (int i = 0; i < 40; i++) {
		EXPECT_OK(pipe(ends[i]));
		EXPECT_EQ(write(ends[i][1], "x", 1), 1);
		watch(epoll, EPOLL_CTL_ADD, ends[i][0], EPOLLIN | EPOLLET);
	}
	for (int n; (n = epoll_wait(epoll, events, 64, 0)) > 0;)
		seen += n;
	EXPECT_EQ(seen, 40);
}

static void epoll_can_be_polled(void)
{
	int epoll = make_epoll();
	struct pollfd pollfd = { .fd = epoll, .events = POLLIN };
	int ends[2];

	EXPECT_OK(pipe(ends));
	watch(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN);
	EXPECT_EQ(poll(&pollfd, 1, 0), 0);
	EXPECT_EQ(write(ends[1], "x", 1), 1);
	EXPECT_EQ(poll(&pollfd, 1, 0), 1);
	EXPECT_EQ(pollfd.revents, POLLIN);
}

static void eventfd_counts(void)
{
	int event = eventfd(3, EFD_NONBLOCK);
	uint64_t value = 4;

	EXPECT_OK(event);
	EXPECT_EQ(write(event, &value, 8), 8);
	EXPECT_EQ(read(event, &value, 8), 8);
	EXPECT_EQ(value, 7);
	EXPECT_ERRNO(read(event, &value, 8), EAGAIN);
	EXPECT_ERRNO(read(event, &value, 4), EINVAL);
	value = UINT64_MAX;
	EXPECT_ERRNO(write(event, &value, 8), EINVAL);
	value = UINT64_MAX - 1;
	EXPECT_EQ(write(event, &value, 8), 8);
	value = 1;
	EXPECT_ERRNO(write(event, &value, 8), EAGAIN);
}

static void eventfd_semaphore_takes_one(void)
{
	int event = eventfd(2, EFD_NONBLOCK | EFD_SEMAPHORE);
	uint64_t value;

	EXPECT_OK(event);
	for (int i = 0; i < 2; i++) {
		EXPECT_EQ(read(event, &value, 8), 8);
		EXPECT_EQ(value, 1);
	}
	EXPECT_ERRNO(read(event, &value, 8), EAGAIN);
}

static void select_reports_sets(void)
{
	struct timeval none = { 0, 0 };
	fd_set in, out;
	int ends[2];

	EXPECT_OK(pipe(ends));
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(ends[0], &in);
	FD_SET(ends[1], &out);
	EXPECT_EQ(select(ends[1] + 1, &in, &out, NULL, &none), 1);
	EXPECT(!FD_ISSET(ends[0], &in));
	EXPECT(FD_ISSET(ends[1], &out));
	EXPECT_EQ(write(ends[1], "x", 1), 1);
	FD_SET(ends[0], &in);
	EXPECT_EQ(select(ends[1] + 1, &in, NULL, NULL, NULL), 1);
	EXPECT(FD_ISSET(ends[0], &in));
	FD_ZERO(&in);
	FD_SET(200, &in);
	EXPECT_ERRNO(select(201, &in, NULL, NULL, &none), EBADF);
}

static int make_file(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);

	EXPECT_OK(fd);
	EXPECT_OK(unlink(name));
	return fd;
}

static struct flock range(short type, off_t start, off_t len)
{
	return (struct flock){ .l_type = type, .l_start = start, .l_len = len };
}

/* In a child: may it have the lock?  0 or the error number. */
static int other_locks(int fd, short type, off_t start, off_t len)
{
	struct flock lock = range(type, start, len);
	pid_t child = fork();
	int status;

	EXPECT_OK(child);
	if (child == 0)
		_exit(fcntl(fd, F_SETLK, &lock) ? errno : 0);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	return WEXITSTATUS(status);
}

static void record_locks_keep_others_out(void)
{
	int fd = make_file("t_event.lock");
	struct flock lock = range(F_WRLCK, 10, 10);

	EXPECT_OK(fcntl(fd, F_SETLK, &lock));
	EXPECT_EQ(other_locks(fd, F_WRLCK, 0, 10), 0);
	EXPECT_EQ(other_locks(fd, F_WRLCK, 19, 1), EAGAIN);
	EXPECT_EQ(other_locks(fd, F_RDLCK, 0, 0), EAGAIN);
	lock = range(F_UNLCK, 13, 2); /* splits it */
	EXPECT_OK(fcntl(fd, F_SETLK, &lock));
	EXPECT_EQ(other_locks(fd, F_WRLCK, 13, 2), 0);
	EXPECT_EQ(other_locks(fd, F_WRLCK, 12, 1), EAGAIN);
	EXPECT_EQ(other_locks(fd, F_WRLCK, 15, 1), EAGAIN);
	EXPECT_OK(close(dup(fd))); /* any close lets go of all */
	EXPECT_EQ(other_locks(fd, F_WRLCK, 0, 0), 0);
}

static void record_locks_are_told(void)
{
	int fd = make_file("t_event.lock");
	struct flock lock = range(F_RDLCK, 5, 0);
	pid_t child;
	int status;

	EXPECT_OK(fcntl(fd, F_SETLK, &lock));
	child = fork();
	EXPECT_OK(child);
	if (child == 0) {
		lock = range(F_WRLCK, 0, 100);
		EXPECT_OK(fcntl(fd, F_GETLK, &lock));
		EXPECT_EQ(lock.l_type, F_RDLCK);
		EXPECT_EQ(lock.l_start, 5);
		EXPECT_EQ(lock.l_len, 0);
		EXPECT_EQ(lock.l_pid, getppid());
		_exit(0);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(status, 0);
}

static void file_locks_belong_to_the_file(void)
{
	int fd = open("t_event.flock", O_RDWR | O_CREAT, 0600);
	int other = open("t_event.flock", O_RDWR);

	EXPECT_OK(fd);
	EXPECT_OK(other);
	EXPECT_OK(unlink("t_event.flock"));
	EXPECT_OK(flock(fd, LOCK_SH));
	EXPECT_OK(flock(other, LOCK_SH | LOCK_NB));
	EXPECT_ERRNO(flock(other, LOCK_EX | LOCK_NB), EAGAIN);
	EXPECT_OK(flock(dup(fd), LOCK_UN));
	EXPECT_OK(flock(other, LOCK_EX | LOCK_NB));
	EXPECT_ERRNO(flock(fd, LOCK_SH | LOCK_NB), EAGAIN);
	EXPECT_OK(close(other));
	EXPECT_OK(flock(fd, LOCK_EX | LOCK_NB));
	EXPECT_ERRNO(flock(fd, 77), EINVAL);
}

static void memory_files_have_no_name(void)
{
	int fd = memfd_create("test", MFD_CLOEXEC);
	struct stat st;
	char *map;

	EXPECT_OK(fd);
	EXPECT_OK(ftruncate(fd, 8192));
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	EXPECT(map != MAP_FAILED);
	EXPECT_EQ(pwrite(fd, "abc", 4, 5000), 4);
	EXPECT_STR(map + 5000, "abc");
	map[0] = 'x';
	EXPECT_EQ(pread(fd, map + 1, 1, 0), 1);
	EXPECT_EQ(map[1], 'x');
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_size, 8192);
	EXPECT_EQ(st.st_nlink, 0);
	EXPECT_ERRNO(memfd_create("test", 0x1000), EINVAL);
}

/* What the shell's <(...) and /dev/stdout rely on. */
static void pipes_open_again_by_descriptor(void)
{
	char name[40], text[4] = "";
	int ends[2];
	int fd;

	EXPECT_OK(pipe(ends));
	snprintf(name, sizeof(name), "/proc/self/fd/%d", ends[1]);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	EXPECT_OK(fd);
	EXPECT_EQ(write(fd, "abc", 3), 3);
	EXPECT_OK(close(ends[1]));
	snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
	ends[1] = open(name, O_RDONLY);
	EXPECT_OK(ends[1]);
	EXPECT_EQ(read(ends[1], text, 3), 3);
	EXPECT_STR(text, "abc");
	EXPECT_OK(close(fd)); /* now there is no writer left */
	EXPECT_EQ(read(ends[0], text, 1), 0);
}

static const struct check_test tests[] = {
	{ "epoll_level_stays_ready", epoll_level_stays_ready, 0 },
	{ "epoll_edge_tells_once", epoll_edge_tells_once, 0 },
	{ "epoll_oneshot_is_rearmed", epoll_oneshot_is_rearmed, 0 },
	{ "epoll_lists_are_checked", epoll_lists_are_checked, 0 },
	{ "epoll_forgets_closed_files", epoll_forgets_closed_files, 0 },
	{ "epoll_wakes_a_sleeper", epoll_wakes_a_sleeper, 0 },
	{ "epoll_serves_many", epoll_serves_many, 0 },
	{ "epoll_can_be_polled", epoll_can_be_polled, 0 },
	{ "eventfd_counts", eventfd_counts, 0 },
	{ "eventfd_semaphore_takes_one", eventfd_semaphore_takes_one, 0 },
	{ "select_reports_sets", select_reports_sets, 0 },
	{ "record_locks_keep_others_out", record_locks_keep_others_out, 0 },
	{ "record_locks_are_told", record_locks_are_told, 0 },
	{ "file_locks_belong_to_the_file", file_locks_belong_to_the_file, 0 },
	{ "memory_files_have_no_name", memory_files_have_no_name, 0 },
	{ "pipes_open_again_by_descriptor", pipes_open_again_by_descriptor, 0 },
};

CHECK_MAIN(tests)
