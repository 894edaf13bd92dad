/* SPDX-License-Identifier: MIT */
#pragma once

#include "ast.h"

/*
 * A redirection with its words expanded: what is left are system calls, so
 * the child of vfork(2) can do it.  Lies in sh_temp.
 */
struct redir_plan {
	struct redir_plan *next;
	enum redir_type type;
	int fd;
	int source; /* DUP_*: the descriptor, -1 to close; HERE: its pipe */
	const char *path; /* the others */
};

/* Expand redirections; here-documents are opened.  Errors are sh_error(). */
struct redir_plan *redirs_plan(const struct redir *redirs);

/* Close the here-documents of a plan once its command has them. */
void redirs_close(struct redir_plan *plan);

/* Do it for good.  Returns 0, or -1 after a message.  Safe after vfork(2). */
int redirs_apply(const struct redir_plan *plan);

/*
 * Do it until redirs_restore() with the mark that redirs_mark() gave before.
 * Returns 0, or -1 after a message; restore in both cases.
 */
struct saved_fd;
struct saved_fd *redirs_mark(void);
int redirs_push(const struct redir_plan *plan);
void redirs_restore(struct saved_fd *mark);

/* Forget what was saved: this process will not go back (a subshell). */
void redirs_forget(void);
