// SPDX-License-Identifier: MIT
/*
 * kill: send a signal to processes.  (The shell's own kill also knows jobs.)
 */
#include "applets.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>

#include <user/lib/signals.h>
#include <user/lib/util.h>

#define KILL_USAGE "kill [-SIGNAL | -s SIGNAL] PID... | -l [NUMBER]"

int kill_main(int argc, char **argv)
{
	int sig = SIGTERM;
	int status = 0;
	int i = 1;
	long pid;

	if (argc > 1 && strcmp(argv[1], "-l") == 0)
		return signal_print_names(argc > 2 ? argv[2] : NULL);
	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		sig = signal_from_name(argv[2]);
		i = 3;
	} else if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--")) {
		sig = signal_from_name(argv[1] + 1);
		i = 2;
	}
	if (sig < 0) {
		warn_msg("%s: no such signal", argv[i - 1]);
		return 2;
	}
	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	if (i >= argc)
		return usage_error(KILL_USAGE);
	for (; i < argc; i++) {
		if (!parse_number(argv[i], INT_MIN, INT_MAX, &pid)) {
			warn_msg("%s: not a process", argv[i]);
			status = 1;
		} else if (kill((pid_t)pid, sig)) {
			warn_errno("%s", argv[i]);
			status = 1;
		}
	}
	return status;
}
