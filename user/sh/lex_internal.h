/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Between the files of the lexer: lex.c (characters and tokens), lex_word.c and
 * lex_dollar.c.
 */
#include "lex.h"

/* A word in the making. */
struct word_builder {
	struct parser *parser;
	struct word *word;
	struct word_part **tail;
	struct strbuf text;
	bool has_text; /* text is a part, even when it is empty */
	bool text_quoted;
};

/* --- lex.c ------------------------------------------------------------ */

/* Step over backslash-newline pairs, then look at the next character. */
int lex_peek_joined(struct parser *parser);
/* Whether an unquoted c, or the end (-1), ends a word. */
bool lex_ends_word(int c);

/* --- lex_word.c ------------------------------------------------------- */

void builder_init(struct word_builder *builder, struct parser *parser);
/* Append a character. */
void builder_add(struct word_builder *builder, int c, bool quoted);
/* From here on text is quoted or not; with quotes, even "" is a part. */
void builder_set_quoted(struct word_builder *builder, bool quoted);
/* Make the text so far a part. */
void builder_flush(struct word_builder *builder);
/* Append a part of another type; flush the text before. */
struct word_part *builder_add_part(struct word_builder *builder,
				   enum part_type type, bool quoted);

/* After a quote: `...`, unescaped by one level and parsed by itself. */
void lex_backquotes(struct word_builder *builder, bool quoted);
/* $'...': escapes as in C.  The quote was read. */
void lex_dollar_quotes(struct word_builder *builder);

/* --- lex_dollar.c ----------------------------------------------------- */

/* What follows a dollar sign, which was read. */
void lex_dollar(struct word_builder *builder, bool quoted);
