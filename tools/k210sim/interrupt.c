// SPDX-License-Identifier: MIT
/* See interrupt.h. */
#define _GNU_SOURCE /* sigaction() */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t came;

static void note(int signal)
{
	(void)signal;
	came = 1;
}

void interrupt_catch(void)
{
	const struct sigaction action = {
		.sa_handler = note,
		.sa_flags = SA_RESTART | SA_RESETHAND,
	};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

bool interrupt_came(void)
{
	return came;
}
