// SPDX-License-Identifier: MIT
/*
 * read: one line into variables.
 *
 * It must not take more than its line from a pipe or terminal, because the
 * commands after it read on from there: so it reads byte by byte.
 */
#include "read.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "sh.h"
#include "trap.h"
#include "vars.h"

/* Marks, in a parallel string, the characters that a backslash protected. */
struct read_line {
	struct strbuf text;
	struct strbuf escaped;
};

/* 0 for a line, 1 at the end of the file, 128 + n for a signal. */
static int read_one_line(struct read_line *line, bool raw)
{
	bool escape = false;
	char c;

	for (;;) {
		ssize_t got = read(STDIN_FILENO, &c, 1);

		if (got < 0 && errno == EINTR) {
			if (trap_pending())
				return 128 + trap_pending();
			if (sh.interactive)
				return 130;
			continue;
		}
		if (got <= 0)
			return 1;
		if (escape) {
			escape = false;
			if (c == '\n')
				continue;
			strbuf_add_char(&line->text, c);
			strbuf_add_char(&line->escaped, 1);
		} else if (c == '\\' && !raw) {
			escape = true;
		} else if (c == '\n') {
			return 0;
		} else if (c) {
			strbuf_add_char(&line->text, c);
			strbuf_add_char(&line->escaped, 0);
		}
	}
}

struct read_splitter {
	const char *text;
	const char *escaped;
	const char *ifs;
	size_t next;
	size_t len;
};

static bool split_at(const struct read_splitter *splitter, size_t i)
{
	return !splitter->escaped[i] &&
	       strchr(splitter->ifs, splitter->text[i]);
}

static bool space_at(const struct read_splitter *splitter, size_t i)
{
	return split_at(splitter, i) && strchr(" \t\n", splitter->text[i]);
}

static void skip_spaces(struct read_splitter *splitter)
{
	while (splitter->next < splitter->len &&
	       space_at(splitter, splitter->next))
		splitter->next++;
}

/* The next field; for the last variable, all that is left. */
static const char *next_field(struct read_splitter *splitter, bool last)
{
	size_t start = splitter->next;
	size_t end = start;

	while (end < splitter->len && !split_at(splitter, end))
		end++;
	splitter->next = end;
	skip_spaces(splitter);
	if (splitter->next < splitter->len &&
	    split_at(splitter, splitter->next) &&
	    !space_at(splitter, splitter->next)) {
		splitter->next++;
		skip_spaces(splitter);
	}
	if (last && splitter->next < splitter->len) {
		end = splitter->len;
		while (end > start && space_at(splitter, end - 1))
			end--;
		splitter->next = splitter->len;
	}
	return arena_strndup(&sh_temp, splitter->text + start, end - start);
}

static void assign_fields(struct read_line *line, char **names)
{
	static char *reply[] = { (char *)"REPLY", NULL };
	struct read_splitter splitter = {
		.text = strbuf_text(&line->text),
		.escaped = strbuf_text(&line->escaped),
		.ifs = var_get("IFS"),
		.len = line->text.len,
	};

	if (!splitter.ifs)
		splitter.ifs = " \t\n";
	if (!*names) {
		names = reply;
		splitter.ifs = "";
	}
	skip_spaces(&splitter);
	for (; *names; names++)
		var_set(*names, next_field(&splitter, !names[1]));
}

int builtin_read(int argc, char **argv)
{
	struct read_line line = { { .arena = &sh_temp },
				  { .arena = &sh_temp } };
	bool raw = false;
	int status;
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		if (strcmp(argv[i], "-r") == 0) {
			raw = true;
		} else if (strcmp(argv[i], "-p") == 0 && i + 1 < argc) {
			fputs(argv[++i], stderr);
		} else {
			sh_warn("usage: read [-r] [-p PROMPT] [NAME]...");
			return 2;
		}
	}
	status = read_one_line(&line, raw);
	if (status <= 1)
		assign_fields(&line, argv + i);
	return status;
}
