/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Between lexer and parser.
 */
#include "parse.h"

enum token_type {
	TOKEN_EOF,
	TOKEN_NEWLINE,
	TOKEN_WORD,
	TOKEN_IO_NUMBER,  /* digits right before < or > */
	TOKEN_AND_IF,     /* && */
	TOKEN_OR_IF,      /* || */
	TOKEN_BACKGROUND, /* & */
	TOKEN_PIPE,       /* | */
	TOKEN_SEMI,       /* ; */
	TOKEN_DSEMI,      /* ;; */
	TOKEN_SEMI_AND,   /* ;& */
	TOKEN_LEFT,       /* ( */
	TOKEN_RIGHT,      /* ) */
	TOKEN_REDIR,      /* redir and, for <<, strip_tabs say which */
};

struct token {
	enum token_type type;
	struct word *word;     /* WORD */
	char *plain;           /* WORD without quotes and expansions, or NULL */
	enum redir_type redir; /* REDIR */
	bool strip_tabs;       /* REDIR <<- */
	int number;            /* IO_NUMBER */
	size_t start, end;     /* place in parser->log */
};

/* A here-document whose body comes after the next newline. */
struct here_doc {
	struct here_doc *next;
	struct redir *redir;
	char *delimiter;
	bool quoted; /* no expansion in the body */
	bool strip_tabs;
};

/* One parse under way. */
struct parser {
	struct source *source;
	struct arena *arena;
	struct parse_unit *unit;
	struct token token; /* the one looked at */
	bool has_token;
	bool in_command;  /* something was read: the next prompt is PS2 */
	bool alias_next;  /* an alias ended in a blank: look at the next word */
	bool has_effects; /* a word read since this was cleared assigns */
	int depth;        /* of nesting, limited */
	struct here_doc *here_docs; /* pending, oldest first */
	struct strbuf log;          /* what was read, for job texts */
};

/* Characters; -1 at the end.  Backslash-newline pairs are kept. */
int lex_getc(struct parser *parser);
int lex_peek(struct parser *parser);

/* Read the next token into parser->token. */
void lex_token(struct parser *parser);

/*
 * Read a word: up to a character that ends words, or with terminator up to
 * that one (which is left unread).  quoted: as between double quotes.
 */
struct word *lex_word(struct parser *parser, int terminator, bool quoted);

/* Read the bodies of the pending here-documents, after a newline. */
void lex_here_docs(struct parser *parser);

/* Report a syntax error near token; does not return. */
void parse_error(struct parser *parser, const char *expected)
	__attribute__((noreturn));

/* $(...): parse up to the closing parenthesis, which is consumed. */
struct node *parse_substitution(struct parser *parser);

/* Parse a text of its own (backquotes) with the memory of parser. */
struct node *parse_nested_text(struct parser *parser, const char *text,
			       size_t len);
