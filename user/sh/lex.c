// SPDX-License-Identifier: MIT
/*
 * The lexer: characters to tokens, and words to their parts.
 *
 * POSIX, "Shell Command Language", 2.3 and 2.2.  Quotes are resolved here
 * once; what is left for expand.c is a list of parts, each marked quoted or
 * not.  Unlike POSIX, "$((" always begins arithmetic, and in the delimiter
 * of a here-document expansions are an error.
 */
#include "lex.h"

#include <ctype.h>
#include <string.h>

#include "alias.h"
#include "sh.h"

#define LEX_MAX_DEPTH 200

/* A word in the making. */
struct word_builder {
	struct parser *parser;
	struct word *word;
	struct word_part **tail;
	struct strbuf text;
	bool has_text; /* text is a part, even when it is empty */
	bool text_quoted;
};

static void lex_param(struct word_builder *builder, bool quoted);

int lex_peek(struct parser *parser)
{
	struct source *source;

	for (;;) {
		source = parser->source;
		if (source->next < source->end)
			return (unsigned char)*source->next;
		if (source->parent) {
			parser->alias_next = alias_ends_blank(source->alias);
			parser->source = source->parent;
		} else if (!source->refill) {
			return -1;
		} else if (!source->refill(source, parser->in_command)) {
			/* The end stays the end: a terminal would ask again. */
			source->refill = NULL;
			return -1;
		}
	}
}

int lex_getc(struct parser *parser)
{
	int c = lex_peek(parser);

	if (c < 0)
		return c;
	parser->source->next++;
	if (c == '\n')
		parser->source->line++;
	if (parser->log.arena)
		strbuf_add_char(&parser->log, (char)c);
	return c;
}

/* Step over backslash-newline pairs, then look at the next character. */
static int lex_peek_joined(struct parser *parser)
{
	for (;;) {
		struct source *source;

		if (lex_peek(parser) != '\\')
			return lex_peek(parser);
		source = parser->source;
		if (source->end - source->next < 2 || source->next[1] != '\n')
			return '\\';
		lex_getc(parser);
		lex_getc(parser);
	}
}

static struct word_part *builder_add_part(struct word_builder *builder,
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

static void builder_flush(struct word_builder *builder)
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

/* From here on text is quoted or not; with quotes, even "" is a part. */
static void builder_set_quoted(struct word_builder *builder, bool quoted)
{
	if (builder->has_text && builder->text_quoted != quoted)
		builder_flush(builder);
	builder->has_text = true;
	builder->text_quoted = quoted;
}

static void builder_add(struct word_builder *builder, int c, bool quoted)
{
	builder_set_quoted(builder, quoted);
	strbuf_add_char(&builder->text, (char)c);
}

static void builder_init(struct word_builder *builder, struct parser *parser)
{
	*builder = (struct word_builder){ .parser = parser };
	builder->word = arena_zalloc(parser->arena, sizeof(*builder->word));
	builder->tail = &builder->word->parts;
	builder->text.arena = &sh_temp;
}

static bool lex_ends_word(int c)
{
	return c < 0 || strchr(" \t\n;&|<>()", c) != NULL;
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

/* $'...': escapes as in C. */
static void lex_dollar_quotes(struct word_builder *builder)
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

/* `...`: unescape one level, then parse that text by itself. */
static void lex_backquotes(struct word_builder *builder, bool quoted)
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

static void lex_dollar(struct word_builder *builder, bool quoted);
static void lex_parts(struct word_builder *builder, int terminator,
		      bool quoted);

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

/* What follows a dollar sign, which was read. */
static void lex_dollar(struct word_builder *builder, bool quoted)
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

static void lex_skip_blanks(struct parser *parser)
{
	int c;

	while ((c = lex_peek_joined(parser)) == ' ' || c == '\t')
		lex_getc(parser);
	if (c == '#')
		while ((c = lex_peek(parser)) >= 0 && c != '\n')
			lex_getc(parser);
}

static bool lex_accept(struct parser *parser, int c)
{
	if (lex_peek_joined(parser) != c)
		return false;
	lex_getc(parser);
	return true;
}

static void lex_redir_operator(struct parser *parser, int c)
{
	struct token *token = &parser->token;

	token->type = TOKEN_REDIR;
	if (c == '>') {
		token->redir = REDIR_WRITE;
		if (lex_accept(parser, '>'))
			token->redir = REDIR_APPEND;
		else if (lex_accept(parser, '&'))
			token->redir = REDIR_DUP_OUT;
		else if (lex_accept(parser, '|'))
			token->redir = REDIR_CLOBBER;
		return;
	}
	token->redir = REDIR_READ;
	if (lex_accept(parser, '&'))
		token->redir = REDIR_DUP_IN;
	else if (lex_accept(parser, '>'))
		token->redir = REDIR_READWRITE;
	else if (lex_accept(parser, '<')) {
		token->redir = REDIR_HERE;
		token->strip_tabs = lex_accept(parser, '-');
	}
}

static enum token_type lex_operator(struct parser *parser, int c)
{
	switch (c) {
	case '\n':
		return TOKEN_NEWLINE;
	case '&':
		return lex_accept(parser, '&') ? TOKEN_AND_IF
					       : TOKEN_BACKGROUND;
	case '|':
		return lex_accept(parser, '|') ? TOKEN_OR_IF : TOKEN_PIPE;
	case ';':
		if (lex_accept(parser, ';'))
			return TOKEN_DSEMI;
		return lex_accept(parser, '&') ? TOKEN_SEMI_AND : TOKEN_SEMI;
	case '(':
		return TOKEN_LEFT;
	default:
		return TOKEN_RIGHT;
	}
}

static void lex_word_token(struct parser *parser)
{
	struct token *token = &parser->token;
	struct word_part *part;
	int c;

	token->type = TOKEN_WORD;
	token->word = lex_word(parser, 0, false);
	part = token->word->parts;
	if (!part || part->next || part->type != PART_TEXT || part->quoted)
		return;
	token->plain = part->text;

	/* A number is a descriptor only when the operator touches it. */
	c = lex_peek(parser);
	if ((c == '<' || c == '>') && strlen(part->text) <= 4 &&
	    !part->text[strspn(part->text, "0123456789")]) {
		token->type = TOKEN_IO_NUMBER;
		token->number = 0;
		for (const char *digit = part->text; *digit; digit++)
			token->number = token->number * 10 + *digit - '0';
	}
}

void lex_token(struct parser *parser)
{
	struct token *token = &parser->token;
	int c;

	*token = (struct token){ 0 };
	lex_skip_blanks(parser);
	token->start = parser->log.len;
	c = lex_peek(parser);
	if (c < 0) {
		token->type = TOKEN_EOF;
	} else if (c == '<' || c == '>') {
		lex_getc(parser);
		lex_redir_operator(parser, c);
	} else if (lex_ends_word(c)) {
		lex_getc(parser);
		token->type = lex_operator(parser, c);
	} else {
		parser->in_command = true;
		lex_word_token(parser);
	}
	if (token->type != TOKEN_NEWLINE)
		parser->in_command = true;
	token->end = parser->log.len;
}

/* Append the next line to text; false at the end of the source. */
static bool lex_line(struct parser *parser, struct strbuf *text)
{
	int c = lex_getc(parser);

	if (c < 0)
		return false;
	while (c >= 0 && c != '\n') {
		strbuf_add_char(text, (char)c);
		c = lex_getc(parser);
	}
	strbuf_add_char(text, '\n');
	return true;
}

static void lex_here_doc(struct parser *parser, const struct here_doc *doc)
{
	struct strbuf body = { .arena = &sh_temp };
	size_t delimiter_len = strlen(doc->delimiter);
	struct word_part *part;

	for (;;) {
		size_t start = body.len;

		if (!lex_line(parser, &body))
			break; /* a missing delimiter: what was read counts */
		if (doc->strip_tabs) {
			size_t tabs = 0;

			while (body.data[start + tabs] == '\t')
				tabs++;
			memmove(body.data + start, body.data + start + tabs,
				body.len - start - tabs);
			body.len -= tabs;
		}
		if (body.len - start == delimiter_len + 1 &&
		    memcmp(body.data + start, doc->delimiter, delimiter_len) ==
			    0) {
			body.len = start;
			break;
		}
	}

	if (!doc->quoted) {
		doc->redir->target =
			parse_quoted(parser->arena, strbuf_text(&body));
		return;
	}
	part = arena_zalloc(parser->arena, sizeof(*part));
	part->type = PART_TEXT;
	part->quoted = true;
	part->text = arena_strndup(parser->arena, body.data, body.len);
	doc->redir->target = arena_zalloc(parser->arena, sizeof(struct word));
	doc->redir->target->parts = part;
}

void lex_here_docs(struct parser *parser)
{
	struct here_doc *doc = parser->here_docs;

	parser->here_docs = NULL;
	for (; doc; doc = doc->next)
		lex_here_doc(parser, doc);
}

struct word *parse_quoted(struct arena *arena, const char *text)
{
	struct source source;
	struct parser parser = { .source = &source, .arena = arena };

	source_from_text(&source, text, strlen(text));
	return lex_word(&parser, 0, true);
}
