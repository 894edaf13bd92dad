/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * What a command name means: function, builtin or file.
 */
struct node;
struct parse_unit;

struct builtin {
	const char *name;
	int (*run)(int argc, char **argv);
	bool special; /* POSIX 2.14: assignments before it stay */
};

const struct builtin *builtin_find(const char *name);

/* The names of builtins and functions, for completion: visit each. */
void builtins_for_each(void (*visit)(const char *name, void *arg), void *arg);
void functions_for_each(void (*visit)(const char *name, void *arg), void *arg);

/* The body of a function, or NULL; holds no reference. */
struct node *function_find(const char *name, struct parse_unit **unit);
void function_set(const char *name, struct node *body, struct parse_unit *unit);
void function_unset(const char *name);

/*
 * The file that name runs, looked for in PATH and remembered.  A name with a
 * slash is itself.  NULL and errno when there is none that can be run.
 */
const char *command_find_path(const char *name);
void command_forget_paths(void);

/* Builtins: command, type, hash. */
int builtin_type(int argc, char **argv);
int builtin_hash(int argc, char **argv);

/* "command -v NAME": print what name is, briefly; 0, or 127 if nothing. */
int command_describe(const char *name, bool verbose);
