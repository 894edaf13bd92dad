// SPDX-License-Identifier: MIT
/*
 * Redirections: first words to a plan, then the plan to system calls.
 */
#include "redir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "expand.h"
#include "memory.h"
#include "sh.h"

#define SAVED_FD_MIN 10 /* scripts use the descriptors below */

struct saved_fd {
	struct saved_fd *older;
	int fd;
	int copy; /* -1: fd was closed */
};

static struct saved_fd *saved_fds;

/* A file that has no name any more. */
static int open_nameless(void)
{
	char path[] = "/tmp/shXXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd >= 0)
		unlink(path);
	return fd;
}

static int write_fully(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t done = write(fd, text, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		text += done;
		len -= (size_t)done;
	}
	return 0;
}

/* A descriptor that reads text: a pipe if that fits, else a file. */
static int here_doc_open(const char *text)
{
	size_t len = strlen(text);
	int ends[2];
	int fd;

	if (len <= PIPE_BUF) {
		if (pipe2(ends, O_CLOEXEC))
			return -1;
		write_fully(ends[1], text, len);
		close(ends[1]);
		return ends[0];
	}
	fd = open_nameless();
	if (fd >= 0 &&
	    (write_fully(fd, text, len) || lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int redir_parse_dup(const char *text)
{
	char *end;
	long fd;

	if (strcmp(text, "-") == 0)
		return -1;
	fd = strtol(text, &end, 10);
	if (end == text || *end || fd < 0 || fd > INT_MAX)
		sh_error("%s: bad descriptor", text);
	return (int)fd;
}

static struct redir_plan *redir_plan_one(const struct redir *redir)
{
	struct redir_plan *plan = arena_zalloc(&sh_temp, sizeof(*plan));
	const char *text = expand_single(redir->target);

	plan->type = redir->type;
	plan->fd = redir->fd;
	switch (redir->type) {
	case REDIR_DUP_IN:
	case REDIR_DUP_OUT:
		plan->source = redir_parse_dup(text);
		break;
	case REDIR_HERE:
		plan->source = here_doc_open(text);
		if (plan->source < 0)
			sh_error("here-document: %s", strerror(errno));
		break;
	default:
		plan->path = text;
	}
	return plan;
}

struct redir_plan *redirs_plan(const struct redir *redirs)
{
	struct redir_plan *first = NULL;
	struct redir_plan **tail = &first;

	for (; redirs; redirs = redirs->next) {
		*tail = redir_plan_one(redirs);
		tail = &(*tail)->next;
	}
	return first;
}

void redirs_close(struct redir_plan *plan)
{
	for (; plan; plan = plan->next)
		if (plan->type == REDIR_HERE)
			close(plan->source);
}

static int redir_flags(const struct redir_plan *plan)
{
	struct stat st;

	switch (plan->type) {
	case REDIR_READ:
		return O_RDONLY;
	case REDIR_READWRITE:
		return O_RDWR | O_CREAT;
	case REDIR_APPEND:
		return O_WRONLY | O_CREAT | O_APPEND;
	case REDIR_WRITE:
		if (sh.options.no_clobber &&
		    (stat(plan->path, &st) || S_ISREG(st.st_mode)))
			return O_WRONLY | O_CREAT | O_EXCL;
		/* fallthrough */
	default:
		return O_WRONLY | O_CREAT | O_TRUNC;
	}
}

/* A message without stdio, whose buffers a vforked child must not touch. */
static int redir_fail(const struct redir_plan *plan)
{
	char text[256];
	int len;

	if (plan->path)
		len = snprintf(text, sizeof(text), "%s: %s: %s\n", sh.name,
			       plan->path, strerror(errno));
	else
		len = snprintf(text, sizeof(text), "%s: %d: %s\n", sh.name,
			       plan->source, strerror(errno));
	if (len >= (int)sizeof(text))
		len = sizeof(text) - 1;
	write_fully(STDERR_FILENO, text, (size_t)len);
	return -1;
}

static int redir_apply_one(const struct redir_plan *plan)
{
	int fd = plan->source;

	if (plan->path) {
		fd = open(plan->path, redir_flags(plan), 0666);
		if (fd < 0)
			return redir_fail(plan);
		if (fd == plan->fd)
			return 0;
		if (dup2(fd, plan->fd) < 0) {
			close(fd);
			return redir_fail(plan);
		}
		close(fd);
		return 0;
	}
	if (fd < 0) {
		close(plan->fd);
		return 0;
	}
	/* dup2() of a descriptor onto itself only checks that it is open. */
	if (dup2(fd, plan->fd) < 0)
		return redir_fail(plan);
	return 0;
}

int redirs_apply(const struct redir_plan *plan)
{
	for (; plan; plan = plan->next)
		if (redir_apply_one(plan))
			return -1;
	return 0;
}

struct saved_fd *redirs_mark(void)
{
	return saved_fds;
}

static void redir_save(int fd)
{
	struct saved_fd *saved = sh_malloc(sizeof(*saved));

	saved->fd = fd;
	saved->copy = fcntl(fd, F_DUPFD_CLOEXEC, SAVED_FD_MIN);
	saved->older = saved_fds;
	saved_fds = saved;
}

int redirs_push(const struct redir_plan *plan)
{
	for (; plan; plan = plan->next) {
		redir_save(plan->fd);
		if (redir_apply_one(plan))
			return -1;
	}
	return 0;
}

void redirs_restore(struct saved_fd *mark)
{
	while (saved_fds != mark) {
		struct saved_fd *saved = saved_fds;

		if (saved->copy >= 0) {
			dup2(saved->copy, saved->fd);
			close(saved->copy);
		} else {
			close(saved->fd);
		}
		saved_fds = saved->older;
		free(saved);
	}
}

void redirs_forget(void)
{
	while (saved_fds) {
		struct saved_fd *saved = saved_fds;

		if (saved->copy >= 0)
			close(saved->copy);
		saved_fds = saved->older;
		free(saved);
	}
}
