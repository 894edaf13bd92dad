// SPDX-License-Identifier: MIT
/*
 * Groups of processes, SIGCHLD, stopping and continuing.
 */
#include "check.h"
#include "signals.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static void kill_reaches_the_group(void)
{
	pid_t first = check_child(wait_for_ever, NULL);
	pid_t second = check_child(wait_for_ever, NULL);

	EXPECT_OK(setpgid(first, first));
	EXPECT_OK(setpgid(second, first));
	EXPECT_OK(kill(-first, SIGTERM));
	check_signalled(first, SIGTERM);
	check_signalled(second, SIGTERM);
	EXPECT_ERRNO(kill(-first, SIGTERM), ESRCH);
	EXPECT_OK(kill(0, 0));
}

static void sigchld_comes(void)
{
	pid_t pid;

	signal_handle(SIGCHLD, 0);
	signal_block(SIGCHLD);
	pid = check_child(wait_for_ever, NULL);
	kill(pid, SIGKILL);
	while (!signal_count)
		signal_unblock(SIGCHLD);
	EXPECT_EQ(signal_info.si_pid, pid);
	EXPECT_EQ(signal_info.si_code, CLD_KILLED);
	EXPECT_EQ(signal_info.si_status, SIGKILL);
	check_signalled(pid, SIGKILL);
}

static void ignored_sigchld_reaps(void)
{
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid == 0)
		_exit(0);
	EXPECT_ERRNO(waitpid(pid, NULL, 0), ECHILD);
}

/* The letter that /proc/PID/stat has for it, proc_pid_stat(5). */
static char process_state(pid_t pid)
{
	char path[32], text[256];
	const char *end;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	EXPECT_OK(fd);
	len = read(fd, text, sizeof(text) - 1);
	EXPECT(len > 0);
	close(fd);
	text[len] = '\0';
	end = strrchr(text, ')');
	EXPECT(end && end[1] == ' ');
	return end[2];
}

static void wait_state(pid_t pid, char state)
{
	while (process_state(pid) != state)
		sched_yield();
}

static void stop_and_continue(void)
{
	pid_t pid = check_child(wait_for_ever, NULL);
	int status;

	wait_state(pid, 'S'); /* fork() blocks signals until it is done */
	EXPECT_OK(kill(pid, SIGSTOP));
	EXPECT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	EXPECT(WIFSTOPPED(status));
	EXPECT_EQ(WSTOPSIG(status), SIGSTOP);
	wait_state(pid, 'T');
	EXPECT_OK(kill(pid, SIGTERM)); /* waits until it goes on */
	EXPECT_EQ(process_state(pid), 'T');
	EXPECT_OK(kill(pid, SIGCONT));
	check_signalled(pid, SIGTERM);
}

/* SIGCONT may come at any moment of a stop: it must never be lost. */
static void continue_meets_stop(void)
{
	pid_t pid = check_child(wait_for_ever, NULL);

	for (int i = 0; i < 2000; i++) {
		EXPECT_OK(kill(pid, SIGSTOP));
		if (i % 2)
			sched_yield();
		EXPECT_OK(kill(pid, SIGCONT));
	}
	EXPECT_OK(kill(pid, SIGTERM));
	check_signalled(pid, SIGTERM);
}

/*
 * The same with a process of its own each time, which shows each loss.  The
 * pause lets it take the stop signal; a debug kernel can be told to dwell there.
 */
static void continue_undoes_a_stop(void)
{
	const struct timespec pause = { .tv_nsec = 500000 };

	for (int i = 0; i < 40; i++) {
		pid_t pid = check_child(wait_for_ever, NULL);

		EXPECT_OK(kill(pid, SIGSTOP));
		EXPECT_OK(nanosleep(&pause, NULL));
		EXPECT_OK(kill(pid, SIGCONT));
		EXPECT_OK(kill(pid, SIGTERM));
		check_signalled(pid, SIGTERM);
	}
}

static void continuing_is_reported(void)
{
	pid_t pid = check_child(wait_for_ever, NULL);
	int status;

	EXPECT_OK(kill(pid, SIGTSTP));
	EXPECT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	EXPECT_EQ(WSTOPSIG(status), SIGTSTP);
	EXPECT_OK(kill(pid, SIGCONT));
	EXPECT_EQ(waitpid(pid, &status, WCONTINUED), pid);
	EXPECT(WIFCONTINUED(status));
	EXPECT_OK(kill(pid, SIGKILL));
	check_signalled(pid, SIGKILL);
}

static void kill_ends_a_stopped_process(void)
{
	pid_t pid = check_child(wait_for_ever, NULL);
	int status;

	EXPECT_OK(kill(pid, SIGSTOP));
	EXPECT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	EXPECT_OK(kill(pid, SIGKILL));
	check_signalled(pid, SIGKILL);
}

static const struct check_test tests[] = {
	{ "kill_reaches_the_group", kill_reaches_the_group, 0 },
	{ "sigchld_comes", sigchld_comes, 0 },
	{ "ignored_sigchld_reaps", ignored_sigchld_reaps, 0 },
	{ "stop_and_continue", stop_and_continue, 0 },
	{ "continue_meets_stop", continue_meets_stop, 0 },
	{ "continue_undoes_a_stop", continue_undoes_a_stop, 0 },
	{ "continuing_is_reported", continuing_is_reported, 0 },
	{ "kill_ends_a_stopped_process", kill_ends_a_stopped_process, 0 },
};

CHECK_MAIN(tests)
