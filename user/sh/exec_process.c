// SPDX-License-Identifier: MIT
/*
 * What runs in processes of its own: pipelines, subshells, what runs in the
 * background, and $(...).
 *
 * A subshell is a fork(); a program is started by vfork() wherever nothing
 * of the shell itself has to run in the child.
 */
#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "builtins.h"
#include "command.h"
#include "exec_internal.h"
#include "expand.h"
#include "jobs.h"
#include "memory.h"
#include "redir.h"
#include "sh.h"
#include "spawn.h"
#include "vars.h"

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
	assigns = exec_expand_assigns(node->assigns);
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

int exec_pipe(const struct node *node)
{
	struct spawn_io io = spawn_io_plain;

	sh.line = node->line;
	io.job = job_new(node->text);
	io.foreground = true;
	if (!start_stages(node->left, &io)) {
		/* Those that started end when their pipes do. */
		job_wait_foreground(io.job);
		return exec_check_errexit(1);
	}
	return exec_check_errexit(job_wait_foreground(io.job));
}

int exec_background(const struct node *node)
{
	const struct node *body = node->left;
	struct spawn_io io = spawn_io_plain;
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

int exec_subshell(const struct node *node, bool tail)
{
	struct spawn_io io = spawn_io_plain;
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
	return exec_check_errexit(job_wait_foreground(io.job));
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
	struct spawn_io io = spawn_io_plain;
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
