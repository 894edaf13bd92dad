/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* Signals: what the shell itself needs, and the trap builtin. */

/* Remember which signals were ignored when the shell started. */
void trap_note_ignored(void);

/* Set up the shell's own dispositions (Ctrl-C, job control signals). */
void trap_init(void);

/* The number of a trapped signal that came and has not run yet, or 0. */
int trap_pending(void);

/* Run the actions of the signals that came.  Called between commands. */
void trap_run_pending(void);

/* Run the EXIT action, once; returns the status to exit with. */
int trap_run_exit(int status);

/*
 * In a child: default dispositions again, but what was ignored when the shell
 * started or by trap '' stays so.  Without interrupts (a background command
 * without job control), SIGINT and SIGQUIT are ignored too.
 */
void trap_child_signals(bool interrupts);

/* A forked subshell forgets the actions but not what is ignored. */
void trap_enter_subshell(void);

/* Ctrl-C came to an interactive shell: returns true once for each. */
bool trap_take_interrupt(void);
/* The same, and it stays to be taken. */
bool trap_has_interrupt(void);

/* Whether an action may still have to run: the shell must not be replaced. */
bool trap_wants_shell(void);

int builtin_trap(int argc, char **argv);
int builtin_kill(int argc, char **argv);
