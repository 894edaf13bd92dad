// SPDX-License-Identifier: MIT
/*
 * The lexer: words to their parts.
 *
 * Quotes are resolved here once (POSIX, 2.2); what is left for expand.c is a
 * list of parts, each marked quoted or not.  Unlike POSIX, in the delimiter of
 * a here-document expansions are an error.
 */
#include "lex_internal.h"

#include <ctype.h>
#include <string.h>

#include "sh.h"

static void lex_parts(struct word_builder *builder, int terminator,
		      bool quoted);

struct word_part *builder_add_part(struct word_builder *builder,
				   enum part_type type, bool quoted)
{
	struct word_part *part;

	part = arena_zalloc(builder->parser->arena, sizeof(*part));
	part->type = type;
	part->quoted = quoted;
	*builder->tail = part;
	builder->tail = &part->next;
	return part;
}

void builder_flush(struct word_builder *builder)
{
	struct word_part *part;

	if (!builder->has_text)
		return;
	part = builder_add_part(builder, PART_TEXT, builder->text_quoted);
	part->text = arena_strndup(builder->parser->arena, builder->text.data,
				   builder->text.len);
	builder->text.len = 0;
	builder->has_text = false;
}

void builder_set_quoted(struct word_builder *builder, bool quoted)
{
	if (builder->has_text && builder->text_quoted != quoted)
		builder_flush(builder);
	builder->has_text = true;
	builder->text_quoted = quoted;
}

void builder_add(struct word_builder *builder, int c, bool quoted)
{
	builder_set_quoted(builder, quoted);
	strbuf_add_char(&builder->text, (char)c);
}

void builder_init(struct word_builder *builder, struct parser *parser)
{
	*builder = (struct word_builder){ .parser = parser };
	builder->word = arena_zalloc(parser->arena, sizeof(*builder->word));
	builder->tail = &builder->word->parts;
	builder->text.arena = &sh_temp;
}

static void lex_single_quotes(struct word_builder *builder)
{
	int c;

	builder_set_quoted(builder, true);
	while ((c = lex_getc(builder->parser)) != '\'') {
		if (c < 0)
			sh_error("syntax error: unterminated '");
		builder_add(builder, c, true);
	}
}

static int lex_escape_letter(int c)
{
	static const char letters[] = "abefnrtv";
	static const char values[] = "\a\b\033\f\n\r\t\v";
	const char *found = strchr(letters, c);

	return found && c ? (unsigned char)values[found - letters] : -1;
}

void lex_dollar_quotes(struct word_builder *builder)
{
	struct parser *parser = builder->parser;
	int c, value;

	builder_set_quoted(builder, true);
	while ((c = lex_getc(parser)) != '\'') {
		if (c == '\\') {
			c = lex_getc(parser);
			value = lex_escape_letter(c);
			if (c == 'x' || (c >= '0' && c <= '7')) {
				int base = c == 'x' ? 16 : 8;

				value = c == 'x' ? 0 : c - '0';
				for (int i = 0; i < 2; i++) {
					int d = lex_peek(parser);

					if (base == 8 ? d < '0' || d > '7'
						      : !isxdigit(d))
						break;
					d = tolower(lex_getc(parser));
					d = d <= '9' ? d - '0' : d - 'a' + 10;
					value = value * base + d;
				}
			}
			if (value >= 0)
				c = value;
		}
		if (c < 0)
			sh_error("syntax error: unterminated $'");
		builder_add(builder, c, true);
	}
}

void lex_backquotes(struct word_builder *builder, bool quoted)
{
	struct parser *parser = builder->parser;
	struct strbuf text = { .arena = &sh_temp };
	struct word_part *part;
	int c;

	while ((c = lex_getc(parser)) != '`') {
		if (c < 0)
			sh_error("syntax error: unterminated `");
		if (c == '\\') {
			int next = lex_peek(parser);

			if (next == '$' || next == '`' || next == '\\' ||
			    (quoted && next == '"'))
				c = lex_getc(parser);
		}
		strbuf_add_char(&text, (char)c);
	}
	builder_flush(builder);
	part = builder_add_part(builder, PART_COMMAND, quoted);
	part->tree = parse_nested_text(parser, strbuf_text(&text), text.len);
}

/* A backslash was read. */
static void lex_backslash(struct word_builder *builder, int terminator,
			  bool quoted)
{
	int c = lex_peek(builder->parser);

	if (c == '\n') {
		lex_getc(builder->parser);
		return;
	}
	if (c < 0 || (quoted && !strchr("$`\\", c) &&
		      !(c == '"' && terminator) && c != terminator)) {
		builder_add(builder, '\\', quoted);
		return;
	}
	builder_add(builder, lex_getc(builder->parser), true);
}

static void lex_double_quotes(struct word_builder *builder)
{
	struct word_part **before = builder->tail;

	lex_parts(builder, '"', true);
	lex_getc(builder->parser);
	/* "" is an empty field, but "$@" may be none at all. */
	if (builder->tail == before && !builder->has_text)
		builder_set_quoted(builder, true);
}

/* Parts up to an unquoted terminator or, without one, the word's end. */
static void lex_parts(struct word_builder *builder, int terminator, bool quoted)
{
	struct parser *parser = builder->parser;
	bool dropped_quotes = false;

	for (;;) {
		int c = lex_peek(parser);

		if (c < 0 && terminator)
			sh_error("syntax error: unterminated %s",
				 terminator == '}' ? "${" : "\"");
		if (c < 0 || (terminator && c == terminator && !dropped_quotes))
			return;
		if (!terminator && !quoted && lex_ends_word(c))
			return;
		lex_getc(parser);

		if (c == '\\')
			lex_backslash(builder, terminator, quoted);
		else if (c == '$')
			lex_dollar(builder, quoted);
		else if (c == '`')
			lex_backquotes(builder, quoted);
		else if (c == '\'' && !quoted)
			lex_single_quotes(builder);
		else if (c == '"' && !quoted)
			lex_double_quotes(builder);
		else if (c == '"' && terminator == '}')
			dropped_quotes = !dropped_quotes; /* "${x:-"y"}" */
		else
			builder_add(builder, c, quoted);
	}
}

struct word *lex_word(struct parser *parser, int terminator, bool quoted)
{
	struct word_builder builder;

	builder_init(&builder, parser);
	lex_parts(&builder, terminator, quoted);
	builder_flush(&builder);
	return builder.word;
}

struct word *parse_quoted(struct arena *arena, const char *text)
{
	struct source source;
	struct parser parser = { .source = &source, .arena = arena };

	source_from_text(&source, text, strlen(text));
	return lex_word(&parser, 0, true);
}
