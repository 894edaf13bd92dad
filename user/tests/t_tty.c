// SPDX-License-Identifier: MIT
/*
 * The terminal, as far as it can be tested without someone typing: modes,
 * sizes, process groups, and what TIOCSTI types for us.
 *
 * Needs a controlling terminal; without one the tests are skipped.
 */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>

static int tty = -1;
static struct termios saved;

static void restore(void)
{
	if (tty >= 0)
		tcsetattr(tty, TCSANOW, &saved);
}

/* Tests run in a background group: bring it to the terminal. */
static void open_tty(void)
{
	tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (tty < 0)
		check_skip("no terminal");
	signal(SIGTTOU, SIG_IGN);
	EXPECT_OK(tcgetattr(tty, &saved));
	EXPECT_OK(tcsetpgrp(tty, getpgrp()));
}

/* Put text into the input queue, as if it was typed. */
static void type(const char *text)
{
	for (; *text; text++)
		if (ioctl(tty, TIOCSTI, text)) {
			restore();
			check_skip("no TIOCSTI");
		}
}

static void set_local(tcflag_t clear, tcflag_t set)
{
	struct termios modes;

	EXPECT_OK(tcgetattr(tty, &modes));
	modes.c_lflag &= ~clear;
	modes.c_lflag |= set;
	EXPECT_OK(tcsetattr(tty, TCSANOW, &modes));
}

static void modes_can_be_changed(void)
{
	struct termios modes, now;

	open_tty();
	modes = saved;
	modes.c_lflag ^= ECHO;
	modes.c_cc[VMIN] = 3;
	EXPECT_OK(tcsetattr(tty, TCSANOW, &modes));
	EXPECT_OK(tcgetattr(tty, &now));
	restore();
	EXPECT_EQ(now.c_lflag, modes.c_lflag);
	EXPECT_EQ(now.c_cc[VMIN], 3);
	EXPECT_EQ(saved.c_cc[VINTR], 3);
}

static void not_a_terminal_is_enotty(void)
{
	struct termios modes;
	int fd = open("/dev/null", O_RDWR);

	EXPECT_ERRNO(tcgetattr(fd, &modes), ENOTTY);
	EXPECT_EQ(isatty(fd), 0);
	EXPECT_ERRNO(ioctl(fd, TIOCGWINSZ, &modes), ENOTTY);
}

static void size_is_kept_and_told(void)
{
	struct winsize old, size, now;

	open_tty();
	EXPECT_OK(ioctl(tty, TIOCGWINSZ, &old));
	size = old;
	size.ws_row = 33;
	size.ws_col = 101;
	EXPECT_OK(ioctl(tty, TIOCSWINSZ, &size));
	EXPECT_OK(ioctl(tty, TIOCGWINSZ, &now));
	EXPECT_OK(ioctl(tty, TIOCSWINSZ, &old));
	EXPECT_EQ(now.ws_row, 33);
	EXPECT_EQ(now.ws_col, 101);
}

static void lines_come_whole(void)
{
	char text[32] = "";
	struct pollfd fd;
	ssize_t len;
	int ready;

	open_tty();
	set_local(ECHO, ICANON);
	type("abd");
	fd = (struct pollfd){ .fd = tty, .events = POLLIN };
	ready = poll(&fd, 1, 0);
	type("\177c\n"); /* erase, and the end of the line */
	len = read(tty, text, sizeof(text) - 1);
	restore();
	EXPECT_EQ(ready, 0);
	EXPECT_EQ(len, 4);
	EXPECT_STR(text, "abc\n");
}

static void control_d_ends_the_file(void)
{
	char text[8] = "";
	ssize_t part, end;

	open_tty();
	set_local(ECHO, ICANON);
	type("xy\004\004");
	part = read(tty, text, sizeof(text));
	end = read(tty, text, sizeof(text));
	restore();
	EXPECT_EQ(part, 2);
	EXPECT_EQ(end, 0);
}

static void raw_mode_gives_bytes(void)
{
	struct termios raw;
	char text[8] = "";
	ssize_t len;

	open_tty();
	raw = saved;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 3;
	EXPECT_OK(tcsetattr(tty, TCSANOW, &raw));
	type("a\003b");
	len = read(tty, text, sizeof(text));
	restore();
	EXPECT_EQ(len, 3);
	EXPECT_EQ(text[1], 3);
}

static void read_times_out(void)
{
	struct termios raw;
	ssize_t len;
	char byte;

	open_tty();
	raw = saved;
	raw.c_lflag &= ~(tcflag_t)ICANON;
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 1;
	EXPECT_OK(tcsetattr(tty, TCSAFLUSH, &raw));
	len = read(tty, &byte, 1);
	restore();
	EXPECT_EQ(len, 0);
}

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
	interrupted = sig;
}

static void control_c_is_sigint(void)
{
	open_tty();
	set_local(ECHO, ICANON | ISIG);
	signal(SIGINT, on_interrupt);
	type("junk\003");
	restore();
	EXPECT_EQ(interrupted, SIGINT);
}

static int read_in_background(void *arg)
{
	char byte;

	(void)arg;
	signal(SIGTTIN, SIG_DFL);
	setpgid(0, 0);
	return read(tty, &byte, 1) == 1 ? 0 : 1;
}

static void background_reading_stops(void)
{
	int status;
	pid_t pid;

	open_tty();
	pid = check_child(read_in_background, NULL);
	EXPECT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	EXPECT_OK(kill(pid, SIGKILL));
	EXPECT(WIFSTOPPED(status));
	EXPECT_EQ(WSTOPSIG(status), SIGTTIN);
}

static void flushing_drops_input(void)
{
	struct pollfd fd;
	int before, after;

	open_tty();
	set_local(ECHO, ICANON);
	type("line\n");
	fd = (struct pollfd){ .fd = tty, .events = POLLIN };
	before = poll(&fd, 1, 0);
	EXPECT_OK(tcflush(tty, TCIFLUSH));
	after = poll(&fd, 1, 0);
	restore();
	EXPECT_EQ(before, 1);
	EXPECT_EQ(after, 0);
}

static void foreground_group_is_ours(void)
{
	open_tty();
	EXPECT_EQ(tcgetpgrp(tty), getpgrp());
	EXPECT_EQ(tcgetsid(tty), getsid(0));
	EXPECT_ERRNO(tcsetpgrp(tty, 1 << 29), ESRCH);
	EXPECT_ERRNO(tcsetpgrp(tty, -1), EINVAL);
}

static const struct check_test tests[] = {
	{ "modes_can_be_changed", modes_can_be_changed, 0 },
	{ "not_a_terminal_is_enotty", not_a_terminal_is_enotty, 0 },
	{ "size_is_kept_and_told", size_is_kept_and_told, 0 },
	{ "lines_come_whole", lines_come_whole, 0 },
	{ "control_d_ends_the_file", control_d_ends_the_file, 0 },
	{ "raw_mode_gives_bytes", raw_mode_gives_bytes, 0 },
	{ "read_times_out", read_times_out, 0 },
	{ "control_c_is_sigint", control_c_is_sigint, 0 },
	{ "background_reading_stops", background_reading_stops, 0 },
	{ "flushing_drops_input", flushing_drops_input, 0 },
	{ "foreground_group_is_ours", foreground_group_is_ours, 0 },
};

int main(int argc, char **argv)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	pid_t group = fd >= 0 ? tcgetpgrp(fd) : -1;
	int status;

	/* Tests take the terminal; the shell is to find it with us again. */
	signal(SIGTTOU, SIG_IGN);
	status = check_main(argc, argv, tests, CHECK_ARRAY_SIZE(tests));
	if (fd >= 0 && group > 0)
		tcsetpgrp(fd, group);
	return status;
}
