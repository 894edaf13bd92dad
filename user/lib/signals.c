// SPDX-License-Identifier: MIT
/*
 * Signal names.
 */
#include "signals.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "util.h"

static const char *const signal_names[] = {
	[0] = "0",
	[SIGHUP] = "HUP",
	[SIGINT] = "INT",
	[SIGQUIT] = "QUIT",
	[SIGILL] = "ILL",
	[SIGTRAP] = "TRAP",
	[SIGABRT] = "ABRT",
	[SIGBUS] = "BUS",
	[SIGFPE] = "FPE",
	[SIGKILL] = "KILL",
	[SIGUSR1] = "USR1",
	[SIGSEGV] = "SEGV",
	[SIGUSR2] = "USR2",
	[SIGPIPE] = "PIPE",
	[SIGALRM] = "ALRM",
	[SIGTERM] = "TERM",
	[SIGCHLD] = "CHLD",
	[SIGCONT] = "CONT",
	[SIGSTOP] = "STOP",
	[SIGTSTP] = "TSTP",
	[SIGTTIN] = "TTIN",
	[SIGTTOU] = "TTOU",
	[SIGURG] = "URG",
	[SIGXCPU] = "XCPU",
	[SIGXFSZ] = "XFSZ",
	[SIGPROF] = "PROF",
	[SIGVTALRM] = "VTALRM",
	[SIGWINCH] = "WINCH",
	[SIGIO] = "IO",
	[SIGPWR] = "PWR",
	[SIGSYS] = "SYS",
};

int signal_from_name(const char *name)
{
	long number;

	if (parse_number(name, 0, 64, &number))
		return (int)number;
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (int sig = 1; sig < (int)ARRAY_SIZE(signal_names); sig++)
		if (signal_names[sig] &&
		    strcasecmp(signal_names[sig], name) == 0)
			return sig;
	return -1;
}

const char *signal_to_name(int sig)
{
	static char number[12];

	if (sig >= 0 && sig < (int)ARRAY_SIZE(signal_names) &&
	    signal_names[sig])
		return signal_names[sig];
	snprintf(number, sizeof(number), "%d", sig);
	return number;
}

int signal_print_names(const char *number)
{
	long sig;

	if (number) {
		if (!parse_number(number, 0, 255, &sig)) {
			printf("%d\n", signal_from_name(number));
			return 0;
		}
		puts(signal_to_name((int)(sig > 128 ? sig - 128 : sig)));
		return 0;
	}
	for (int i = 1; i < (int)ARRAY_SIZE(signal_names); i++)
		if (signal_names[i])
			printf("%2d %s\n", i, signal_names[i]);
	return 0;
}
