/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * State that the whole shell shares, and how errors leave.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SH_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Why running commands is being unwound; see exec.c. */
enum flow {
	FLOW_NONE,
	FLOW_BREAK,
	FLOW_CONTINUE,
	FLOW_RETURN,
	FLOW_ABORT, /* Ctrl-C: back to the prompt */
};

/* What "set" switches. */
struct sh_options {
	bool all_export;  /* -a */
	bool errexit;     /* -e */
	bool no_glob;     /* -f */
	bool job_control; /* -m */
	bool no_exec;     /* -n */
	bool no_unset;    /* -u */
	bool verbose;     /* -v */
	bool trace;       /* -x */
	bool no_clobber;  /* -C */
	bool pipefail;    /* -o pipefail */
};

struct sh_state {
	const char *name; /* $0, and what messages begin with */
	char **params;    /* "$@", NULL-terminated */
	int nr_params;
	int status;    /* $? */
	pid_t pid;     /* $$: of the main shell, even in a subshell */
	pid_t last_bg; /* $!, 0 when there was none */
	int line;      /* of the command that runs, for messages and LINENO */
	struct sh_options options;
	bool interactive;
	bool is_login;
	bool is_subshell;
	enum flow flow;
	int flow_levels; /* BREAK, CONTINUE: loops still to leave */
	int loop_depth;  /* loops around the command that runs */
	int function_depth;
	int errexit_off;  /* > 0 inside conditions, where -e does not apply */
	int subst_status; /* of the last $(...), for a command without words */
	jmp_buf top;      /* where sh_error() goes in an interactive shell */
	bool top_is_set;
};

extern struct sh_state sh;

/* Print "name: [line N:] message". */
void sh_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Report, then give up what runs: an interactive shell goes back to its
 * prompt, any other ends with status 2.
 */
void sh_error(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* End the shell: EXIT trap, history, flushed output. */
void sh_exit(int status) __attribute__((noreturn));

/*
 * Read and run everything in text, file or standard input.  Returns the last
 * status.  sh_run_file() returns -1 and errno when path cannot be read.
 */
int sh_run_text(const char *text);
int sh_run_file(const char *path);
