// SPDX-License-Identifier: MIT
/*
 * grep: print lines that match.  Regular expressions are the C library's;
 * fixed strings without -i are searched directly, which is much faster.
 */
#include "applets.h"

#include <ctype.h>
#include <fnmatch.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

#define GREP_USAGE "grep [-cEFHhilnoqrsvwx] [-e PATTERN] [PATTERN] [FILE]..."

struct grep_pattern {
	struct grep_pattern *next;
	char *fixed; /* search as it stands; NULL: use the expression */
	regex_t regex;
};

static struct {
	struct grep_pattern *patterns;
	bool count, extended, fixed, ignore_case, list, number, quiet;
	bool recursive, silent, invert, word, whole, only;
	int with_name; /* -1: when there are several files */
	bool matched, failed;
} grep;

static bool grep_is_plain(const char *text)
{
	return !text[strcspn(text, "\\.[]*^$+?(){}|")];
}

static void grep_add_pattern(const char *text, size_t len)
{
	struct grep_pattern *pattern = xmalloc(sizeof(*pattern));
	char *copy = xmalloc(len + 1);
	char message[128];
	int flags, error;

	memcpy(copy, text, len);
	copy[len] = '\0';
	pattern->fixed = NULL;
	pattern->next = grep.patterns;
	grep.patterns = pattern;

	if (grep.fixed || (!grep.ignore_case && grep_is_plain(copy))) {
		pattern->fixed = copy;
		return;
	}
	flags = (grep.extended ? REG_EXTENDED : 0) |
		(grep.ignore_case ? REG_ICASE : 0);
	error = regcomp(&pattern->regex, copy, flags);
	if (error) {
		regerror(error, &pattern->regex, message, sizeof(message));
		die(2, "%s: %s", copy, message);
	}
	free(copy);
}

/* A pattern operand holds one pattern a line. */
static void grep_add_patterns(const char *text)
{
	for (;;) {
		size_t len = strcspn(text, "\n");

		grep_add_pattern(text, len);
		if (!text[len])
			return;
		text += len + 1;
	}
}

static bool grep_is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Whether the match [start, end) of line is one that -w and -x accept. */
static bool grep_accepts(const char *line, size_t start, size_t end)
{
	if (grep.whole)
		return start == 0 && !line[end];
	if (grep.word)
		return (!start || !grep_is_word_char(line[start - 1])) &&
		       !grep_is_word_char(line[end]);
	return true;
}

static const char *grep_find_fixed(const char *text, const char *needle)
{
	if (!grep.ignore_case)
		return strstr(text, needle);
	return strcasestr(text, needle);
}

static bool grep_find_one(const struct grep_pattern *pattern, const char *line,
			  size_t from, size_t *start, size_t *end)
{
	regmatch_t match;

	if (pattern->fixed) {
		const char *found =
			grep_find_fixed(line + from, pattern->fixed);

		if (!found)
			return false;
		*start = (size_t)(found - line);
		*end = *start + strlen(pattern->fixed);
		return true;
	}
	if (regexec(&pattern->regex, line + from, 1, &match,
		    from ? REG_NOTBOL : 0))
		return false;
	*start = from + (size_t)match.rm_so;
	*end = from + (size_t)match.rm_eo;
	return true;
}

/* First accepted match of any pattern at or after from. */
static bool grep_find(const char *line, size_t from, size_t *start, size_t *end)
{
	bool found = false;

	for (struct grep_pattern *p = grep.patterns; p; p = p->next) {
		size_t at = from, s, e;

		while (grep_find_one(p, line, at, &s, &e)) {
			if (grep_accepts(line, s, e)) {
				if (!found || s < *start ||
				    (s == *start && e > *end)) {
					*start = s;
					*end = e;
				}
				found = true;
				break;
			}
			if (!line[s])
				break;
			at = s + 1;
		}
	}
	return found;
}

static void grep_print_prefix(const char *name, unsigned long number)
{
	if (grep.with_name > 0)
		printf("%s:", name);
	if (grep.number)
		printf("%lu:", number);
}

static void grep_print_line(const char *line, const char *name,
			    unsigned long number)
{
	size_t start, end, from = 0;

	if (!grep.only) {
		grep_print_prefix(name, number);
		puts(line);
		return;
	}
	while (!grep.invert && grep_find(line, from, &start, &end)) {
		if (end > start) {
			grep_print_prefix(name, number);
			printf("%.*s\n", (int)(end - start), line + start);
		}
		if (!line[start])
			break;
		from = end > start ? end : start + 1;
	}
}

static void grep_stream(FILE *file, const char *name)
{
	unsigned long number = 0, matches = 0;
	char *line = NULL;
	size_t room = 0, start, end;
	ssize_t len;

	while ((len = getline(&line, &room, file)) >= 0) {
		if (len && line[len - 1] == '\n')
			line[len - 1] = '\0';
		number++;
		if (grep_find(line, 0, &start, &end) == grep.invert)
			continue;
		grep.matched = true;
		matches++;
		if (grep.quiet || grep.list)
			break;
		if (!grep.count)
			grep_print_line(line, name, number);
	}
	free(line);
	if (grep.list && matches)
		puts(name);
	else if (grep.count) {
		grep_print_prefix(name, 0);
		printf("%lu\n", matches);
	}
}

static int grep_path(const char *path, const char *name, void *arg);

static int grep_file(const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct stat st;
	FILE *file;

	if (!is_stdin && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (grep.recursive)
			return dir_for_each(path, grep_path, NULL);
		if (!grep.silent)
			warn_msg("%s: is a directory", path);
		return 1;
	}
	file = is_stdin ? stdin : fopen(path, "re");
	if (!file) {
		if (!grep.silent)
			warn_errno("%s", path);
		return 1;
	}
	grep_stream(file, is_stdin ? "(standard input)" : path);
	input_close(file);
	return 0;
}

/* Entries of a tree: links are not followed, so the walk ends. */
static int grep_path(const char *path, const char *name, void *arg)
{
	struct stat st;

	(void)name;
	(void)arg;
	if (lstat(path, &st) || (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode)))
		return 0;
	return grep_file(path);
}

static bool grep_option(int option)
{
	switch (option) {
	case 'c':
		return grep.count = true;
	case 'E':
		return grep.extended = true;
	case 'F':
		return grep.fixed = true;
	case 'H':
		grep.with_name = 1;
		return true;
	case 'h':
		grep.with_name = 0;
		return true;
	case 'i':
		return grep.ignore_case = true;
	case 'l':
		return grep.list = true;
	case 'n':
		return grep.number = true;
	case 'o':
		return grep.only = true;
	case 'q':
		return grep.quiet = true;
	case 'r':
	case 'R':
		return grep.recursive = true;
	case 's':
		return grep.silent = true;
	case 'v':
		return grep.invert = true;
	case 'w':
		return grep.word = true;
	case 'x':
		return grep.whole = true;
	default:
		return option == 'e' || option == 'G';
	}
}

int grep_main(int argc, char **argv)
{
	char **expressions = xmalloc((size_t)argc * sizeof(*expressions));
	int nr_expressions = 0;
	int option;

	grep.with_name = -1;
	grep.extended = strcmp(prog_name, "egrep") == 0;
	grep.fixed = strcmp(prog_name, "fgrep") == 0;
	while ((option = opt_next(argc, argv, "cEFGHhilnoqrRsvwxe:")) != -1) {
		if (!grep_option(option))
			return usage_error(GREP_USAGE);
		if (option == 'e')
			expressions[nr_expressions++] = optarg;
	}
	if (!nr_expressions) {
		if (optind == argc)
			return usage_error(GREP_USAGE);
		expressions[nr_expressions++] = argv[optind++];
	}
	for (int i = 0; i < nr_expressions; i++)
		grep_add_patterns(expressions[i]);
	free(expressions);

	if (grep.with_name < 0)
		grep.with_name = argc - optind > 1 || grep.recursive;
	if (optind == argc)
		grep.failed |= grep_file(grep.recursive ? "." : "-");
	for (; optind < argc; optind++)
		grep.failed |= grep_file(argv[optind]);
	finish_output(0);
	if (grep.failed && !(grep.quiet && grep.matched))
		return 2;
	return !grep.matched;
}
