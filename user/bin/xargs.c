// SPDX-License-Identifier: MIT
/*
 * xargs: words of standard input as arguments of a command; -n limits how
 * many at a time, -0 takes them ended by NUL, -r runs nothing for nothing.
 */
#include "applets.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <user/lib/util.h>

#define XARGS_USAGE     "xargs [-0rt] [-n NUMBER] [COMMAND [ARGUMENT]...]"
#define XARGS_MAX_BYTES 65536

static struct {
	bool nul, skip_empty, trace;
	long max_words;
	char **args;
	size_t fixed, count, room, bytes;
} xargs = { .max_words = LONG_MAX };

static int xargs_run(void)
{
	int status;
	pid_t pid;

	xargs.args[xargs.count] = NULL;
	for (size_t i = 0; xargs.trace && i < xargs.count; i++)
		fprintf(stderr, "%s%c", xargs.args[i],
			i + 1 < xargs.count ? ' ' : '\n');
	pid = fork();
	if (pid == 0) {
		execvp(xargs.args[0], xargs.args);
		warn_errno("%s", xargs.args[0]);
		_exit(errno == ENOENT ? 127 : 126);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		warn_errno("cannot start a process");
		return 126;
	}
	while (xargs.count > xargs.fixed)
		free(xargs.args[--xargs.count]);
	xargs.bytes = 0;
	if (WIFSIGNALED(status))
		return 125;
	if (WEXITSTATUS(status) >= 126)
		return WEXITSTATUS(status);
	return status ? 123 : 0;
}

static void xargs_add(char *word)
{
	if (xargs.count + 1 >= xargs.room) {
		xargs.room = xargs.room * 2 + 16;
		xargs.args =
			xrealloc(xargs.args, xargs.room * sizeof(*xargs.args));
	}
	xargs.args[xargs.count++] = word;
}

/* The next word in fresh memory, NULL at the end. */
static char *xargs_word(void)
{
	size_t len = 0, room = 32;
	char *word = xmalloc(room);
	int quote = 0;
	int c = getchar();

	while (!xargs.nul && c != EOF && isspace(c))
		c = getchar();
	if (c == EOF) {
		free(word);
		return NULL;
	}
	for (; c != EOF; c = getchar()) {
		if (xargs.nul ? !c : !quote && isspace(c))
			break;
		if (!xargs.nul && c == quote) {
			quote = 0;
			continue;
		}
		if (!xargs.nul && !quote && (c == '\'' || c == '"')) {
			quote = c;
			continue;
		}
		if (!xargs.nul && !quote && c == '\\') {
			c = getchar();
			if (c == EOF)
				break;
		}
		if (len + 1 == room)
			word = xrealloc(word, room *= 2);
		word[len++] = (char)c;
	}
	word[len] = '\0';
	return word;
}

/* Where the command begins in argv, or -1: wrong options. */
static int xargs_parse(int argc, char **argv)
{
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-0") == 0)
			xargs.nul = true;
		else if (strcmp(argv[i], "-r") == 0)
			xargs.skip_empty = true;
		else if (strcmp(argv[i], "-t") == 0)
			xargs.trace = true;
		else if (strcmp(argv[i], "-n") != 0 || ++i == argc ||
			 !parse_number(argv[i], 1, LONG_MAX, &xargs.max_words))
			return -1;
	}
	return i;
}

int xargs_main(int argc, char **argv)
{
	int i = xargs_parse(argc, argv);
	int status = 0;
	bool ran = false;
	char *word;

	if (i < 0)
		return usage_error(XARGS_USAGE);
	for (int arg = i; arg < argc; arg++)
		xargs_add(argv[arg]);
	if (i == argc)
		xargs_add((char *)"echo");
	xargs.fixed = xargs.count;

	while ((word = xargs_word())) {
		xargs_add(word);
		xargs.bytes += strlen(word) + 1;
		if ((long)(xargs.count - xargs.fixed) < xargs.max_words &&
		    xargs.bytes < XARGS_MAX_BYTES)
			continue;
		status |= xargs_run();
		ran = true;
	}
	if (xargs.count > xargs.fixed || (!ran && !xargs.skip_empty))
		status |= xargs_run();
	return status;
}
