// SPDX-License-Identifier: MIT
/*
 * The shell: a POSIX shell small enough to read.
 *
 * Read in this order: sh.h (state), ast.h (the tree), lex.c and parse.c (text
 * to tree), expand.c (words), exec.c (running the tree), spawn.c and jobs.c
 * (processes), then builtins.c and, for the terminal, edit.c.
 *
 * This file has the start of it all, errors, and the loop that reads a
 * command and runs it.
 *
 * POSIX.1-2017, "Shell Command Language".  Left out: fc, here-document
 * delimiters with expansions in them, and ${x:offset}, [[ and arrays, which
 * are other shells' additions.
 */
#include "sh.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/bin/applets.h>
#include <user/lib/util.h>

#include "edit.h"
#include "exec.h"
#include "expand.h"
#include "history.h"
#include "jobs.h"
#include "memory.h"
#include "options.h"
#include "parse.h"
#include "trap.h"
#include "vars.h"

#define SH_USAGE                                                               \
	"sh [-aefilmnsuvxC] [-o OPTION] [-c COMMAND | FILE] [ARGUMENT]..."
#define FILE_BUFFER_SIZE 4096

struct sh_state sh = { .name = "sh" };

/* The parses whose trees are running, innermost first. */
struct run_frame {
	struct run_frame *outer;
	struct parse_unit *unit;
};

static struct run_frame *run_frames;

static void message_print(const char *fmt, va_list args)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", sh.name);
	if (!sh.interactive && sh.line)
		fprintf(stderr, "line %d: ", sh.line);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void sh_warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message_print(fmt, args);
	va_end(args);
}

void sh_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message_print(fmt, args);
	va_end(args);
	sh.status = 2;
	if (sh.top_is_set)
		longjmp(sh.top, 1);
	sh_exit(2);
}

void sh_exit(int status)
{
	/* An error within the EXIT action must not come back here. */
	sh.top_is_set = false;
	status = trap_run_exit(status);
	if (sh.interactive && !sh.is_subshell)
		history_save();
	fflush(NULL);
	if (sh.is_subshell)
		_exit(status);
	exit(status);
}

/* Run what a source holds, one complete command after another. */
static int run_source(struct source *source)
{
	struct run_frame frame = { .outer = run_frames };
	int status = 0;
	struct node *tree;

	run_frames = &frame;
	while (sh.flow == FLOW_NONE &&
	       parse_command(source, &frame.unit, &tree)) {
		if (tree)
			status = exec_tree(tree, false);
		parse_unit_put(frame.unit);
		frame.unit = NULL;
	}
	run_frames = frame.outer;
	return sh.flow == FLOW_NONE ? status : sh.status;
}

int sh_run_text(const char *text)
{
	struct source source;
	int line = sh.line;
	int status;

	source_from_text(&source, text, strlen(text));
	status = run_source(&source);
	sh.line = line;
	return status;
}

/* sh -c: the last command may take the shell's place. */
static int run_command_string(const char *text)
{
	struct run_frame frame = { .outer = NULL };
	struct source source;
	struct node *tree;
	int status = 0;

	source_from_text(&source, text, strlen(text));
	run_frames = &frame;
	while (sh.flow == FLOW_NONE &&
	       parse_command(&source, &frame.unit, &tree)) {
		bool last = source.next == source.end;

		if (tree)
			status = exec_tree(tree, last);
		parse_unit_put(frame.unit);
		frame.unit = NULL;
	}
	return status;
}

/* A script or standard input that is not a terminal. */
struct file_source {
	int fd;
	bool by_byte; /* commands read on from where we stopped */
	char buffer[FILE_BUFFER_SIZE];
};

static bool file_refill(struct source *source, bool more)
{
	struct file_source *file = source->data;
	size_t size = file->by_byte ? 1 : sizeof(file->buffer);
	ssize_t got;

	(void)more;
	do
		got = read(file->fd, file->buffer, size);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return false;
	if (sh.options.verbose)
		fwrite(file->buffer, 1, (size_t)got, stderr);
	source->next = file->buffer;
	source->end = file->buffer + got;
	return true;
}

static int run_fd(int fd, bool by_byte)
{
	struct file_source *file = sh_malloc(sizeof(*file));
	struct source source = {
		.refill = file_refill,
		.data = file,
		.line = 1,
	};
	int status;

	file->fd = fd;
	file->by_byte = by_byte;
	status = run_source(&source);
	free(file);
	return status;
}

int sh_run_file(const char *path)
{
	int line = sh.line;
	int fd, status;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* Out of the way of the script's own redirections. */
	if (fd < 10) {
		int high = fcntl(fd, F_DUPFD_CLOEXEC, 10);

		if (high >= 0) {
			close(fd);
			fd = high;
		}
	}
	status = run_fd(fd, false);
	close(fd);
	sh.line = line;
	return status;
}

/* The terminal: a line at a time, with a prompt. */
static bool terminal_refill(struct source *source, bool more)
{
	struct arena_mark mark = arena_mark(&sh_temp);
	const char *prompt = var_get(more ? "PS2" : "PS1");
	char *line;

	if (!more) {
		jobs_poll(true);
		trap_run_pending();
	}
	fflush(NULL);
	line = edit_read_line(expand_prompt(prompt ? prompt : ""));
	arena_release(&sh_temp, mark);
	if (line && trap_take_interrupt() && more) {
		/* Ctrl-C drops the whole command, not just its last line. */
		sh.status = 130;
		longjmp(sh.top, 1);
	}
	if (!line)
		return false;
	source->next = line;
	source->end = line + strlen(line);
	return true;
}

/* After an error or Ctrl-C: everything that was under way is dropped. */
static void run_reset(struct source *source)
{
	exec_reset();
	for (; run_frames; run_frames = run_frames->outer)
		if (run_frames->unit)
			parse_unit_put(run_frames->unit);
	arena_release(&sh_temp, (struct arena_mark){ 0 });
	source->next = source->end;
}

static int run_terminal(void)
{
	static struct run_frame frame;
	static struct source source;
	static struct node *tree;

	source = (struct source){ .refill = terminal_refill, .line = 1 };
	if (setjmp(sh.top))
		run_reset(&source);
	sh.top_is_set = true;
	for (;;) {
		run_frames = &frame;
		frame.unit = NULL;
		if (!parse_command(&source, &frame.unit, &tree)) {
			fputs("exit\n", stderr);
			break;
		}
		if (tree)
			exec_tree(tree, false);
		if (sh.flow != FLOW_NONE)
			run_reset(&source);
		else
			parse_unit_put(frame.unit);
	}
	return sh.status;
}

static void run_profile(void)
{
	struct strbuf path = { .arena = &sh_temp };
	const char *home = var_get("HOME");

	sh_run_file("/etc/profile");
	if (!home)
		return;
	strbuf_add_text(&path, home);
	strbuf_add_text(&path, "/.profile");
	sh_run_file(strbuf_text(&path));
}

struct sh_arguments {
	const char *command; /* -c */
	bool from_stdin;     /* -s */
	bool interactive;    /* -i */
};

/* Options of the command line; the index of the first operand, or -1. */
static int parse_arguments(int argc, char **argv, struct sh_arguments *args)
{
	bool command = false;
	int i = 1;

	for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+'); i++) {
		bool on = argv[i][0] == '-';

		if (strcmp(argv[i], "--") == 0 || strcmp(argv[i], "-") == 0) {
			i++;
			break;
		}
		for (const char *letter = argv[i] + 1; *letter; letter++) {
			if (*letter == 'c')
				command = true;
			else if (*letter == 's')
				args->from_stdin = true;
			else if (*letter == 'i')
				args->interactive = true;
			else if (*letter == 'l')
				sh.is_login = true;
			else if (*letter == 'o' && i + 1 < argc) {
				if (!options_set_name(argv[++i], on))
					return -1;
				break;
			} else if (!options_set_letter(*letter, on))
				return -1;
		}
	}
	if (command) {
		if (i == argc)
			return -1;
		args->command = argv[i++];
	}
	return i;
}

static void init_interactive(void)
{
	sh.interactive = true;
	trap_init();
	jobs_init_control();
	if (!var_get("PS1"))
		var_set("PS1", "\\h:\\w\\$ ");
	if (!var_get("PS2"))
		var_set("PS2", "> ");
}

static int run_script(const char *path)
{
	int status = sh_run_file(path);

	if (status >= 0)
		return status;
	sh.line = 0;
	sh_warn("%s: %s", path, strerror(errno));
	return 127;
}

int sh_main(int argc, char **argv)
{
	extern char **environ;
	struct sh_arguments args = { 0 };
	const char *script = NULL;
	int first, status;

	sh.pid = getpid();
	sh.is_login = argv[0][0] == '-';
	first = parse_arguments(argc, argv, &args);
	if (first < 0)
		return usage_error(SH_USAGE);
	trap_note_ignored();
	vars_init(environ);
	if (first < argc && !args.from_stdin) {
		sh.name = argv[first++];
		if (!args.command)
			script = sh.name;
	}
	params_set(argv + first, argc - first);

	if (args.interactive || (!args.command && !script &&
				 isatty(STDIN_FILENO) && isatty(STDERR_FILENO)))
		init_interactive();
	if (sh.is_login)
		run_profile();

	if (args.command)
		status = run_command_string(args.command);
	else if (script)
		status = run_script(script);
	else if (sh.interactive)
		status = run_terminal();
	else
		status = run_fd(STDIN_FILENO, true);
	if (sh.flow == FLOW_RETURN || sh.flow == FLOW_ABORT)
		status = sh.status;
	sh_exit(status);
}
