// SPDX-License-Identifier: MIT
/*
 * The builtins that are short, and the table of all.
 *
 * A builtin must return: it runs inside the shell.  It writes by stdio, which
 * exec.c flushes.
 */
#include "builtins.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include <user/bin/applets.h>
#include <user/lib/util.h>

#include "alias.h"
#include "cd.h"
#include "command.h"
#include "exec.h"
#include "history.h"
#include "jobs.h"
#include "memory.h"
#include "options.h"
#include "read.h"
#include "sh.h"
#include "spawn.h"
#include "trap.h"
#include "vars.h"

static int builtin_true(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static int builtin_false(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 1;
}

/* echo, printf and test are the utilities' own functions. */
static int builtin_echo(int argc, char **argv)
{
	prog_name = argv[0];
	return echo_main(argc, argv);
}

static int builtin_printf(int argc, char **argv)
{
	prog_name = argv[0];
	return printf_main(argc, argv);
}

static int builtin_test(int argc, char **argv)
{
	prog_name = argv[0];
	return test_main(argc, argv);
}

/* The status operand of exit and return; without one, the last status. */
static int status_operand(int argc, char **argv)
{
	long value;

	if (argc < 2)
		return sh.status;
	if (!parse_number(argv[1], INT_MIN, INT_MAX, &value)) {
		sh_warn("%s: %s: not a number", argv[0], argv[1]);
		return 2;
	}
	return (int)value & 0xff;
}

static int builtin_exit(int argc, char **argv)
{
	static bool warned;

	if (sh.interactive && !sh.is_subshell && jobs_are_stopped() &&
	    !warned) {
		fputs("There are stopped jobs.\n", stderr);
		warned = true;
		return 1;
	}
	sh_exit(status_operand(argc, argv));
}

static int builtin_return(int argc, char **argv)
{
	sh.status = status_operand(argc, argv);
	sh.flow = FLOW_RETURN;
	return sh.status;
}

static int loop_flow(int argc, char **argv, enum flow flow)
{
	long levels = 1;

	if (argc > 1 && !parse_number(argv[1], 1, INT_MAX, &levels)) {
		sh_warn("%s: %s: not a positive number", argv[0], argv[1]);
		return 2;
	}
	if (!sh.loop_depth)
		return 0;
	sh.flow = flow;
	sh.flow_levels = levels < sh.loop_depth ? (int)levels : sh.loop_depth;
	return 0;
}

static int builtin_break(int argc, char **argv)
{
	return loop_flow(argc, argv, FLOW_BREAK);
}

static int builtin_continue(int argc, char **argv)
{
	return loop_flow(argc, argv, FLOW_CONTINUE);
}

static int builtin_shift(int argc, char **argv)
{
	long count = 1;

	if (argc > 1 && !parse_number(argv[1], 0, INT_MAX, &count)) {
		sh_warn("shift: %s: not a number", argv[1]);
		return 2;
	}
	if (count > sh.nr_params) {
		sh_warn("shift: only %d parameters", sh.nr_params);
		return 1;
	}
	params_set(sh.params + count, sh.nr_params - (int)count);
	return 0;
}

static int builtin_eval(int argc, char **argv)
{
	struct strbuf text = { .arena = &sh_temp };

	for (int i = 1; i < argc; i++) {
		if (i > 1)
			strbuf_add_char(&text, ' ');
		strbuf_add_text(&text, argv[i]);
	}
	return argc > 1 ? sh_run_text(strbuf_text(&text)) : 0;
}

static int builtin_dot(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : NULL;
	int status;

	if (!path) {
		sh_warn("usage: . FILE");
		return 2;
	}
	if (!strchr(path, '/') && access(path, R_OK) && command_find_path(path))
		path = command_find_path(path);
	status = sh_run_file(path);
	if (status < 0) {
		sh_warn(".: %s: %s", path, strerror(errno));
		return 1;
	}
	if (sh.flow == FLOW_RETURN && !sh.function_depth)
		sh.flow = FLOW_NONE;
	return status;
}

int builtin_exec(int argc, char **argv)
{
	int status;

	if (argc < 2)
		return 0;
	if (builtin_find(argv[1]) && !command_find_path(argv[1]))
		sh_exit(exec_argv(argv + 1, true));
	if (!command_find_path(argv[1])) {
		sh_warn("exec: %s: not found", argv[1]);
		status = 127;
	} else {
		fflush(NULL);
		trap_child_signals(true);
		status = exec_program(command_find_path(argv[1]), argv + 1,
				      vars_environment(NULL));
		trap_init();
	}
	if (!sh.interactive)
		sh_exit(status);
	return status;
}

static int builtin_command(int argc, char **argv)
{
	int status = 0;

	if (argc > 2 &&
	    (strcmp(argv[1], "-v") == 0 || strcmp(argv[1], "-V") == 0)) {
		for (int i = 2; i < argc; i++)
			if (command_describe(argv[i], argv[1][1] == 'V'))
				status = 127;
		return status;
	}
	if (argc > 1 && strcmp(argv[1], "-p") == 0) {
		argc--;
		argv++;
	}
	return argc > 1 ? exec_argv(argv + 1, false) : 0;
}

static int builtin_umask(int argc, char **argv)
{
	mode_t mask = umask(0);
	mode_t mode;

	umask(mask);
	if (argc > 1 && strcmp(argv[1], "-S")) {
		bool octal = isdigit((unsigned char)argv[1][0]);

		if (!mode_parse(argv[1], ~mask & 0777, false, &mode)) {
			sh_warn("umask: %s: bad mode", argv[1]);
			return 1;
		}
		umask(octal ? mode : ~mode & 0777);
		return 0;
	}
	printf("%04o\n", (unsigned int)mask);
	return 0;
}

static const struct {
	char letter;
	int resource;
	unsigned int unit;
	const char *name;
} limits[] = {
	{ 'c', RLIMIT_CORE, 512, "core file size (blocks)" },
	{ 'd', RLIMIT_DATA, 1024, "data segment (KiB)" },
	{ 'f', RLIMIT_FSIZE, 512, "file size (blocks)" },
	{ 'n', RLIMIT_NOFILE, 1, "open files" },
	{ 's', RLIMIT_STACK, 1024, "stack size (KiB)" },
	{ 't', RLIMIT_CPU, 1, "cpu time (seconds)" },
	{ 'u', RLIMIT_NPROC, 1, "processes" },
	{ 'v', RLIMIT_AS, 1024, "virtual memory (KiB)" },
};

static void ulimit_print(size_t i, bool hard, bool with_name)
{
	struct rlimit limit;
	rlim_t value;

	if (getrlimit(limits[i].resource, &limit))
		return;
	value = hard ? limit.rlim_max : limit.rlim_cur;
	if (with_name)
		printf("%-26s -%c  ", limits[i].name, limits[i].letter);
	if (value == RLIM_INFINITY)
		puts("unlimited");
	else
		printf("%llu\n", (unsigned long long)value / limits[i].unit);
}

static int ulimit_set(size_t i, const char *text, bool soft, bool hard)
{
	rlim_t value = RLIM_INFINITY;
	struct rlimit limit;
	long number;

	if (strcmp(text, "unlimited")) {
		if (!parse_number(text, 0, LONG_MAX / 1024, &number)) {
			sh_warn("ulimit: %s: bad number", text);
			return 2;
		}
		value = (rlim_t)number * limits[i].unit;
	}
	if (getrlimit(limits[i].resource, &limit))
		return 1;
	if (soft)
		limit.rlim_cur = value;
	if (hard)
		limit.rlim_max = value;
	if (setrlimit(limits[i].resource, &limit) == 0)
		return 0;
	sh_warn("ulimit: %s", strerror(errno));
	return 1;
}

static int builtin_ulimit(int argc, char **argv)
{
	bool soft = false, hard = false, all = false;
	char letter = 'f';
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		for (const char *c = argv[i] + 1; *c; c++) {
			if (*c == 'S')
				soft = true;
			else if (*c == 'H')
				hard = true;
			else if (*c == 'a')
				all = true;
			else
				letter = *c;
		}
	}
	for (size_t n = 0; n < SH_ARRAY_SIZE(limits); n++) {
		if (all) {
			ulimit_print(n, hard, true);
		} else if (limits[n].letter == letter) {
			if (i < argc)
				return ulimit_set(n, argv[i], soft || !hard,
						  hard || !soft);
			ulimit_print(n, hard && !soft, false);
			return 0;
		}
	}
	if (all)
		return 0;
	sh_warn("ulimit: -%c: no such limit", letter);
	return 2;
}

static void times_print(clock_t ticks)
{
	long hz = sysconf(_SC_CLK_TCK);

	printf("%ldm%ld.%02lds", (long)ticks / hz / 60, (long)ticks / hz % 60,
	       (long)ticks % hz * 100 / hz);
}

static int builtin_times(int argc, char **argv)
{
	struct tms tms;

	(void)argc;
	(void)argv;
	times(&tms);
	times_print(tms.tms_utime);
	putchar(' ');
	times_print(tms.tms_stime);
	putchar('\n');
	times_print(tms.tms_cutime);
	putchar(' ');
	times_print(tms.tms_cstime);
	putchar('\n');
	return 0;
}

/* By name, for the binary search of builtin_find(). */
static const struct builtin builtins[] = {
	{ ".", builtin_dot, true },
	{ ":", builtin_true, true },
	{ "[", builtin_test, false },
	{ "alias", builtin_alias, false },
	{ "bg", builtin_bg, false },
	{ "break", builtin_break, true },
	{ "cd", builtin_cd, false },
	{ "command", builtin_command, false },
	{ "continue", builtin_continue, true },
	{ "echo", builtin_echo, false },
	{ "eval", builtin_eval, true },
	{ "exec", builtin_exec, true },
	{ "exit", builtin_exit, true },
	{ "export", builtin_export, true },
	{ "false", builtin_false, false },
	{ "fg", builtin_fg, false },
	{ "getopts", builtin_getopts, false },
	{ "hash", builtin_hash, false },
	{ "history", builtin_history, false },
	{ "jobs", builtin_jobs, false },
	{ "kill", builtin_kill, false },
	{ "local", builtin_local, false },
	{ "printf", builtin_printf, false },
	{ "pwd", builtin_pwd, false },
	{ "read", builtin_read, false },
	{ "readonly", builtin_readonly, true },
	{ "return", builtin_return, true },
	{ "set", builtin_set, true },
	{ "shift", builtin_shift, true },
	{ "test", builtin_test, false },
	{ "times", builtin_times, true },
	{ "trap", builtin_trap, true },
	{ "true", builtin_true, false },
	{ "type", builtin_type, false },
	{ "ulimit", builtin_ulimit, false },
	{ "umask", builtin_umask, false },
	{ "unalias", builtin_unalias, false },
	{ "unset", builtin_unset, true },
	{ "wait", builtin_wait, false },
};

static int builtin_compare(const void *key, const void *entry)
{
	return strcmp(key, ((const struct builtin *)entry)->name);
}

const struct builtin *builtin_find(const char *name)
{
	return bsearch(name, builtins, SH_ARRAY_SIZE(builtins),
		       sizeof(builtins[0]), builtin_compare);
}

void builtins_for_each(void (*visit)(const char *name, void *arg), void *arg)
{
	for (size_t i = 0; i < SH_ARRAY_SIZE(builtins); i++)
		visit(builtins[i].name, arg);
}
