/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct job;
struct redir_plan;

/* How a child is connected. */
struct spawn_io {
	struct job *job; /* that it joins */
	int in;          /* becomes standard input, -1: keep */
	int out;         /* becomes standard output, -1: keep */
	int unused;      /* a pipe end that is not for it, -1: none */
	bool foreground; /* takes the terminal */
	bool background; /* started by & */
};
/* Not connected at all, nobody's: to start from. */
extern const struct spawn_io spawn_io_plain;

/*
 * Run a file in a new process by vfork(2), which copies no memory: the
 * child only makes system calls until it is the new program.  Returns the
 * pid, or -1 after a message.
 */
pid_t spawn_program(const struct spawn_io *io, const char *path, char **argv,
		    char **envp, const struct redir_plan *redirs);

/*
 * fork(2) a subshell.  Returns 0 in the child, which is then connected and
 * has forgotten its parent's jobs and traps; the pid in the parent; -1 after
 * a message.
 */
pid_t spawn_subshell(const struct spawn_io *io);

/*
 * Become the program: execve(2), with scripts without #! run by the shell.
 * Returns only on failure, with a message printed: the status to exit with.
 */
int exec_program(const char *path, char **argv, char **envp);
