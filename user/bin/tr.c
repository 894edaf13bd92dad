// SPDX-License-Identifier: MIT
/*
 * tr: translate, delete (-d) or squeeze (-s) characters; sets have ranges,
 * escapes and [:class:]; -c takes the complement of the first.
 */
#include "applets.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/escape.h>
#include <user/lib/util.h>

#define TR_USAGE "tr [-cds] SET1 [SET2]"

struct tr_set {
	unsigned char chars[256];
	size_t len;
};

static const struct {
	const char *name;
	int (*test)(int c);
} tr_classes[] = {
	{ "[:alpha:]", isalpha }, { "[:digit:]", isdigit },
	{ "[:alnum:]", isalnum }, { "[:upper:]", isupper },
	{ "[:lower:]", islower }, { "[:space:]", isspace },
	{ "[:punct:]", ispunct }, { "[:print:]", isprint },
	{ "[:blank:]", isblank }, { "[:xdigit:]", isxdigit },
	{ "[:cntrl:]", iscntrl },
};

static void tr_add(struct tr_set *set, int c)
{
	if (set->len < sizeof(set->chars))
		set->chars[set->len++] = (unsigned char)c;
}

static const char *tr_add_class(struct tr_set *set, const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(tr_classes); i++) {
		size_t len = strlen(tr_classes[i].name);

		if (strncmp(text, tr_classes[i].name, len))
			continue;
		for (int c = 0; c < 256; c++)
			if (tr_classes[i].test(c))
				tr_add(set, c);
		return text + len;
	}
	return text;
}

static int tr_char(const char **text)
{
	int c = (unsigned char)*(*text)++;

	if (c == '\\')
		c = escape_decode(text, ESCAPE_FORMAT);
	return c < 0 ? 'c' : c;
}

static void tr_parse(struct tr_set *set, const char *text)
{
	set->len = 0;
	while (*text) {
		const char *after = tr_add_class(set, text);
		int first, last;

		if (after != text) {
			text = after;
			continue;
		}
		first = last = tr_char(&text);
		if (text[0] == '-' && text[1]) {
			text++;
			last = tr_char(&text);
		}
		for (int c = first; c <= last; c++)
			tr_add(set, c);
	}
}

static void tr_complement(struct tr_set *set)
{
	struct tr_set old = *set;

	set->len = 0;
	for (int c = 0; c < 256; c++)
		if (!memchr(old.chars, c, old.len))
			tr_add(set, c);
}

static void tr_copy(const int map[256], const bool squeeze[256])
{
	int last = EOF;
	int c;

	while ((c = getchar()) != EOF) {
		c = map[c];
		if (c < 0 || (c == last && squeeze[c]))
			continue;
		putchar(c);
		last = c;
	}
}

int tr_main(int argc, char **argv)
{
	bool complement = false, delete = false, squeeze = false;
	bool squeezed[256] = { false };
	struct tr_set from, to = { .len = 0 };
	const struct tr_set *last = &from;
	int map[256];
	int option;

	while ((option = opt_next(argc, argv, "cCds")) != -1) {
		if (option == '?')
			return usage_error(TR_USAGE);
		complement |= option == 'c' || option == 'C';
		delete |= option == 'd';
		squeeze |= option == 's';
	}
	if (optind == argc || (argc - optind == 1 && !delete &&!squeeze))
		return usage_error(TR_USAGE);
	tr_parse(&from, argv[optind]);
	if (complement)
		tr_complement(&from);
	if (argc - optind > 1) {
		tr_parse(&to, argv[optind + 1]);
		last = &to;
	}

	for (int c = 0; c < 256; c++)
		map[c] = c;
	for (size_t i = 0; i < from.len; i++) {
		if (delete)
			map[from.chars[i]] = -1;
		else if (to.len)
			map[from.chars[i]] =
				to.chars[i < to.len ? i : to.len - 1];
	}
	for (size_t i = 0; squeeze && i < last->len; i++)
		squeezed[last->chars[i]] = true;
	tr_copy(map, squeezed);
	return finish_output(0);
}
