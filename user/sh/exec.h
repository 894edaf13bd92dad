/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

struct node;

/*
 * Run a tree (NULL is nothing) and return its status, which $? has then too.
 *
 * With tail the shell ends after it, so the last program needs no process of
 * its own.  When sh.flow is set on return, a loop, a function or the prompt
 * further up is to continue instead of the next command.
 */
int exec_tree(const struct node *tree, bool tail);

/* $(...): what the tree writes, without the newlines at its end. */
char *exec_substitute(const struct node *tree);

/* Run a simple command that is expanded already ("command", "exec"). */
int exec_argv(char **argv, bool tail);

/* Replace "$@"; copies the strings. */
void params_set(char *const *params, int count);

/* After an error: the state of the prompt, out of all functions. */
void exec_reset(void);
