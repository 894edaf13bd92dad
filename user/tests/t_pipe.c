// SPDX-License-Identifier: MIT
/*
 * Pipes and fifos, and poll on them.
 */
#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void make_pipe(int ends[2], int flags)
{
	EXPECT_OK(pipe2(ends, flags));
}

static void bytes_come_out_in_order(void)
{
	char text[16] = "";
	int ends[2];

	make_pipe(ends, 0);
	EXPECT_EQ(write(ends[1], "abc", 3), 3);
	EXPECT_EQ(write(ends[1], "defg", 4), 4);
	EXPECT_EQ(read(ends[0], text, 5), 5);
	EXPECT_STR(text, "abcde");
	EXPECT_EQ(read(ends[0], text, sizeof(text)), 2);
}

static void flags_are_checked(void)
{
	int ends[2];

	make_pipe(ends, O_CLOEXEC | O_NONBLOCK);
	EXPECT_EQ(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
	EXPECT(fcntl(ends[1], F_GETFL) & O_NONBLOCK);
	EXPECT_ERRNO(pipe2(ends, 0x40000000), EINVAL);
	EXPECT_ERRNO(write(ends[0], "x", 1), EBADF);
	EXPECT_ERRNO(lseek(ends[0], 0, SEEK_SET), ESPIPE);
}

static void end_of_file_without_writers(void)
{
	char byte;
	int ends[2];

	make_pipe(ends, 0);
	EXPECT_EQ(write(ends[1], "x", 1), 1);
	EXPECT_OK(close(ends[1]));
	EXPECT_EQ(read(ends[0], &byte, 1), 1);
	EXPECT_EQ(read(ends[0], &byte, 1), 0);
}

static void epipe_without_readers(void)
{
	int ends[2];

	make_pipe(ends, 0);
	EXPECT_OK(close(ends[0]));
	signal(SIGPIPE, SIG_IGN);
	EXPECT_ERRNO(write(ends[1], "x", 1), EPIPE);
}

static int write_to_nobody(void *arg)
{
	int *ends = arg;

	signal(SIGPIPE, SIG_DFL);
	close(ends[0]);
	return write(ends[1], "x", 1) == 1 ? 0 : 1;
}

static void sigpipe_kills_the_writer(void)
{
	int ends[2];
	pid_t pid;

	make_pipe(ends, 0);
	EXPECT_OK(close(ends[0]));
	pid = check_child(write_to_nobody, ends);
	check_signalled(pid, SIGPIPE);
}

static void nonblocking_says_eagain(void)
{
	char block[4096] = "";
	int ends[2];
	long total = 0;
	ssize_t done;

	make_pipe(ends, O_NONBLOCK);
	EXPECT_ERRNO(read(ends[0], block, 1), EAGAIN);
	while ((done = write(ends[1], block, sizeof(block))) > 0)
		total += done;
	EXPECT_EQ(errno, EAGAIN);
	EXPECT(total >= PIPE_BUF);
	EXPECT_EQ(read(ends[0], block, sizeof(block)), 4096);
	EXPECT_EQ(write(ends[1], block, 4096), 4096);
}

static int drain_slowly(void *arg)
{
	int *ends = arg;
	char block[1000];
	long total = 0;
	ssize_t got;

	close(ends[1]);
	while ((got = read(ends[0], block, sizeof(block))) > 0)
		for (ssize_t i = 0; i < got; i++, total++)
			if (block[i] != (char)(total % 251))
				return 1;
	return total == 500000 ? 0 : 2;
}

static void big_writes_block_and_finish(void)
{
	static char block[500000];
	int ends[2];
	pid_t pid;

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (char)(i % 251);
	make_pipe(ends, 0);
	pid = check_child(drain_slowly, ends);
	close(ends[0]);
	EXPECT_EQ(write(ends[1], block, sizeof(block)), sizeof(block));
	close(ends[1]);
	check_exited(pid, 0);
}

static int write_lines(void *arg)
{
	int *ends = arg;
	char line[100];

	memset(line, ends[2], sizeof(line));
	for (int i = 0; i < 300; i++)
		if (write(ends[1], line, sizeof(line)) != sizeof(line))
			return 1;
	return 0;
}

static void small_writes_are_atomic(void)
{
	char line[100];
	int ends[3];
	pid_t pids[3];

	make_pipe(ends, 0);
	for (int i = 0; i < 3; i++) {
		ends[2] = 'a' + i;
		pids[i] = check_child(write_lines, ends);
	}
	close(ends[1]);
	for (int i = 0; i < 900; i++) {
		size_t len = 0;

		while (len < sizeof(line)) {
			ssize_t got =
				read(ends[0], line + len, sizeof(line) - len);

			EXPECT(got > 0);
			len += (size_t)got;
		}
		for (int j = 1; j < 100; j++)
			EXPECT_EQ(line[j], line[0]);
	}
	for (int i = 0; i < 3; i++)
		check_exited(pids[i], 0);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void reads_are_interrupted(void)
{
	struct sigaction action = { .sa_handler = on_alarm };
	char byte;
	int ends[2];

	make_pipe(ends, 0);
	EXPECT_OK(sigaction(SIGALRM, &action, NULL));
	alarm(1);
	EXPECT_ERRNO(read(ends[0], &byte, 1), EINTR);
}

static void poll_sees_both_ends(void)
{
	struct pollfd fds[2];
	int ends[2];

	make_pipe(ends, 0);
	fds[0] = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = ends[1], .events = POLLOUT };
	EXPECT_EQ(poll(fds, 2, 0), 1);
	EXPECT_EQ(fds[0].revents, 0);
	EXPECT_EQ(fds[1].revents, POLLOUT);
	EXPECT_EQ(write(ends[1], "x", 1), 1);
	EXPECT_EQ(poll(fds, 1, -1), 1);
	EXPECT_EQ(fds[0].revents, POLLIN);
	close(ends[1]);
	EXPECT_EQ(poll(fds, 1, -1), 1);
	EXPECT_EQ(fds[0].revents, POLLIN | POLLHUP);
}

static void poll_times_out(void)
{
	struct pollfd fd;
	int ends[2];

	make_pipe(ends, 0);
	fd = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	EXPECT_EQ(poll(&fd, 1, 50), 0);
	fd.fd = 99;
	EXPECT_EQ(poll(&fd, 1, 0), 1);
	EXPECT_EQ(fd.revents, POLLNVAL);
	fd.fd = -1;
	EXPECT_EQ(poll(&fd, 1, 0), 0);
}

static void fionread_counts(void)
{
	int ends[2];
	int count = -1;

	make_pipe(ends, 0);
	EXPECT_EQ(write(ends[1], "12345", 5), 5);
	EXPECT_OK(ioctl(ends[0], FIONREAD, &count));
	EXPECT_EQ(count, 5);
}

static int fifo_writer(void *arg)
{
	int fd = open("fifo", O_WRONLY);

	(void)arg;
	return write(fd, "through", 7) == 7 ? 0 : 1;
}

static void fifos_connect_processes(void)
{
	char text[16] = "";
	pid_t pid;
	int fd;

	check_enter_tmpdir();
	if (mkfifo("fifo", 0600))
		check_skip("no fifos on this file system");
	EXPECT_ERRNO(open("fifo", O_WRONLY | O_NONBLOCK), ENXIO);
	pid = check_child(fifo_writer, NULL);
	fd = open("fifo", O_RDONLY);
	EXPECT_OK(fd);
	EXPECT_EQ(read(fd, text, 7), 7);
	EXPECT_STR(text, "through");
	EXPECT_EQ(read(fd, text, 7), 0);
	check_exited(pid, 0);
}

static int pass_on(void *arg)
{
	int *ends = arg;
	char byte;

	while (read(ends[0], &byte, 1) == 1) {
		byte++;
		if (write(ends[3], &byte, 1) != 1)
			return 1;
	}
	return 0;
}

static void ping_pong(void)
{
	int ends[4];
	char byte = 0;
	pid_t pid;

	make_pipe(ends, O_CLOEXEC);
	make_pipe(ends + 2, O_CLOEXEC);
	pid = check_child(pass_on, ends);
	/* The child keeps a writing end of its own: it is ended by a signal. */
	for (int i = 0; i < 2000; i++) {
		EXPECT_EQ(write(ends[1], &byte, 1), 1);
		EXPECT_EQ(read(ends[2], &byte, 1), 1);
	}
	EXPECT_EQ((unsigned char)byte, 2000 % 256);
	EXPECT_OK(kill(pid, SIGKILL));
	check_signalled(pid, SIGKILL);
}

static const struct check_test tests[] = {
	{ "bytes_come_out_in_order", bytes_come_out_in_order, 0 },
	{ "flags_are_checked", flags_are_checked, 0 },
	{ "end_of_file_without_writers", end_of_file_without_writers, 0 },
	{ "epipe_without_readers", epipe_without_readers, 0 },
	{ "sigpipe_kills_the_writer", sigpipe_kills_the_writer, 0 },
	{ "nonblocking_says_eagain", nonblocking_says_eagain, 0 },
	{ "big_writes_block_and_finish", big_writes_block_and_finish, 0 },
	{ "small_writes_are_atomic", small_writes_are_atomic, 0 },
	{ "reads_are_interrupted", reads_are_interrupted, 0 },
	{ "poll_sees_both_ends", poll_sees_both_ends, 0 },
	{ "poll_times_out", poll_times_out, 0 },
	{ "fionread_counts", fionread_counts, 0 },
	{ "fifos_connect_processes", fifos_connect_processes, 0 },
	{ "ping_pong", ping_pong, 0 },
};

CHECK_MAIN(tests)
