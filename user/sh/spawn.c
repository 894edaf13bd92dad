// SPDX-License-Identifier: MIT
/*
 * New processes.
 */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jobs.h"
#include "memory.h"
#include "redir.h"
#include "sh.h"
#include "trap.h"

const struct spawn_io spawn_io_plain = { .in = -1, .out = -1, .unused = -1 };

static void spawn_connect(const struct spawn_io *io)
{
	int null;

	if (io->in >= 0 && io->in != STDIN_FILENO) {
		dup2(io->in, STDIN_FILENO);
		close(io->in);
	}
	if (io->out >= 0 && io->out != STDOUT_FILENO) {
		dup2(io->out, STDOUT_FILENO);
		close(io->out);
	}
	if (io->unused >= 0)
		close(io->unused);

	/* POSIX 2.9.3.1: nobody but the foreground reads the terminal. */
	if (io->background && io->in < 0 && !sh.options.job_control) {
		null = open("/dev/null", O_RDONLY);
		if (null > 0) {
			dup2(null, STDIN_FILENO);
			close(null);
		}
	}
}

/* A message by one write: stdio's buffers may be shared with the parent. */
static void exec_complain(const char *path, const char *why)
{
	char text[256];
	int len = snprintf(text, sizeof(text), "%s: %s: %s\n", sh.name, path,
			   why);
	ssize_t done;

	if (len >= (int)sizeof(text))
		len = sizeof(text) - 1;
	done = write(STDERR_FILENO, text, (size_t)len);
	(void)done; /* there is nowhere left to complain to */
}

/* A file that is no program is a script: "sh file args...". */
static void exec_script(const char *path, char **argv, char **envp)
{
	size_t count = 0;
	char **args;

	while (argv[count])
		count++;
	args = alloca((count + 2) * sizeof(*args));
	args[0] = (char *)"sh";
	args[1] = (char *)path;
	memcpy(args + 2, argv + 1, count * sizeof(*args));
	execve("/bin/sh", args, envp);
}

int exec_program(const char *path, char **argv, char **envp)
{
	int error;

	execve(path, argv, envp);
	error = errno;
	if (error == ENOEXEC) {
		char head[64];
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t got = fd >= 0 ? read(fd, head, sizeof(head)) : 0;

		/* A damaged program is not a script; a text has no NUL. */
		if (fd >= 0)
			close(fd);
		if (got >= 0 && !memchr(head, 0, (size_t)got))
			exec_script(path, argv, envp);
	}
	exec_complain(path, strerror(error));
	return error == ENOENT || error == ENOTDIR ? 127 : 126;
}

/* What the child of vfork() does; a function of its own, since it has the
 * parent's stack and must not return. */
static __attribute__((noreturn, noinline)) void
spawn_child(const struct spawn_io *io, const char *path, char **argv,
	    char **envp, const struct redir_plan *redirs,
	    const sigset_t *unblocked)
{
	job_child_setup(job_group(io->job), io->foreground);
	if (io->background && !sh.options.job_control)
		trap_child_signals(false);
	/* Ctrl-C that came until here now does what it does to a program. */
	sigprocmask(SIG_SETMASK, unblocked, NULL);
	spawn_connect(io);
	if (redirs_apply(redirs))
		_exit(1);
	_exit(exec_program(path, argv, envp));
}

pid_t spawn_program(const struct spawn_io *io, const char *path, char **argv,
		    char **envp, const struct redir_plan *redirs)
{
	sigset_t all, old;
	pid_t pid;

	fflush(NULL);
	/* A handler must not run in the child on the memory we share. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	pid = vfork();
	if (pid == 0)
		spawn_child(io, path, argv, envp, redirs, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (pid < 0) {
		sh_warn("cannot start a process: %s", strerror(errno));
		return -1;
	}
	job_add(io->job, pid);
	return pid;
}

static void subshell_init(const struct spawn_io *io)
{
	job_child_setup(job_group(io->job), io->foreground);
	trap_child_signals(!io->background || sh.options.job_control);
	sh.is_subshell = true;
	sh.top_is_set = false;
	sh.options.job_control = false;
	sh.loop_depth = 0;
	sh.function_depth = 0;
	trap_enter_subshell();
	redirs_forget();
	spawn_connect(io);
	jobs_forget();
}

pid_t spawn_subshell(const struct spawn_io *io)
{
	sigset_t all, old;
	pid_t pid;

	fflush(NULL);
	/* Signals that come before it is ready wait until it is. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	pid = fork();
	if (pid == 0)
		subshell_init(io);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (pid == 0)
		return 0;
	if (pid < 0) {
		sh_warn("cannot start a process: %s", strerror(errno));
		return -1;
	}
	job_add(io->job, pid);
	return pid;
}
