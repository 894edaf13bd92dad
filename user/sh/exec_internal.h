/* SPDX-License-Identifier: MIT */
/* How the files that run the tree hand nodes to one another. */
#pragma once

#include <stdbool.h>

#include "ast.h"

/* exec_simple.c */
int exec_simple(const struct node *node, bool tail);
/* NAME=VALUE of the words, expanded, in sh_temp; NULL ends them. */
char **exec_expand_assigns(const struct word *assigns);
/*
 * set -e: a failure that nobody looks at ends the shell.  Returns the status,
 * which $? has then.
 */
int exec_check_errexit(int status);

/* exec_process.c */
int exec_pipe(const struct node *node);
int exec_background(const struct node *node);
int exec_subshell(const struct node *node, bool tail);
