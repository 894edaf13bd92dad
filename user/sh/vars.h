/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Variables.  The text of a variable is "NAME=value" as the environment wants
 * it, so that an exported one goes there without copying.
 */
struct var {
	struct var *next; /* in its hash chain */
	char *text;       /* "NAME=value"; malloc()ed */
	size_t name_len;
	bool is_set; /* false: only exported or readonly so far */
	bool exported;
	bool readonly;
};

/* Take over the environment and set what a shell sets at its start. */
void vars_init(char **environment);

/* The value, or NULL when it is not set. */
const char *var_get(const char *name);

struct var *var_find(const char *name, size_t name_len);

/* Set a variable; a readonly one is sh_error(). */
void var_set(const char *name, const char *value);
void var_set_number(const char *name, long value);

/* Set from "NAME=value". */
void var_assign(const char *text, size_t name_len);
void var_unset(const char *name);
void var_export(const char *name, size_t name_len);
void var_make_readonly(const char *name, size_t name_len);

/* For environments, listings and completion: call visit for every variable. */
void vars_for_each(void (*visit)(const struct var *var, void *arg), void *arg);

/*
 * The environment of a command: exported variables and the extra ones
 * ("NAME=value", NULL-terminated), which go first.  Lies in sh_temp.
 */
char **vars_environment(char *const *extra);

/*
 * Values that come back later: those of "VAR=x builtin" and of "local".
 * vars_restore() undoes everything saved since the mark was taken.
 */
struct saved_var;
struct saved_var *vars_mark(void);
void var_save(const char *name, size_t name_len);
void vars_restore(struct saved_var *mark);

/* Changes whenever PATH does; see command.c. */
extern unsigned int vars_path_generation;

/* Builtins. */
int builtin_export(int argc, char **argv);
int builtin_readonly(int argc, char **argv);
int builtin_unset(int argc, char **argv);
int builtin_local(int argc, char **argv);

/* Print a value so that the shell reads it back. */
void print_quoted(const char *text);

/* Print all variables, as "set" without operands does. */
void vars_print(void);
