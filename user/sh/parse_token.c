// SPDX-License-Identifier: MIT
/* The parser's view of tokens: one to look at, reserved words, errors. */
#include "parse_internal.h"

#include <ctype.h>
#include <string.h>

#include "sh.h"

static const char *const reserved_words[] = {
	"!",    "{",  "}",   "case", "do", "done", "elif",  "else",
	"esac", "fi", "for", "if",   "in", "then", "until", "while",
};

bool name_is_valid(const char *text, size_t len)
{
	if (!len || isdigit((unsigned char)text[0]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] != '_' && !isalnum((unsigned char)text[i]))
			return false;
	return true;
}

bool word_is_reserved(const char *text)
{
	for (size_t i = 0; i < SH_ARRAY_SIZE(reserved_words); i++)
		if (strcmp(text, reserved_words[i]) == 0)
			return true;
	return false;
}

static const char *token_describe(const struct token *token)
{
	static const char *const names[] = {
		[TOKEN_EOF] = "end of file",  [TOKEN_NEWLINE] = "newline",
		[TOKEN_WORD] = "word",        [TOKEN_IO_NUMBER] = "number",
		[TOKEN_AND_IF] = "\"&&\"",    [TOKEN_OR_IF] = "\"||\"",
		[TOKEN_BACKGROUND] = "\"&\"", [TOKEN_PIPE] = "\"|\"",
		[TOKEN_SEMI] = "\";\"",       [TOKEN_DSEMI] = "\";;\"",
		[TOKEN_SEMI_AND] = "\";&\"",  [TOKEN_LEFT] = "\"(\"",
		[TOKEN_RIGHT] = "\")\"",      [TOKEN_REDIR] = "redirection",
	};

	return token->plain ? token->plain : names[token->type];
}

void parse_error(struct parser *parser, const char *expected)
{
	sh.line = parser->source->line;
	if (parser->token.type == TOKEN_NEWLINE && sh.line > 1)
		sh.line--;
	if (expected)
		sh_error("syntax error: unexpected %s (expected %s)",
			 token_describe(&parser->token), expected);
	sh_error("syntax error: unexpected %s", token_describe(&parser->token));
}

struct token *token_peek(struct parser *parser)
{
	if (!parser->has_token) {
		lex_token(parser);
		parser->has_token = true;
	}
	return &parser->token;
}

void token_take(struct parser *parser)
{
	parser->has_token = false;
	if (parser->token.type == TOKEN_NEWLINE && parser->here_docs)
		lex_here_docs(parser);
}

bool token_is(struct parser *parser, enum token_type type)
{
	return token_peek(parser)->type == type;
}

bool token_accept(struct parser *parser, enum token_type type)
{
	if (!token_is(parser, type))
		return false;
	token_take(parser);
	return true;
}

bool token_is_reserved(struct parser *parser, const char *text)
{
	const struct token *token = token_peek(parser);

	return token->plain && token->type == TOKEN_WORD &&
	       strcmp(token->plain, text) == 0;
}

bool token_accept_reserved(struct parser *parser, const char *text)
{
	if (!token_is_reserved(parser, text))
		return false;
	token_take(parser);
	return true;
}

void token_expect_reserved(struct parser *parser, const char *text)
{
	if (!token_accept_reserved(parser, text))
		parse_error(parser, text);
}

void skip_newlines(struct parser *parser)
{
	while (token_accept(parser, TOKEN_NEWLINE))
		;
}
