// SPDX-License-Identifier: MIT
/*
 * init: the first process.
 *
 * It mounts the pseudo file systems, runs /etc/rc, keeps a shell on the
 * console and collects orphans.  poweroff(8) and reboot(8) ask it by signals:
 * SIGUSR2 power off, SIGTERM reboot, SIGUSR1 halt.  Called as /init, which is
 * its name on the initramfs, it is the rescue system: no /etc/rc, an
 * explanation, and a shell.
 *
 * Signal handlers shut down directly.  That needs no flag that waitpid()
 * could miss, and is safe since nothing but waiting is ever interrupted.
 */
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <user/bin/applets.h>
#include <user/lib/clock_file.h>
#include <user/lib/util.h>

#define CONSOLE "/dev/console"
#define RC_FILE "/etc/rc"

/* A shell that ends this often within that time is not worth restarting. */
#define RESPAWN_LIMIT    5
#define RESPAWN_WINDOW_S 10
#define RESPAWN_PAUSE_S  10

static const char *const shells[] = { "/bin/sh", "/bin/busybox", "/bin/bash" };

void init_say(const char *fmt, ...)
{
	char text[256] = "init: ";
	const int start = 6;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text + start, sizeof(text) - start - 1, fmt, args);
	va_end(args);
	len = len < 0 ? 0 : len;
	if (len > (int)sizeof(text) - start - 2)
		len = (int)sizeof(text) - start - 2;
	text[start + len] = '\n';
	write_all(STDERR_FILENO, text, (size_t)(start + len + 1));
}

static void init_on_signal(int sig)
{
	switch (sig) {
	case SIGUSR1:
		init_shut_down(RB_HALT_SYSTEM);
		break;
	case SIGUSR2:
		init_shut_down(RB_POWER_OFF);
		break;
	default:
		init_shut_down(RB_AUTOBOOT);
	}
}

static void init_set_signals(void)
{
	static const int handled[] = { SIGUSR1, SIGUSR2, SIGTERM, SIGINT };
	struct sigaction action = { .sa_handler = init_on_signal };

	/* One of them is enough: the others wait while it is served. */
	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(handled); i++)
		sigaction(handled[i], &action, NULL);
}

static void init_set_environment(void)
{
	static const struct {
		const char *name, *value;
	} environment[] = {
		{ "PATH", "/bin:/sbin:/usr/bin:/usr/sbin" },
		{ "HOME", "/root" },
		{ "USER", "root" },
		{ "LOGNAME", "root" },
		{ "SHELL", "/bin/sh" },
		{ "TERM", "vt100" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(environment); i++)
		if (setenv(environment[i].name, environment[i].value, 0))
			init_say("cannot set %s: %s", environment[i].name,
				 strerror(errno));
}

static void init_set_hostname(void)
{
	char name[65];

	if (read_file_text("/etc/hostname", name, sizeof(name)) <= 0)
		strcpy(name, "keel");
	name[strcspn(name, "\r\n")] = '\0';
	if (sethostname(name, strlen(name)))
		init_say("cannot set the host name: %s", strerror(errno));
}

/* Make path the standard descriptors; controlling: also our terminal. */
static bool init_open_console(bool controlling)
{
	int fd = open(CONSOLE, O_RDWR | O_NOCTTY);

	if (fd < 0)
		return false;
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
	if (controlling && ioctl(STDIN_FILENO, TIOCSCTTY, 1))
		init_say("%s: no controlling terminal: %s", CONSOLE,
			 strerror(errno));
	return true;
}

/* In a new child: a session, no blocked or handled signals. */
static void child_prepare(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
}

/* Run the boot script and wait for it; orphans that end are collected. */
static void init_run_rc(void)
{
	int status;
	pid_t pid;

	if (access(RC_FILE, R_OK))
		return;
	pid = fork();
	if (pid < 0) {
		init_say("%s: %s", RC_FILE, strerror(errno));
		return;
	}
	if (pid == 0) {
		child_prepare();
		execl("/bin/sh", "sh", RC_FILE, (char *)NULL);
		init_say("/bin/sh: %s", strerror(errno));
		_exit(127);
	}
	for (;;) {
		pid_t ended = wait(&status);

		if (ended == pid)
			break;
		if (ended < 0 && errno == ECHILD)
			return;
	}
	if (WIFSIGNALED(status))
		init_say("%s ended by signal %d", RC_FILE, WTERMSIG(status));
	else if (WEXITSTATUS(status))
		init_say("%s failed with status %d", RC_FILE,
			 WEXITSTATUS(status));
}

static __attribute__((noreturn)) void shell_child(void)
{
	const char *home = getenv("HOME");

	child_prepare();
	if (!init_open_console(true))
		init_say("%s: %s", CONSOLE, strerror(errno));
	/* No home directory is no reason to have no shell. */
	if ((!home || chdir(home)) && chdir("/"))
		init_say("/: %s", strerror(errno));

	execl(shells[0], "-sh", (char *)NULL);
	init_say("%s: %s", shells[0], strerror(errno));
	execl(shells[1], "-sh", (char *)NULL);
	execl(shells[2], "-bash", (char *)NULL);
	_exit(127);
}

static pid_t shell_start(void)
{
	pid_t pid = fork();

	if (pid == 0)
		shell_child();
	if (pid < 0)
		init_say("cannot start a shell: %s", strerror(errno));
	return pid;
}

static long now_s(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec;
}

/* Wait before the next shell if the last ones came and went too fast. */
static void shell_limit_rate(void)
{
	static long starts[RESPAWN_LIMIT];
	static unsigned int next;
	long now = now_s();
	long oldest = starts[next % RESPAWN_LIMIT];

	if (next >= RESPAWN_LIMIT && now - oldest < RESPAWN_WINDOW_S) {
		struct timespec pause = { .tv_sec = RESPAWN_PAUSE_S };

		init_say("the shell on " CONSOLE
			 " ends at once, again and again; next try in %d s",
			 RESPAWN_PAUSE_S);
		while (nanosleep(&pause, &pause) && errno == EINTR)
			;
		now = now_s();
	}
	starts[next++ % RESPAWN_LIMIT] = now;
}

/* Collect children for ever; the shell is started anew when it ends. */
static __attribute__((noreturn)) void init_loop(void)
{
	pid_t shell = -1;

	for (;;) {
		pid_t ended;

		if (shell < 0) {
			shell_limit_rate();
			shell = shell_start();
			if (shell < 0)
				continue;
		}
		ended = wait(NULL);
		if (ended == shell || (ended < 0 && errno == ECHILD))
			shell = -1;
	}
}

int init_main(int argc, char **argv)
{
	bool rescue = strcmp(argv[0], "/init") == 0;

	(void)argc;
	if (getpid() != 1) {
		warn_msg(
			"only the kernel starts init; see poweroff and reboot");
		return 1;
	}
	/* The kernel may have had no console to give us. */
	if (fcntl(STDERR_FILENO, F_GETFD) < 0)
		init_open_console(false);
	init_set_signals();
	init_set_environment();
	init_mount_all();
	if (fcntl(STDERR_FILENO, F_GETFD) < 0)
		init_open_console(false);
	init_set_hostname();
	clock_file_restore();
	if (rescue)
		init_explain_rescue();
	else
		init_run_rc();
	init_loop();
}
