// SPDX-License-Identifier: MIT
#include "signals.h"

#include "check.h"

volatile sig_atomic_t signal_count;
volatile sig_atomic_t signal_last;
siginfo_t signal_info;

void signal_note(int sig)
{
	signal_count++;
	signal_last = sig;
}

void signal_note_info(int sig, siginfo_t *info, void *context)
{
	(void)context;
	signal_note(sig);
	signal_info = *info;
}

void signal_handle(int sig, int flags)
{
	struct sigaction action = {
		.sa_sigaction = signal_note_info,
		.sa_flags = SA_SIGINFO | flags,
	};

	EXPECT_OK(sigaction(sig, &action, NULL));
}

void signal_block(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	EXPECT_OK(sigprocmask(SIG_BLOCK, &set, NULL));
}

void signal_unblock(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	EXPECT_OK(sigprocmask(SIG_UNBLOCK, &set, NULL));
}

int wait_for_ever(void *arg)
{
	(void)arg;
	while (pause() < 0)
		;
	return 0;
}
