// SPDX-License-Identifier: MIT
/*
 * The lexer: characters to tokens (POSIX, "Shell Command Language", 2.3).
 * Words are lex_word.c's.
 */
#include "lex_internal.h"

#include <string.h>

#include "alias.h"

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

int lex_peek_joined(struct parser *parser)
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

bool lex_ends_word(int c)
{
	return c < 0 || strchr(" \t\n;&|<>()", c) != NULL;
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
