/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * Jobs: what was started and is waited for.  A job is made by job_new()
 * before its first process starts, gets the processes by job_add(), and is
 * freed when its end was reported: by job_wait_foreground(), the wait
 * builtin, or the notice before a prompt.
 */
struct job;

/* text is what jobs lists; copied, may be NULL. */
struct job *job_new(const char *text);

/* The process group that a new process of the job joins, 0 for its own. */
pid_t job_group(const struct job *job);
void job_add(struct job *job, pid_t pid);

/* A job without any process (fork failed): drop it. */
void job_drop(struct job *job);

/*
 * Wait until a foreground job ends or stops; gives the terminal back to the
 * shell.  Returns its exit status, 128 + signal for a signal.
 */
int job_wait_foreground(struct job *job);

/* Make it a background job: number it, remember $!, report "[1] pid". */
void job_background(struct job *job);

/* Collect what ended meanwhile; with notify report it (before a prompt). */
void jobs_poll(bool notify);

/* A forked subshell has no jobs of its own parent. */
void jobs_forget(void);

/* Whether there are stopped jobs (exit warns about them once). */
bool jobs_are_stopped(void);

/*
 * Start or stop job control: take the terminal, with a process group of our
 * own.  Turns sh.options.job_control off when there is no terminal.
 */
void jobs_init_control(void);

/* In a new child: its process group, the terminal if foreground, signals. */
void job_child_setup(pid_t group, bool foreground);

/* Exit status of wait(2)'s status word. */
int wait_status_code(int status);

/* The process group or pid that "%1", "%+" or "123" names, for kill. */
bool job_find_target(const char *spec, pid_t *target);

/* Builtins. */
int builtin_jobs(int argc, char **argv);
int builtin_fg(int argc, char **argv);
int builtin_bg(int argc, char **argv);
int builtin_wait(int argc, char **argv);
