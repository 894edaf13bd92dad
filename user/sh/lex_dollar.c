// SPDX-License-Identifier: MIT
/*
 * The lexer: what a dollar sign begins in a word (POSIX, 2.6.2-2.6.4).  Unlike
 * POSIX, "$((" always begins arithmetic.
 */
#include "lex_internal.h"

#include <ctype.h>
#include <string.h>

#include "sh.h"

#define LEX_MAX_DEPTH 200

/* $((...)): the expression is a word, as if in quotes, up to the "))". */
static void lex_arithmetic(struct word_builder *builder, bool quoted)
{
	struct parser *parser = builder->parser;
	struct word_builder inner;
	struct word_part *part;
	int depth = 0;
	int c;

	builder_init(&inner, parser);
	for (;;) {
		c = lex_peek_joined(parser);
		if (c < 0)
			sh_error("syntax error: unterminated $((");
		lex_getc(parser);
		if (c == '$') {
			lex_dollar(&inner, true);
			continue;
		}
		if (c == '`') {
			lex_backquotes(&inner, true);
			continue;
		}
		if (c == '(')
			depth++;
		if (c == ')' && depth-- == 0)
			break;
		if (c != '"')
			builder_add(&inner, c, true);
	}
	if (lex_getc(parser) != ')')
		sh_error("syntax error: expected )) after $((");
	builder_flush(&inner);

	builder_flush(builder);
	part = builder_add_part(builder, PART_ARITH, quoted);
	part->arg = inner.word;
	parser->has_effects = true;
}

static void lex_command(struct word_builder *builder, bool quoted)
{
	struct word_part *part;

	builder_flush(builder);
	part = builder_add_part(builder, PART_COMMAND, quoted);
	part->tree = parse_substitution(builder->parser);
}

static bool lex_is_special_param(int c)
{
	return c > 0 && strchr("@*#?-$!", c);
}

static char *lex_param_name(struct parser *parser, bool braces)
{
	struct strbuf name = { .arena = &sh_temp };
	int c = lex_peek_joined(parser);

	if (lex_is_special_param(c)) {
		strbuf_add_char(&name, (char)lex_getc(parser));
	} else if (isdigit(c)) {
		do
			strbuf_add_char(&name, (char)lex_getc(parser));
		while (braces && isdigit(lex_peek(parser)));
	} else {
		while (c == '_' || isalnum(c)) {
			strbuf_add_char(&name, (char)lex_getc(parser));
			c = lex_peek_joined(parser);
		}
	}
	return arena_strndup(parser->arena, strbuf_text(&name), name.len);
}

static enum param_op lex_param_op(struct parser *parser, int c)
{
	switch (c) {
	case '-':
		return PARAM_DEFAULT;
	case '=':
		parser->has_effects = true;
		return PARAM_ASSIGN;
	case '?':
		parser->has_effects = true;
		return PARAM_ERROR;
	case '+':
		return PARAM_ALTERNATE;
	case '%':
	case '#':
		if (lex_peek(parser) == c) {
			lex_getc(parser);
			return c == '%' ? PARAM_CUT_SUFFIX_MAX
					: PARAM_CUT_PREFIX_MAX;
		}
		return c == '%' ? PARAM_CUT_SUFFIX : PARAM_CUT_PREFIX;
	default:
		return PARAM_PLAIN;
	}
}

/* The operator and word of ${name...}; the brace is consumed. */
static void lex_param_tail(struct parser *parser, struct word_part *part,
			   bool quoted)
{
	int c = lex_getc(parser);

	if (c == '}')
		return;
	if (c == ':') {
		part->colon = true;
		c = lex_getc(parser);
	}
	part->op = lex_param_op(parser, c);
	if (part->op == PARAM_PLAIN || (part->colon && (c == '%' || c == '#')))
		sh_error("syntax error: bad substitution of %s", part->text);

	/* Patterns have quotes of their own, even between quotes. */
	if (part->op >= PARAM_CUT_SUFFIX)
		quoted = false;
	part->arg = lex_word(parser, '}', quoted);
	lex_getc(parser);
}

static void lex_param_braces(struct word_builder *builder, bool quoted)
{
	struct parser *parser = builder->parser;
	struct word_part *part;
	char *name;

	builder_flush(builder);
	part = builder_add_part(builder, PART_PARAM, quoted);
	name = lex_param_name(parser, true);
	if (name[0] == '#' && lex_peek(parser) != '}') {
		part->op = PARAM_LENGTH;
		name = lex_param_name(parser, true);
		if (lex_peek(parser) != '}')
			sh_error("syntax error: bad substitution");
	}
	if (!*name)
		sh_error("syntax error: bad substitution");
	part->text = name;
	if (part->op == PARAM_LENGTH)
		lex_getc(parser);
	else
		lex_param_tail(parser, part, quoted);
}

/* $name and $1, without braces. */
static void lex_param(struct word_builder *builder, bool quoted)
{
	struct word_part *part;

	builder_flush(builder);
	part = builder_add_part(builder, PART_PARAM, quoted);
	part->text = lex_param_name(builder->parser, false);
}

void lex_dollar(struct word_builder *builder, bool quoted)
{
	struct parser *parser = builder->parser;
	int c = lex_peek_joined(parser);

	if (++parser->depth > LEX_MAX_DEPTH)
		sh_error("syntax error: nested too deeply");
	if (c == '(') {
		lex_getc(parser);
		if (lex_peek_joined(parser) == '(') {
			lex_getc(parser);
			lex_arithmetic(builder, quoted);
		} else {
			lex_command(builder, quoted);
		}
	} else if (c == '{') {
		lex_getc(parser);
		lex_param_braces(builder, quoted);
	} else if (c == '\'' && !quoted) {
		lex_getc(parser);
		lex_dollar_quotes(builder);
	} else if (c == '_' || isalnum(c) || lex_is_special_param(c)) {
		lex_param(builder, quoted);
	} else {
		builder_add(builder, '$', quoted);
	}
	parser->depth--;
}
