// SPDX-License-Identifier: MIT
/*
 * Jobs and job control.
 *
 * With job control each job is a process group; the one in the foreground
 * owns the terminal.  Parent and child both call setpgid(2), since neither
 * knows who runs first.
 */
#include "jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "memory.h"
#include "sh.h"
#include "trap.h"

#define JOB_MAX_PROCS_STEP 4

enum process_state {
	PROCESS_RUNNING,
	PROCESS_STOPPED,
	PROCESS_DONE,
};

struct process {
	pid_t pid;
	int status; /* wait(2)'s word, once not running */
	enum process_state state;
};

struct job {
	struct job *next; /* newest first */
	int id;           /* 0 while in the foreground */
	pid_t group;      /* 0 without job control */
	char *text;
	bool notified; /* the state it is in was reported */
	int nr_processes;
	int room;
	struct process *processes;
};

static struct job *jobs;
static int terminal_fd = -1;
static pid_t shell_group;
static struct termios shell_modes;

struct job *job_new(const char *text)
{
	struct job *job = sh_malloc(sizeof(*job));

	*job = (struct job){ .next = jobs };
	job->text = text ? sh_strdup(text) : NULL;
	jobs = job;
	return job;
}

pid_t job_group(const struct job *job)
{
	return job->group;
}

void job_add(struct job *job, pid_t pid)
{
	if (job->nr_processes == job->room) {
		job->room += JOB_MAX_PROCS_STEP;
		job->processes =
			sh_realloc(job->processes,
				   (size_t)job->room * sizeof(*job->processes));
	}
	job->processes[job->nr_processes++] =
		(struct process){ .pid = pid, .state = PROCESS_RUNNING };
	if (!sh.options.job_control)
		return;
	if (!job->group)
		job->group = pid;
	setpgid(pid, job->group);
}

void job_drop(struct job *job)
{
	struct job **link = &jobs;

	while (*link != job)
		link = &(*link)->next;
	*link = job->next;
	free(job->processes);
	free(job->text);
	free(job);
}

int wait_status_code(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WIFSIGNALED(status))
		return 128 + WTERMSIG(status);
	return 128 + WSTOPSIG(status);
}

static enum process_state job_state(const struct job *job)
{
	enum process_state state = PROCESS_DONE;

	for (int i = 0; i < job->nr_processes; i++) {
		if (job->processes[i].state == PROCESS_RUNNING)
			return PROCESS_RUNNING;
		if (job->processes[i].state == PROCESS_STOPPED)
			state = PROCESS_STOPPED;
	}
	return state;
}

/* The status word of the last process, or of the last that failed. */
static int job_status(const struct job *job)
{
	int last = job->nr_processes - 1;

	for (int i = last; sh.options.pipefail && i >= 0; i--)
		if (job->processes[i].status)
			return job->processes[i].status;
	for (int i = 0; i <= last; i++)
		if (job->processes[i].state == PROCESS_STOPPED)
			return job->processes[i].status;
	return last < 0 ? 0 : job->processes[last].status;
}

static void job_note(pid_t pid, int status)
{
	for (struct job *job = jobs; job; job = job->next) {
		for (int i = 0; i < job->nr_processes; i++) {
			struct process *process = &job->processes[i];

			if (process->pid != pid ||
			    process->state == PROCESS_DONE)
				continue;
			process->status = status;
			process->state = WIFSTOPPED(status) ? PROCESS_STOPPED
					 : WIFCONTINUED(status)
						 ? PROCESS_RUNNING
						 : PROCESS_DONE;
			job->notified = false;
			return;
		}
	}
}

/* Wait for any change of any child; false when there is none to wait for. */
static bool jobs_wait_any(int flags)
{
	int status;
	pid_t pid;

	pid = waitpid(-1, &status,
		      flags | (sh.options.job_control ? WUNTRACED : 0));
	if (pid > 0)
		job_note(pid, status);
	return pid > 0 || (pid < 0 && errno == EINTR && !(flags & WNOHANG));
}

static void job_number(struct job *job)
{
	int id = 1;

	if (job->id)
		return;
	for (struct job *other = jobs; other; other = other->next)
		if (other->id >= id)
			id = other->id + 1;
	job->id = id;
}

static const char *job_text(const struct job *job)
{
	return job->text ? job->text : "";
}

static void job_print(const struct job *job, FILE *out, bool with_pid)
{
	int status = job_status(job);
	char state[40];

	switch (job_state(job)) {
	case PROCESS_RUNNING:
		strcpy(state, "Running");
		break;
	case PROCESS_STOPPED:
		strcpy(state, "Stopped");
		break;
	default:
		if (WIFSIGNALED(status))
			snprintf(state, sizeof(state), "%s",
				 strsignal(WTERMSIG(status)));
		else if (WEXITSTATUS(status))
			snprintf(state, sizeof(state), "Exit %d",
				 WEXITSTATUS(status));
		else
			strcpy(state, "Done");
	}
	fprintf(out, "[%d]%c  ", job->id, job == jobs ? '+' : ' ');
	if (with_pid && job->nr_processes)
		fprintf(out, "%5d ", (int)job->processes[0].pid);
	fprintf(out, "%-20s  %s\n", state, job_text(job));
}

static void terminal_give(pid_t group)
{
	if (terminal_fd >= 0)
		tcsetpgrp(terminal_fd, group);
}

/* What a user wants to know of a foreground job that a signal ended. */
static void job_report_signal(int status)
{
	int sig = WTERMSIG(status);

	if (sig == SIGINT) {
		if (sh.interactive)
			fputc('\n', stderr);
	} else if (sig != SIGPIPE) {
		fprintf(stderr, "%s%s\n", strsignal(sig),
			WCOREDUMP(status) ? " (core dumped)" : "");
	}
}

/*
 * The terminal is the job's.  Ctrl-C that came before it was, and after the
 * command was begun, has hit us instead: it is meant for the job.
 */
static void job_take_terminal(const struct job *job)
{
	if (!sh.options.job_control || !job->group)
		return;
	terminal_give(job->group);
	if (trap_has_interrupt())
		kill(-job->group, SIGINT);
}

int job_wait_foreground(struct job *job)
{
	int status;

	job_take_terminal(job);
	while (job_state(job) == PROCESS_RUNNING && jobs_wait_any(0))
		;
	if (sh.options.job_control)
		terminal_give(shell_group);

	status = job_status(job);
	if (job_state(job) == PROCESS_STOPPED) {
		job_number(job);
		job->notified = true;
		fputc('\n', stderr);
		job_print(job, stderr, false);
	} else {
		job_drop(job);
	}
	if (WIFSIGNALED(status)) {
		job_report_signal(status);
		/* Ctrl-C means the loop around the command as well. */
		if (WTERMSIG(status) == SIGINT && sh.interactive)
			sh.flow = FLOW_ABORT;
	}
	/* A job that died or stopped may have left the terminal raw. */
	if (!WIFEXITED(status) && terminal_fd >= 0 && sh.interactive)
		tcsetattr(terminal_fd, TCSADRAIN, &shell_modes);
	return wait_status_code(status);
}

void job_background(struct job *job)
{
	job_number(job);
	if (!job->nr_processes)
		return;
	sh.last_bg = job->processes[job->nr_processes - 1].pid;
	if (sh.interactive && !sh.is_subshell)
		fprintf(stderr, "[%d] %d\n", job->id, (int)sh.last_bg);
}

void jobs_poll(bool notify)
{
	struct job *job, *next;

	if (!jobs)
		return;
	while (jobs_wait_any(WNOHANG))
		;
	for (job = jobs; job && notify; job = next) {
		enum process_state state = job_state(job);

		next = job->next;
		if (!job->notified && state != PROCESS_RUNNING)
			job_print(job, stderr, false);
		job->notified = state != PROCESS_RUNNING;
		if (state == PROCESS_DONE)
			job_drop(job);
	}
}

void jobs_forget(void)
{
	while (jobs)
		job_drop(jobs);
}

bool jobs_are_stopped(void)
{
	for (struct job *job = jobs; job; job = job->next)
		if (job_state(job) == PROCESS_STOPPED)
			return true;
	return false;
}

void jobs_init_control(void)
{
	int fd;

	sh.options.job_control = false;
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	if (fd < 0)
		return;

	terminal_fd = fcntl(fd, F_DUPFD_CLOEXEC, 10);
	close(fd);
	if (terminal_fd < 0 || tcgetattr(terminal_fd, &shell_modes) ||
	    tcgetpgrp(terminal_fd) < 0)
		goto no_control;

	/* Started in the background: wait until someone brings us forward. */
	while (tcgetpgrp(terminal_fd) != getpgrp())
		if (kill(0, SIGTTIN))
			goto no_control;

	setpgid(0, 0);
	shell_group = getpgrp();
	terminal_give(shell_group);
	sh.options.job_control = true;
	return;

no_control:
	if (terminal_fd >= 0)
		close(terminal_fd);
	terminal_fd = -1;
}

void job_child_setup(pid_t group, bool foreground)
{
	if (sh.options.job_control) {
		setpgid(0, group);
		/* SIGTTOU is still ignored here, so this cannot stop us. */
		if (foreground)
			terminal_give(group ? group : getpid());
	}
	trap_child_signals(sh.options.job_control || foreground);
}

static struct job *job_find(const char *spec)
{
	struct job *job = jobs;

	if (!spec || strcmp(spec, "%") == 0 || strcmp(spec, "%%") == 0 ||
	    strcmp(spec, "%+") == 0) {
		while (job && !job->id)
			job = job->next;
		return job;
	}
	if (spec[0] == '%' && spec[1] == '-') {
		job = job_find(NULL);
		return job ? job->next : NULL;
	}
	for (; job; job = job->next) {
		long value = strtol(spec + (spec[0] == '%'), NULL, 10);

		if (spec[0] == '%'
			    ? job->id == value ||
				      (!value && job->text &&
				       strncmp(job->text, spec + 1,
					       strlen(spec + 1)) == 0)
			    : job->nr_processes &&
				      job->processes[job->nr_processes - 1]
						      .pid == value)
			return job;
	}
	return NULL;
}

bool job_find_target(const char *spec, pid_t *target)
{
	struct job *job = job_find(spec);

	if (!job || !job->nr_processes)
		return false;
	*target = job->group ? -job->group : job->processes[0].pid;
	return true;
}

int builtin_jobs(int argc, char **argv)
{
	bool with_pid = argc > 1 && strcmp(argv[1], "-l") == 0;
	bool pids = argc > 1 && strcmp(argv[1], "-p") == 0;
	struct job *job, *next;
	int last = 0;

	jobs_poll(false);
	/* The list is newest first; people read it by number. */
	for (;;) {
		next = NULL;
		for (job = jobs; job; job = job->next)
			if (job->id > last && (!next || job->id < next->id))
				next = job;
		if (!next)
			return 0;
		last = next->id;
		if (pids)
			printf("%d\n", (int)next->processes[0].pid);
		else
			job_print(next, stdout, with_pid);
		next->notified = true;
		if (job_state(next) == PROCESS_DONE)
			job_drop(next);
	}
}

/* The job at the front of the list is the current one. */
static void job_make_current(struct job *job)
{
	struct job **link = &jobs;

	while (*link != job)
		link = &(*link)->next;
	*link = job->next;
	job->next = jobs;
	jobs = job;
}

static void job_continue(struct job *job, bool foreground)
{
	for (int i = 0; i < job->nr_processes; i++)
		if (job->processes[i].state == PROCESS_STOPPED)
			job->processes[i].state = PROCESS_RUNNING;
	job->notified = false;
	job_make_current(job);
	if (foreground)
		terminal_give(job->group);
	kill(-job->group, SIGCONT);
}

static struct job *job_for_builtin(int argc, char **argv)
{
	struct job *job = job_find(argc > 1 ? argv[1] : NULL);

	if (!sh.options.job_control) {
		sh_warn("%s: no job control", argv[0]);
		return NULL;
	}
	if (!job)
		sh_warn("%s: %s: no such job", argv[0],
			argc > 1 ? argv[1] : "current");
	return job;
}

int builtin_fg(int argc, char **argv)
{
	struct job *job = job_for_builtin(argc, argv);

	if (!job)
		return 1;
	puts(job_text(job));
	fflush(stdout);
	job_continue(job, true);
	return job_wait_foreground(job);
}

int builtin_bg(int argc, char **argv)
{
	struct job *job = job_for_builtin(argc, argv);

	if (!job)
		return 1;
	printf("[%d] %s\n", job->id, job_text(job));
	job_continue(job, false);
	return 0;
}

/* Wait for one job; a trapped signal ends the wait with 128 + signal. */
static int job_wait_background(struct job *job)
{
	int status;

	while (job_state(job) == PROCESS_RUNNING) {
		if (!jobs_wait_any(0))
			break;
		if (trap_pending())
			return 128 + trap_pending();
	}
	status = wait_status_code(job_status(job));
	if (job_state(job) == PROCESS_DONE)
		job_drop(job);
	return status;
}

static struct job *jobs_first_running(void)
{
	struct job *job = jobs;

	while (job && (!job->id || job_state(job) != PROCESS_RUNNING))
		job = job->next;
	return job;
}

int builtin_wait(int argc, char **argv)
{
	struct job *job;
	int status = 0;

	if (argc == 1) {
		while ((job = jobs_first_running())) {
			status = job_wait_background(job);
			if (trap_pending())
				return status;
		}
		jobs_poll(false);
		return 0;
	}
	for (int i = 1; i < argc; i++) {
		job = job_find(argv[i]);
		status = job ? job_wait_background(job) : 127;
	}
	return status;
}
