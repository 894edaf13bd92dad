// SPDX-License-Identifier: MIT
/*
 * The end: processes, then file systems, then the machine.
 *
 * Runs in a signal handler, so everything here is a system call: no stdio,
 * no malloc().
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <user/lib/clock_file.h>

#include "init.h"

#define GRACE_TRIES   20
#define GRACE_STEP_NS 50000000L

/* Deepest first. */
static const char *const unmounted[] = { "/mnt", "/run", "/tmp", "/dev/shm",
					 "/proc" };

static void say(const char *text)
{
	ssize_t done = write(STDERR_FILENO, text, strlen(text));

	(void)done;
}

/* Wait for the children to end, for a second at most; true if all did. */
static int wait_for_children(void)
{
	const struct timespec step = { .tv_nsec = GRACE_STEP_NS };

	for (int i = 0; i < GRACE_TRIES; i++) {
		pid_t pid;

		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (pid < 0 && errno == ECHILD)
			return 1;
		nanosleep(&step, NULL);
	}
	return 0;
}

static void end_processes(void)
{
	kill(-1, SIGTERM);
	/* The console's shell ignores SIGTERM, as interactive shells do. */
	kill(-1, SIGHUP);
	kill(-1, SIGCONT);
	if (wait_for_children())
		return;
	kill(-1, SIGKILL);
	wait_for_children();
}

static void unmount_all(void)
{
	sync();
	for (size_t i = 0; i < sizeof(unmounted) / sizeof(unmounted[0]); i++)
		umount2(unmounted[i], MNT_DETACH);
	/* The root stays mounted, but nothing is written to it any more. */
	mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL);
	sync();
}

void init_shut_down(int how)
{
	say(how == RB_AUTOBOOT    ? "\ninit: rebooting\n"
	    : how == RB_POWER_OFF ? "\ninit: powering off\n"
				  : "\ninit: halting\n");
	end_processes();
	clock_file_save();
	unmount_all();
	reboot(how);
	say("init: the kernel refuses to do that\n");
	for (;;)
		pause();
}
