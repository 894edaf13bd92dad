/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Signals for tests.  All that fails ends the test.
 */
#include <signal.h>

/* What the handler has seen: how many signals, and the last of them. */
extern volatile sig_atomic_t signal_count;
extern volatile sig_atomic_t signal_last;
extern siginfo_t signal_info; /* not after signal_note() alone */

/* Handlers that keep these; with SA_SIGINFO the second. */
void signal_note(int sig);
void signal_note_info(int sig, siginfo_t *info, void *context);

/* Have signal_note_info() handle it; flags: further SA_*. */
void signal_handle(int sig, int flags);

void signal_block(int sig);
void signal_unblock(int sig);

/* For check_child(): only a signal ends it. */
int wait_for_ever(void *arg);
