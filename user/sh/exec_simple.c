// SPDX-License-Identifier: MIT
/*
 * Simple commands: assignments, functions, builtins, programs.
 *
 * Assignments in front of a command hold while it runs; alone they stay.  A
 * function has "$@" of its own; redirections of what runs inside the shell are
 * undone after it.
 */
#include "exec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builtins.h"
#include "command.h"
#include "exec_internal.h"
#include "expand.h"
#include "jobs.h"
#include "memory.h"
#include "parse.h"
#include "redir.h"
#include "sh.h"
#include "spawn.h"
#include "trap.h"
#include "vars.h"

#define FUNCTION_MAX_DEPTH 500

/* "$@" outside of all functions, while one runs. */
static char **base_params;
static int nr_base_params;

static void params_free(char **params)
{
	for (char **param = params; param && *param; param++)
		free(*param);
	free(params);
}

static char **params_copy(char *const *params, int count)
{
	char **copy = sh_malloc(((size_t)count + 1) * sizeof(*copy));

	for (int i = 0; i < count; i++)
		copy[i] = sh_strdup(params[i]);
	copy[count] = NULL;
	return copy;
}

void params_set(char *const *params, int count)
{
	char **old = sh.params;

	sh.params = params_copy(params, count);
	sh.nr_params = count;
	params_free(old);
}

void exec_reset(void)
{
	redirs_restore(NULL);
	vars_restore(NULL);
	if (sh.function_depth) {
		params_free(sh.params);
		sh.params = base_params;
		sh.nr_params = nr_base_params;
	}
	sh.function_depth = 0;
	sh.loop_depth = 0;
	sh.errexit_off = 0;
	sh.flow = FLOW_NONE;
}

int exec_check_errexit(int status)
{
	sh.status = status;
	if (status && sh.options.errexit && !sh.errexit_off &&
	    sh.flow == FLOW_NONE)
		sh_exit(status);
	return status;
}

static void trace_command(char *const *assigns, char *const *argv)
{
	const char *prefix = var_get("PS4");

	if (prefix)
		fputs(expand_prompt(prefix), stderr);
	for (; assigns && *assigns; assigns++)
		fprintf(stderr, "%s%s", *assigns,
			assigns[1] || (argv && *argv) ? " " : "");
	for (; argv && *argv; argv++)
		fprintf(stderr, "%s%s", *argv, argv[1] ? " " : "");
	fputc('\n', stderr);
}

/* "NAME=value" of each assignment, expanded; NULL-terminated or NULL. */
char **exec_expand_assigns(const struct word *assigns)
{
	struct ptrlist list = { .arena = &sh_temp };

	for (; assigns; assigns = assigns->next)
		ptrlist_add(&list, expand_assignment(assigns));
	return list.items;
}

static size_t assign_name_len(const char *assign)
{
	return (size_t)(strchr(assign, '=') - assign);
}

/* Assign for the time of one command: vars_restore() takes it back. */
static void assign_temporarily(char *const *assigns)
{
	for (; assigns && *assigns; assigns++) {
		size_t len = assign_name_len(*assigns);

		var_save(*assigns, len);
		var_assign(*assigns, len);
		var_export(*assigns, len);
	}
}

static void assign_all(char *const *assigns)
{
	for (; assigns && *assigns; assigns++)
		var_assign(*assigns, assign_name_len(*assigns));
}

/* A command that is assignments and redirections only. */
static int exec_assignments(const struct node *node)
{
	struct saved_fd *mark = redirs_mark();
	struct redir_plan *plan = redirs_plan(node->redirs);
	int status = redirs_push(plan) ? 1 : 0;
	char **assigns;

	redirs_close(plan);
	assigns = exec_expand_assigns(node->assigns);
	if (assigns && sh.options.trace)
		trace_command(assigns, NULL);
	assign_all(assigns);
	redirs_restore(mark);
	return status ? status : sh.subst_status;
}

static int exec_function(struct node *body, struct parse_unit *unit,
			 char *const *argv)
{
	char **old_params = sh.params;
	int nr_old_params = sh.nr_params;
	int loop_depth = sh.loop_depth;
	struct saved_var *mark = vars_mark();
	int status, count = 0;

	if (sh.function_depth >= FUNCTION_MAX_DEPTH)
		sh_error("%s: functions nested too deeply", argv[0]);
	while (argv[count + 1])
		count++;
	if (!sh.function_depth++) {
		base_params = old_params;
		nr_base_params = nr_old_params;
	}
	sh.params = params_copy(argv + 1, count);
	sh.nr_params = count;
	sh.loop_depth = 0;

	/* The function may be redefined while it runs. */
	parse_unit_get(unit);
	status = exec_tree(body, false);
	parse_unit_put(unit);
	if (sh.flow == FLOW_RETURN) {
		sh.flow = FLOW_NONE;
		status = sh.status;
	}

	vars_restore(mark);
	params_free(sh.params);
	sh.params = old_params;
	sh.nr_params = nr_old_params;
	sh.loop_depth = loop_depth;
	sh.function_depth--;
	return status;
}

/* A builtin, with standard output flushed to where it pointed. */
static int run_builtin(const struct builtin *builtin, char **argv)
{
	int argc = 0;
	int status;

	while (argv[argc])
		argc++;
	status = builtin->run(argc, argv);
	if (fflush(stdout) && errno != EPIPE) {
		sh_warn("%s: write error: %s", argv[0], strerror(errno));
		status = 1;
	}
	clearerr(stdout);
	return status;
}

/* A function or builtin, within the shell. */
static int exec_inside(const struct node *node, char **argv, char **assigns,
		       const struct builtin *builtin, struct node *body,
		       struct parse_unit *unit)
{
	struct saved_fd *fd_mark = redirs_mark();
	struct saved_var *var_mark = vars_mark();
	struct redir_plan *plan = redirs_plan(node->redirs);
	int status = 1;

	/* "exec >file" keeps its redirections. */
	if (builtin && builtin->run == builtin_exec) {
		status = redirs_apply(plan) ? 1 : 0;
		redirs_close(plan);
		if (status && !sh.interactive)
			sh_exit(status);
		assign_all(assigns);
		return status ? status : run_builtin(builtin, argv);
	}

	if (redirs_push(plan) == 0) {
		if (builtin && builtin->special) {
			assign_all(assigns);
			status = run_builtin(builtin, argv);
		} else {
			assign_temporarily(assigns);
			/* "local" saves values of its own function's frame. */
			if (builtin && builtin->run == builtin_local)
				var_mark = vars_mark();
			status = builtin ? run_builtin(builtin, argv)
					 : exec_function(body, unit, argv);
			if (!builtin || builtin->run != builtin_local)
				vars_restore(var_mark);
		}
	}
	redirs_close(plan);
	redirs_restore(fd_mark);
	return status;
}

static int command_not_found(const char *name)
{
	if (errno == EACCES) {
		sh_warn("%s: permission denied", name);
		return 126;
	}
	sh_warn("%s: not found", name);
	return 127;
}

/* Run a program and wait for it, or with tail become it. */
static int exec_outside(const struct node *node, char **argv, char **assigns,
			bool tail)
{
	struct spawn_io io = spawn_io_plain;
	const char *path = command_find_path(argv[0]);
	int error = errno;
	struct redir_plan *plan;
	char **envp;
	int status = 1;

	plan = redirs_plan(node ? node->redirs : NULL);
	if (!path) {
		struct saved_fd *mark = redirs_mark();

		/* The message goes where the command's would have gone. */
		if (redirs_push(plan) == 0) {
			errno = error;
			status = command_not_found(argv[0]);
		}
		redirs_close(plan);
		redirs_restore(mark);
		return status;
	}
	envp = vars_environment(assigns);
	if (tail) {
		fflush(NULL);
		trap_child_signals(true);
		if (redirs_apply(plan))
			sh_exit(1);
		sh_exit(exec_program(path, argv, envp));
	}
	io.foreground = true;
	io.job = job_new(node ? node->text : argv[0]);
	if (spawn_program(&io, path, argv, envp, plan) < 0) {
		redirs_close(plan);
		job_drop(io.job);
		return 126;
	}
	redirs_close(plan);
	return job_wait_foreground(io.job);
}

int exec_argv(char **argv, bool tail)
{
	static const struct node no_node;
	const struct builtin *builtin = builtin_find(argv[0]);

	if (builtin)
		return exec_inside(&no_node, argv, NULL, builtin, NULL, NULL);
	return exec_outside(NULL, argv, NULL, tail);
}

static int exec_command(const struct node *node, char **argv, bool tail)
{
	char **assigns = exec_expand_assigns(node->assigns);
	struct parse_unit *unit = NULL;
	const struct builtin *builtin;
	struct node *body;

	if (sh.options.trace)
		trace_command(assigns, argv);
	builtin = builtin_find(argv[0]);
	if (builtin && builtin->special)
		return exec_inside(node, argv, assigns, builtin, NULL, NULL);
	body = function_find(argv[0], &unit);
	if (body)
		return exec_inside(node, argv, assigns, NULL, body, unit);
	if (builtin)
		return exec_inside(node, argv, assigns, builtin, NULL, NULL);
	return exec_outside(node, argv, assigns, tail);
}

int exec_simple(const struct node *node, bool tail)
{
	struct arena_mark mark = arena_mark(&sh_temp);
	struct ptrlist argv = { .arena = &sh_temp };
	int status;

	sh.line = node->line;
	sh.subst_status = 0;
	expand_words(node->words, &argv);
	status = argv.count ? exec_command(node, argv.items, tail)
			    : exec_assignments(node);
	arena_release(&sh_temp, mark);
	return exec_check_errexit(status);
}
