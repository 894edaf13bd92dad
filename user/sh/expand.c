// SPDX-License-Identifier: MIT
/*
 * Word expansion.
 *
 * An expander builds fields one after another in a string buffer.  While a
 * field is built, characters that are special in patterns stand in it with a
 * backslash when they were quoted; at its end the field is either matched
 * against files or has its backslashes removed.
 */
#include "expand.h"

#include <ctype.h>
#include <fnmatch.h>
#include <glob.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arith.h"
#include "exec.h"
#include "parse.h"
#include "sh.h"
#include "vars.h"

#define PATTERN_SPECIAL "*?[]\\-!^"

struct expander {
	struct strbuf buf;
	struct ptrlist *fields; /* NULL: the result is one string */
	bool pattern;           /* keep the backslashes at the end */
	bool assignment;        /* ~ also after = and : */
	bool has_field;         /* something, maybe empty, is being built */
	bool has_glob;          /* an unquoted * ? or [ */
	bool has_escape;        /* backslashes were put in */
	const char *ifs;
};

static void expand_parts(struct expander *expander,
			 const struct word_part *part, bool quoted);

static void expand_init(struct expander *expander)
{
	*expander = (struct expander){ .buf.arena = &sh_temp };
	expander->ifs = var_get("IFS");
	if (!expander->ifs)
		expander->ifs = " \t\n";
}

static void expand_add_char(struct expander *expander, char c, bool quoted)
{
	if (strchr(PATTERN_SPECIAL, c) && c) {
		if (quoted || c == '\\') {
			strbuf_add_char(&expander->buf, '\\');
			expander->has_escape = true;
		} else if (c == '*' || c == '?' || c == '[') {
			expander->has_glob = true;
		}
	}
	strbuf_add_char(&expander->buf, c);
	expander->has_field = true;
}

static void expand_add(struct expander *expander, const char *text, bool quoted)
{
	/* Most text has nothing special in it. */
	size_t plain = strcspn(text, PATTERN_SPECIAL);

	strbuf_add(&expander->buf, text, plain);
	expander->has_field |= plain != 0;
	for (text += plain; *text; text++)
		expand_add_char(expander, *text, quoted);
}

/* Remove the backslashes that expand_add_char() put in. */
static void expand_unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (*text == '\\' && text[1])
			text++;
		*to++ = *text++;
	}
	*to = '\0';
}

/* Match the field against files; false when there is none. */
static bool expand_glob(struct expander *expander, const char *pattern)
{
	glob_t found;
	int ret = glob(pattern, 0, NULL, &found);

	if (ret)
		return false;
	for (size_t i = 0; i < found.gl_pathc; i++)
		ptrlist_add(expander->fields,
			    arena_strdup(&sh_temp, found.gl_pathv[i]));
	globfree(&found);
	return true;
}

/* The field is complete. */
static void expand_end_field(struct expander *expander)
{
	char *text;

	if (!expander->has_field)
		return;
	text = strbuf_text(&expander->buf);
	if (!expander->has_glob || sh.options.no_glob ||
	    !expand_glob(expander, text)) {
		if (expander->has_escape)
			expand_unescape(text);
		ptrlist_add(expander->fields, text);
	}
	expander->buf = (struct strbuf){ .arena = &sh_temp };
	expander->has_field = false;
	expander->has_glob = false;
	expander->has_escape = false;
}

static bool ifs_is_space(const struct expander *expander, char c)
{
	return (c == ' ' || c == '\t' || c == '\n') && strchr(expander->ifs, c);
}

/* Add the result of an unquoted expansion, split at IFS (POSIX 2.6.5). */
static void expand_add_split(struct expander *expander, const char *text)
{
	while (*text) {
		size_t run = strcspn(text, expander->ifs);

		for (; run; run--)
			expand_add_char(expander, *text++, false);
		if (!*text)
			return;

		/* A separator: white space around one other character. */
		if (ifs_is_space(expander, *text)) {
			while (*text && ifs_is_space(expander, *text))
				text++;
			if (!*text || !strchr(expander->ifs, *text)) {
				expand_end_field(expander);
				continue;
			}
		}
		expander->has_field = true;
		expand_end_field(expander);
		text++;
		while (*text && ifs_is_space(expander, *text))
			text++;
	}
}

/* Add a value that an expansion gave. */
static void expand_add_value(struct expander *expander, const char *value,
			     bool quoted)
{
	if (quoted || !expander->fields)
		expand_add(expander, value, quoted);
	else
		expand_add_split(expander, value);
}

/* $@ and $*. */
static void expand_params(struct expander *expander, char which, bool quoted)
{
	bool fields = expander->fields && (which == '@' || !quoted);

	for (int i = 0; i < sh.nr_params; i++) {
		if (i && fields) {
			expand_end_field(expander);
		} else if (i && (which == '@' || !*expander->ifs)) {
			if (which == '@')
				expand_add_char(expander, ' ', quoted);
		} else if (i) {
			expand_add_char(expander, expander->ifs[0], quoted);
		}
		if (quoted)
			expander->has_field = true;
		expand_add_value(expander, sh.params[i], quoted);
	}
	if (!sh.nr_params && quoted && which == '*')
		expander->has_field = true;
}

static const char *number_text(long value)
{
	char *text = arena_alloc(&sh_temp, 24);

	snprintf(text, 24, "%ld", value);
	return text;
}

static const char *option_letters(void)
{
	char *text = arena_alloc(&sh_temp, 16);
	char *end = text;

	if (sh.options.all_export)
		*end++ = 'a';
	if (sh.options.errexit)
		*end++ = 'e';
	if (sh.options.no_glob)
		*end++ = 'f';
	if (sh.interactive)
		*end++ = 'i';
	if (sh.options.job_control)
		*end++ = 'm';
	if (sh.options.no_unset)
		*end++ = 'u';
	if (sh.options.trace)
		*end++ = 'x';
	*end = '\0';
	return text;
}

/* The value of a parameter that is not $@ or $*, or NULL. */
static const char *param_value(const char *name)
{
	if (isdigit((unsigned char)name[0])) {
		long i = strtol(name, NULL, 10);

		if (!i)
			return sh.name;
		return i <= sh.nr_params ? sh.params[i - 1] : NULL;
	}
	switch (name[0]) {
	case '#':
		return number_text(sh.nr_params);
	case '?':
		return number_text(sh.status);
	case '$':
		return number_text(sh.pid);
	case '!':
		return sh.last_bg ? number_text(sh.last_bg) : NULL;
	case '-':
		return option_letters();
	}
	if (strcmp(name, "LINENO") == 0)
		return number_text(sh.line);
	return var_get(name);
}

static bool param_is_all(const char *name)
{
	return (name[0] == '@' || name[0] == '*') && !name[1];
}

/* "$*" as one string, for ${#*}, ${*%x} and the like. */
static const char *param_text(const char *name)
{
	struct strbuf text = { .arena = &sh_temp };

	if (!param_is_all(name))
		return param_value(name);
	for (int i = 0; i < sh.nr_params; i++) {
		if (i)
			strbuf_add_char(&text, ' ');
		strbuf_add_text(&text, sh.params[i]);
	}
	return sh.nr_params ? strbuf_text(&text) : NULL;
}

/* Cut the shortest or longest match of pattern off one end of value. */
static const char *param_cut(const char *value, const char *pattern,
			     enum param_op op)
{
	bool suffix = op == PARAM_CUT_SUFFIX || op == PARAM_CUT_SUFFIX_MAX;
	bool longest = op == PARAM_CUT_SUFFIX_MAX || op == PARAM_CUT_PREFIX_MAX;
	size_t len = strlen(value);
	char *copy = arena_strndup(&sh_temp, value, len);

	for (size_t n = 0; n <= len; n++) {
		size_t cut = longest ? len - n : n;
		char *part = suffix ? copy + len - cut : copy;
		char kept = copy[cut];
		bool matched;

		if (!suffix)
			copy[cut] = '\0';
		matched = fnmatch(pattern, part, 0) == 0;
		copy[cut] = kept;
		if (!matched)
			continue;
		if (!suffix)
			return copy + cut;
		*part = '\0';
		return copy;
	}
	return value;
}

static void param_fail(const struct word_part *part)
{
	const char *why = part->colon ? "not set or empty" : "not set";

	if (part->arg->parts)
		why = expand_single(part->arg);
	sh_error("%s: %s", part->text, why);
}

static const char *param_assign(const struct word_part *part)
{
	char *value = expand_single(part->arg);

	if (!name_is_valid(part->text, strlen(part->text)))
		sh_error("%s: cannot be assigned to", part->text);
	var_set(part->text, value);
	return value;
}

static void param_check_set(const struct word_part *part, const char *value)
{
	if (!value && sh.options.no_unset && !param_is_all(part->text))
		sh_error("%s: not set", part->text);
}

/* ${name op word} with an operator that tests whether name is set. */
static void expand_param_test(struct expander *expander,
			      const struct word_part *part, const char *value)
{
	bool present = value && (!part->colon || *value);

	if (part->op == PARAM_ALTERNATE) {
		if (present)
			expand_parts(expander, part->arg->parts, part->quoted);
		return;
	}
	if (present && param_is_all(part->text))
		expand_params(expander, part->text[0], part->quoted);
	else if (present)
		expand_add_value(expander, value, part->quoted);
	else if (part->op == PARAM_DEFAULT)
		expand_parts(expander, part->arg->parts, part->quoted);
	else if (part->op == PARAM_ASSIGN)
		expand_add_value(expander, param_assign(part), part->quoted);
	else
		param_fail(part);
}

static void expand_param(struct expander *expander,
			 const struct word_part *part)
{
	const char *value;

	if (part->op == PARAM_PLAIN && param_is_all(part->text)) {
		expand_params(expander, part->text[0], part->quoted);
		return;
	}
	if (part->op == PARAM_LENGTH && param_is_all(part->text)) {
		expand_add_value(expander, number_text(sh.nr_params),
				 part->quoted);
		return;
	}
	if (part->quoted)
		expander->has_field = true;

	value = param_text(part->text);
	switch (part->op) {
	case PARAM_PLAIN:
		param_check_set(part, value);
		if (value)
			expand_add_value(expander, value, part->quoted);
		break;
	case PARAM_LENGTH:
		param_check_set(part, value);
		value = number_text(value ? (long)strlen(value) : 0);
		expand_add_value(expander, value, part->quoted);
		break;
	case PARAM_CUT_SUFFIX:
	case PARAM_CUT_SUFFIX_MAX:
	case PARAM_CUT_PREFIX:
	case PARAM_CUT_PREFIX_MAX:
		param_check_set(part, value);
		if (value)
			value = param_cut(value, expand_pattern(part->arg),
					  part->op);
		expand_add_value(expander, value ? value : "", part->quoted);
		break;
	default:
		expand_param_test(expander, part, value);
	}
}

static const char *user_home(const char *name, size_t len)
{
	struct passwd *entry;

	if (!len)
		return var_get("HOME");
	entry = getpwnam(arena_strndup(&sh_temp, name, len));
	return entry ? entry->pw_dir : NULL;
}

/* A tilde at text, up to the slash (or colon): add the home directory. */
static const char *expand_tilde(struct expander *expander, const char *text,
				const char *ends, bool is_last)
{
	size_t len = strcspn(text + 1, ends);
	const char *home;

	/* A name that goes on in the next part was quoted somewhere. */
	if (!text[1 + len] && !is_last)
		return text;
	home = user_home(text + 1, len);
	if (!home)
		return text;
	expand_add(expander, home, true);
	expander->has_field = true;
	return text + 1 + len;
}

/* Unquoted text as it was written, with its tildes. */
static void expand_text(struct expander *expander, const struct word_part *part,
			bool is_first)
{
	const char *text = part->text;
	const char *tilde;

	if (is_first && *text == '~')
		text = expand_tilde(expander, text, "/", !part->next);
	while (expander->assignment && (tilde = strchr(text, '~'))) {
		const char *after = tilde;

		for (; text < tilde; text++)
			expand_add_char(expander, *text, false);
		if (tilde > part->text && strchr("=:", tilde[-1]))
			after = expand_tilde(expander, tilde,
					     "/:", !part->next);
		if (after == tilde)
			expand_add_char(expander, *after++, false);
		text = after;
	}
	expand_add(expander, text, false);
}

static void expand_parts(struct expander *expander,
			 const struct word_part *part, bool quoted)
{
	const struct word_part *first = part;

	for (; part; part = part->next) {
		switch (part->type) {
		case PART_TEXT:
			if (part->quoted || quoted) {
				expand_add(expander, part->text, true);
				expander->has_field = true;
			} else {
				expand_text(expander, part, part == first);
			}
			break;
		case PART_PARAM:
			expand_param(expander, part);
			break;
		case PART_COMMAND:
			expander->has_field |= part->quoted;
			expand_add_value(expander, exec_substitute(part->tree),
					 part->quoted);
			break;
		case PART_ARITH:
			expand_add_value(expander,
					 number_text(arith_eval(
						 expand_single(part->arg))),
					 part->quoted);
			break;
		}
	}
}

/* A word of plain text needs no expander, and most words are. */
static char *word_plain_text(const struct word *word)
{
	const struct word_part *part = word->parts;

	if (!part)
		return (char *)"";
	if (part->next || part->type != PART_TEXT)
		return NULL;
	if (part->quoted || !part->text[strcspn(part->text, "*?[\\~")])
		return part->text;
	return NULL;
}

void expand_words(const struct word *words, struct ptrlist *fields)
{
	struct expander expander;

	for (; words; words = words->next) {
		char *plain = word_plain_text(words);

		if (plain) {
			ptrlist_add(fields, plain);
			continue;
		}
		expand_init(&expander);
		expander.fields = fields;
		expand_parts(&expander, words->parts, false);
		expand_end_field(&expander);
	}
}

static char *expand_to_string(const struct word *word, bool pattern,
			      bool assignment)
{
	struct expander expander;
	char *text;

	expand_init(&expander);
	expander.assignment = assignment;
	expand_parts(&expander, word->parts, false);
	text = strbuf_text(&expander.buf);
	if (!pattern && expander.has_escape)
		expand_unescape(text);
	return text;
}

char *expand_single(const struct word *word)
{
	char *plain = word_plain_text(word);

	return plain ? plain : expand_to_string(word, false, false);
}

char *expand_assignment(const struct word *word)
{
	char *plain = word_plain_text(word);

	return plain ? plain : expand_to_string(word, false, true);
}

char *expand_pattern(const struct word *word)
{
	return expand_to_string(word, true, false);
}

static void prompt_add_dir(struct strbuf *text, bool last_only)
{
	const char *dir = var_get("PWD");
	const char *home = var_get("HOME");
	size_t len = home ? strlen(home) : 0;
	const char *slash;

	dir = dir ? dir : "?";
	if (last_only) {
		slash = strrchr(dir, '/');
		strbuf_add_text(text, slash && slash[1] ? slash + 1 : dir);
		return;
	}
	/* root's own prompt shows /root as it is: it is the usual place. */
	if (len > 1 && geteuid() && strncmp(dir, home, len) == 0 &&
	    (!dir[len] || dir[len] == '/')) {
		strbuf_add_char(text, '~');
		dir += len;
	}
	strbuf_add_text(text, dir);
}

static void prompt_add_escape(struct strbuf *text, char c)
{
	struct passwd *user;
	char host[65] = "";

	switch (c) {
	case 'w':
	case 'W':
		prompt_add_dir(text, c == 'W');
		break;
	case 'h':
		gethostname(host, sizeof(host) - 1);
		host[strcspn(host, ".")] = '\0';
		strbuf_add_text(text, host);
		break;
	case 'u':
		user = getpwuid(geteuid());
		strbuf_add_text(text, user ? user->pw_name : "?");
		break;
	case '$':
		strbuf_add_char(text, geteuid() ? '$' : '#');
		break;
	case 'n':
		strbuf_add_char(text, '\n');
		break;
	case 'e':
		strbuf_add_char(text, '\033');
		break;
	case '[':
	case ']':
		break; /* other shells bracket colours by these */
	default:
		strbuf_add_char(text, c);
	}
}

char *expand_prompt(const char *text)
{
	struct strbuf escaped = { .arena = &sh_temp };

	for (; *text; text++) {
		if (*text == '\\' && text[1])
			prompt_add_escape(&escaped, *++text);
		else
			strbuf_add_char(&escaped, *text);
	}
	text = strbuf_text(&escaped);
	if (!strpbrk(text, "$`"))
		return (char *)text;
	return expand_single(parse_quoted(&sh_temp, text));
}
