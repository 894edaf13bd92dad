// SPDX-License-Identifier: MIT
/*
 * Signals.  Handlers only note that a signal came; its action runs between
 * two commands, where the shell is in a state that commands may change.
 */
#include "trap.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <user/lib/signals.h>

#include "jobs.h"
#include "memory.h"
#include "sh.h"

#define NR_SIGNALS 65 /* 0 is EXIT */

static char *actions[NR_SIGNALS]; /* NULL: default; "": ignored */
static int nr_actions;            /* that are not NULL */
static volatile sig_atomic_t came[NR_SIGNALS];
static volatile sig_atomic_t any_came; /* a signal that has an action */
static volatile sig_atomic_t interrupted;
static bool ignored_at_start[NR_SIGNALS];

static void trap_handler(int sig)
{
	if (actions[sig]) {
		came[sig] = 1;
		any_came = sig;
	} else if (sig == SIGINT) {
		interrupted = 1;
	}
}

static void signal_set(int sig, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigemptyset(&action.sa_mask);
	sigaction(sig, &action, NULL);
}

/* What the shell does about sig when no action is set for it. */
static void signal_set_default(int sig)
{
	if (ignored_at_start[sig])
		signal_set(sig, SIG_IGN);
	else if (!sh.interactive || sh.is_subshell)
		signal_set(sig, SIG_DFL);
	else if (sig == SIGINT)
		signal_set(sig, trap_handler);
	else if (sig == SIGQUIT || sig == SIGTERM || sig == SIGTSTP ||
		 sig == SIGTTIN || sig == SIGTTOU)
		signal_set(sig, SIG_IGN);
	else
		signal_set(sig, SIG_DFL);
}

void trap_note_ignored(void)
{
	struct sigaction action;

	for (int sig = 1; sig <= SIGSYS; sig++)
		if (sigaction(sig, NULL, &action) == 0)
			ignored_at_start[sig] = action.sa_handler == SIG_IGN;
}

void trap_init(void)
{
	static const int own[] = { SIGINT,  SIGQUIT, SIGTERM,
				   SIGTSTP, SIGTTIN, SIGTTOU };

	if (!sh.interactive)
		return;
	for (size_t i = 0; i < SH_ARRAY_SIZE(own); i++)
		signal_set_default(own[i]);
}

int trap_pending(void)
{
	return any_came;
}

static void trap_run(int sig)
{
	int status = sh.status;
	enum flow flow = sh.flow;
	char *action = arena_strdup(&sh_temp, actions[sig]);

	sh.flow = FLOW_NONE;
	sh_run_text(action);
	if (sh.flow == FLOW_NONE) {
		sh.flow = flow;
		sh.status = status;
	}
}

void trap_run_pending(void)
{
	while (any_came) {
		any_came = 0;
		for (int sig = 1; sig < NR_SIGNALS; sig++) {
			if (!came[sig])
				continue;
			came[sig] = 0;
			if (actions[sig] && *actions[sig])
				trap_run(sig);
		}
	}
}

int trap_run_exit(int status)
{
	char *action = actions[0];

	if (!action)
		return status;
	actions[0] = NULL;
	nr_actions--;
	sh.status = status;
	sh.flow = FLOW_NONE;
	sh_run_text(action);
	free(action);
	return status;
}

void trap_child_signals(bool interrupts)
{
	static const int own[] = { SIGINT,  SIGQUIT, SIGTERM,
				   SIGTSTP, SIGTTIN, SIGTTOU };

	/* Handlers end with exec by themselves; what is ignored does not. */
	for (size_t i = 0; i < SH_ARRAY_SIZE(own); i++) {
		int sig = own[i];
		bool ignore = (actions[sig] && !*actions[sig]) ||
			      ignored_at_start[sig];

		if (!interrupts && (sig == SIGINT || sig == SIGQUIT))
			ignore = true;
		if (ignore)
			signal_set(sig, SIG_IGN);
		else if (sh.interactive || actions[sig])
			signal_set(sig, SIG_DFL);
	}
}

void trap_enter_subshell(void)
{
	for (int sig = 0; sig < NR_SIGNALS; sig++) {
		if (!actions[sig] || !*actions[sig])
			continue;
		free(actions[sig]);
		actions[sig] = NULL;
		nr_actions--;
		came[sig] = 0;
		if (sig)
			signal_set(sig, SIG_DFL);
	}
	any_came = 0;
	interrupted = 0;
}

bool trap_take_interrupt(void)
{
	bool taken = interrupted;

	interrupted = 0;
	return taken;
}

bool trap_has_interrupt(void)
{
	return interrupted;
}

bool trap_wants_shell(void)
{
	return nr_actions > 0;
}

static void trap_set(int sig, const char *action)
{
	char *old = actions[sig];

	/* POSIX: what was ignored at the start cannot be trapped. */
	if (sig && ignored_at_start[sig])
		return;
	actions[sig] = action ? sh_strdup(action) : NULL;
	nr_actions += !!action - !!old;
	free(old);
	if (!sig)
		return;
	if (!action)
		signal_set_default(sig);
	else
		signal_set(sig, *action ? trap_handler : SIG_IGN);
}

static void trap_print(void)
{
	for (int sig = 0; sig < NR_SIGNALS; sig++)
		if (actions[sig])
			printf("trap -- '%s' %s\n", actions[sig],
			       sig ? signal_to_name(sig) : "EXIT");
}

int builtin_trap(int argc, char **argv)
{
	const char *action;
	int status = 0;
	int i = 1;

	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	if (i == argc) {
		trap_print();
		return 0;
	}
	/* A first operand that is a number is a signal to reset. */
	action = argv[i];
	if (isdigit((unsigned char)*action))
		action = NULL;
	else
		i++;
	if (action && strcmp(action, "-") == 0)
		action = NULL;

	for (; i < argc; i++) {
		int sig =
			strcmp(argv[i], "EXIT") ? signal_from_name(argv[i]) : 0;

		if (sig < 0 || sig >= NR_SIGNALS) {
			sh_warn("trap: %s: no such signal", argv[i]);
			status = 1;
			continue;
		}
		trap_set(sig, action);
	}
	return status;
}

static int kill_one(const char *spec, int sig)
{
	pid_t target;
	char *end;

	if (*spec == '%') {
		if (!job_find_target(spec, &target)) {
			sh_warn("kill: %s: no such job", spec);
			return 1;
		}
	} else {
		target = (pid_t)strtol(spec, &end, 10);
		if (end == spec || *end) {
			sh_warn("kill: %s: not a process", spec);
			return 1;
		}
	}
	if (kill(target, sig)) {
		sh_warn("kill: %s: %s", spec, strerror(errno));
		return 1;
	}
	/* A stopped process sees the signal when it goes on. */
	if (*spec == '%' && (sig == SIGTERM || sig == SIGHUP))
		kill(target, SIGCONT);
	return 0;
}

int builtin_kill(int argc, char **argv)
{
	int sig = SIGTERM;
	int status = 0;
	int i = 1;

	if (argc > 1 && strcmp(argv[1], "-l") == 0)
		return signal_print_names(argc > 2 ? argv[2] : NULL);
	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		sig = signal_from_name(argv[2]);
		i = 3;
	} else if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--")) {
		sig = signal_from_name(argv[1] + 1);
		i = 2;
	}
	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	if (sig < 0 || i == argc) {
		sh_warn(sig < 0 ? "kill: no such signal"
				: "usage: kill [-SIGNAL] PID|%%JOB...");
		return 2;
	}
	for (; i < argc; i++)
		status |= kill_one(argv[i], sig);
	return status;
}
