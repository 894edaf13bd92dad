// SPDX-License-Identifier: MIT
/*
 * Running the syntax tree.
 *
 * Each exec_x() runs one kind of node and returns its status.  break,
 * continue, return and Ctrl-C set sh.flow; every function that runs more
 * than one thing looks at it after each and leaves, until the one that is
 * meant clears it.
 *
 * A subshell is a fork(); a program is started by vfork() wherever nothing
 * of the shell itself has to run in the child.
 */
#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ast.h"
#include "builtins.h"
#include "command.h"
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

static const struct spawn_io io_plain = { .in = -1, .out = -1, .unused = -1 };

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

/* set -e: a failure that nobody looks at ends the shell. */
static int check_errexit(int status)
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
static char **expand_assigns(const struct word *assigns)
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
	assigns = expand_assigns(node->assigns);
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
	struct spawn_io io = io_plain;
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
	char **assigns = expand_assigns(node->assigns);
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

static int exec_simple(const struct node *node, bool tail)
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
	return check_errexit(status);
}

/* Whether a node is surely a program, whatever its words expand to. */
static const char *node_program(const struct node *node)
{
	const struct word_part *part;
	struct parse_unit *unit;

	if (!node || node->type != NODE_SIMPLE || !node->words ||
	    node->has_effects || sh.options.no_unset || sh.options.trace)
		return NULL;
	part = node->words->parts;
	if (!part || part->next || part->type != PART_TEXT ||
	    builtin_find(part->text) || function_find(part->text, &unit) ||
	    strpbrk(part->text, "*?[~"))
		return NULL;
	return command_find_path(part->text);
}

/* Start a node in a process of its own; its pid, or -1. */
static pid_t start_node(const struct node *node, const struct spawn_io *io)
{
	struct arena_mark mark = arena_mark(&sh_temp);
	const char *path = node_program(node);
	struct ptrlist argv = { .arena = &sh_temp };
	struct redir_plan *plan;
	char **assigns;
	pid_t pid;

	if (!path) {
		pid = spawn_subshell(io);
		if (pid == 0)
			sh_exit(exec_tree(node, true));
		return pid;
	}
	expand_words(node->words, &argv);
	assigns = expand_assigns(node->assigns);
	plan = redirs_plan(node->redirs);
	pid = spawn_program(io, path, argv.items, vars_environment(assigns),
			    plan);
	redirs_close(plan);
	arena_release(&sh_temp, mark);
	return pid;
}

/* Start all stages of a pipeline as processes of job; false on failure. */
static bool start_stages(const struct node *stage, struct spawn_io *io)
{
	int in = -1;

	for (; stage; stage = stage->next) {
		int ends[2] = { -1, -1 };
		pid_t pid;

		if (stage->next && pipe2(ends, O_CLOEXEC)) {
			sh_warn("cannot make a pipe: %s", strerror(errno));
			if (in >= 0)
				close(in);
			return false;
		}
		io->in = in;
		io->out = ends[1];
		io->unused = ends[0];
		pid = start_node(stage, io);
		if (in >= 0)
			close(in);
		if (ends[1] >= 0)
			close(ends[1]);
		in = ends[0];
		if (pid < 0) {
			if (in >= 0)
				close(in);
			return false;
		}
	}
	return true;
}

static int exec_pipe(const struct node *node)
{
	struct spawn_io io = io_plain;

	sh.line = node->line;
	io.job = job_new(node->text);
	io.foreground = true;
	if (!start_stages(node->left, &io)) {
		/* Those that started end when their pipes do. */
		job_wait_foreground(io.job);
		return check_errexit(1);
	}
	return check_errexit(job_wait_foreground(io.job));
}

static int exec_background(const struct node *node)
{
	const struct node *body = node->left;
	struct spawn_io io = io_plain;
	bool started;

	io.job = job_new(node->text);
	io.background = true;
	if (body->type == NODE_PIPE)
		started = start_stages(body->left, &io);
	else
		started = start_node(body, &io) >= 0;
	job_background(io.job);
	if (started)
		return 0;
	job_drop(io.job);
	return 1;
}

static int exec_subshell(const struct node *node, bool tail)
{
	struct spawn_io io = io_plain;
	pid_t pid;

	if (tail && sh.is_subshell && !node->redirs)
		return exec_tree(node->left, true);

	io.job = job_new(node->text);
	io.foreground = true;
	pid = spawn_subshell(&io);
	if (pid < 0) {
		job_drop(io.job);
		return 1;
	}
	if (pid == 0) {
		struct redir_plan *plan = redirs_plan(node->redirs);

		if (redirs_apply(plan))
			sh_exit(1);
		redirs_close(plan);
		sh_exit(exec_tree(node->left, true));
	}
	return check_errexit(job_wait_foreground(io.job));
}

/* Conditions: a failure in them is an answer, no error. */
static int exec_condition(const struct node *node)
{
	int status;

	sh.errexit_off++;
	status = exec_tree(node, false);
	sh.errexit_off--;
	return status;
}

static int exec_not(const struct node *node)
{
	return !exec_condition(node->left);
}

static int exec_and_or(const struct node *node, bool tail)
{
	int status = exec_condition(node->left);

	if (sh.flow != FLOW_NONE || (status == 0) != (node->type == NODE_AND))
		return status;
	return exec_tree(node->right, tail);
}

static int exec_sequence(const struct node *node, bool tail)
{
	int status = exec_tree(node->left, false);

	if (sh.flow != FLOW_NONE)
		return status;
	return exec_tree(node->right, tail);
}

static int exec_if(const struct node *node, bool tail)
{
	int status = exec_condition(node->left);

	if (sh.flow != FLOW_NONE)
		return status;
	if (status == 0)
		return exec_tree(node->right, tail);
	return exec_tree(node->other, tail);
}

/* After a loop's body: whether the loop goes on. */
static bool loop_continues(void)
{
	switch (sh.flow) {
	case FLOW_NONE:
		return true;
	case FLOW_BREAK:
	case FLOW_CONTINUE:
		if (--sh.flow_levels > 0)
			return false; /* an outer loop is meant */
		if (sh.flow == FLOW_CONTINUE) {
			sh.flow = FLOW_NONE;
			return true;
		}
		sh.flow = FLOW_NONE;
		return false;
	default:
		return false;
	}
}

static int exec_while(const struct node *node)
{
	int status = 0;

	sh.loop_depth++;
	for (;;) {
		int condition = exec_condition(node->left);

		if (sh.flow == FLOW_NONE &&
		    (condition == 0) != (node->type == NODE_WHILE))
			break;
		if (sh.flow == FLOW_NONE)
			status = exec_tree(node->right, false);
		if (!loop_continues())
			break;
	}
	sh.loop_depth--;
	return status;
}

static int exec_for(const struct node *node)
{
	struct arena_mark mark = arena_mark(&sh_temp);
	struct ptrlist words = { .arena = &sh_temp };
	int status = 0;

	if (node->has_in)
		expand_words(node->list, &words);
	for (int i = 0; !node->has_in && i < sh.nr_params; i++)
		ptrlist_add(&words, arena_strdup(&sh_temp, sh.params[i]));

	sh.loop_depth++;
	for (size_t i = 0; i < words.count; i++) {
		var_set(node->name, words.items[i]);
		status = exec_tree(node->body, false);
		if (!loop_continues())
			break;
	}
	sh.loop_depth--;
	arena_release(&sh_temp, mark);
	return status;
}

static bool case_matches(const struct case_item *item, const char *subject)
{
	for (const struct word *word = item->patterns; word; word = word->next)
		if (fnmatch(expand_pattern(word), subject, 0) == 0)
			return true;
	return false;
}

static int exec_case(const struct node *node, bool tail)
{
	struct arena_mark mark = arena_mark(&sh_temp);
	const char *subject = expand_single(node->list);
	const struct case_item *item = node->items;
	int status = 0;

	while (item && !case_matches(item, subject))
		item = item->next;
	arena_release(&sh_temp, mark);
	sh.status = 0;
	while (item) {
		status = exec_tree(item->body, tail && !item->fall_through);
		if (!item->fall_through || sh.flow != FLOW_NONE)
			break;
		item = item->next;
	}
	return status;
}

static int exec_bare(const struct node *node, bool tail)
{
	switch (node->type) {
	case NODE_SIMPLE:
		return exec_simple(node, tail);
	case NODE_PIPE:
		return exec_pipe(node);
	case NODE_NOT:
		return exec_not(node);
	case NODE_AND:
	case NODE_OR:
		return exec_and_or(node, tail);
	case NODE_SEQUENCE:
		return exec_sequence(node, tail);
	case NODE_BACKGROUND:
		return exec_background(node);
	case NODE_SUBSHELL:
		return exec_subshell(node, tail);
	case NODE_GROUP:
		return exec_tree(node->left, tail);
	case NODE_IF:
		return exec_if(node, tail);
	case NODE_WHILE:
	case NODE_UNTIL:
		return exec_while(node);
	case NODE_FOR:
		return exec_for(node);
	case NODE_CASE:
		return exec_case(node, tail);
	case NODE_FUNCTION:
		function_set(node->name, node->body, node->unit);
		return 0;
	}
	return 0;
}

/* A compound command with redirections of its own. */
static int exec_redirected(const struct node *node)
{
	struct arena_mark mark = arena_mark(&sh_temp);
	struct saved_fd *fds = redirs_mark();
	struct redir_plan *plan = redirs_plan(node->redirs);
	int status = 1;

	if (redirs_push(plan) == 0)
		status = exec_bare(node, false);
	redirs_close(plan);
	redirs_restore(fds);
	arena_release(&sh_temp, mark);
	return status;
}

int exec_tree(const struct node *node, bool tail)
{
	int status;

	if (!node)
		return 0;
	if (sh.options.no_exec && !sh.interactive)
		return 0;
	/* An EXIT trap or pending signals want the shell to be there after. */
	tail = tail && !trap_wants_shell();

	if (node->redirs && node->type != NODE_SIMPLE &&
	    node->type != NODE_SUBSHELL)
		status = exec_redirected(node);
	else
		status = exec_bare(node, tail);
	/* What Ctrl-C broke off keeps the status that it was given then. */
	if (sh.flow != FLOW_ABORT)
		sh.status = status;

	if (trap_pending())
		trap_run_pending();
	if (sh.interactive && trap_take_interrupt() && sh.flow == FLOW_NONE) {
		fputc('\n', stderr);
		sh.flow = FLOW_ABORT;
		sh.status = 130;
	}
	return sh.status;
}

static char *read_output(int fd)
{
	struct strbuf text = { .arena = &sh_temp };
	ssize_t got;

	for (;;) {
		if (text.room - text.len < 512)
			strbuf_grow(&text, 1024);
		got = read(fd, text.data + text.len, text.room - text.len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		text.len += (size_t)got;
	}
	while (text.len && text.data[text.len - 1] == '\n')
		text.len--;
	return strbuf_text(&text);
}

char *exec_substitute(const struct node *tree)
{
	struct spawn_io io = io_plain;
	bool job_control = sh.options.job_control;
	int ends[2];
	char *text;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		sh_error("cannot make a pipe: %s", strerror(errno));
	io.out = ends[1];
	io.unused = ends[0];
	io.foreground = true;
	io.job = job_new(NULL);
	/* It stays in the shell's own process group: Ctrl-C reaches both. */
	sh.options.job_control = false;
	pid = start_node(tree, &io);
	close(ends[1]);
	if (pid < 0) {
		sh.options.job_control = job_control;
		close(ends[0]);
		job_drop(io.job);
		return arena_strdup(&sh_temp, "");
	}
	text = read_output(ends[0]);
	close(ends[0]);
	sh.subst_status = job_wait_foreground(io.job);
	sh.options.job_control = job_control;
	return text;
}
