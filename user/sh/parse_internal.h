/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Between the files of the parser: parse.c (lists and pipelines),
 * parse_compound.c, parse_simple.c, and parse_token.c below them.
 */
#include "lex.h"

/* --- parse_token.c ---------------------------------------------------- */

/* The next token, which stays the next until it is taken. */
struct token *token_peek(struct parser *parser);
/* Take the token that was looked at; a newline brings the here-documents. */
void token_take(struct parser *parser);
bool token_is(struct parser *parser, enum token_type type);
/* Take it if it is one of that type; whether it was. */
bool token_accept(struct parser *parser, enum token_type type);
/* The same for a reserved word, which is one only where a command begins. */
bool token_is_reserved(struct parser *parser, const char *text);
bool token_accept_reserved(struct parser *parser, const char *text);
/* A syntax error if it is another. */
void token_expect_reserved(struct parser *parser, const char *text);
void skip_newlines(struct parser *parser);

/* --- parse.c ---------------------------------------------------------- */

struct node *node_new(struct parser *parser, enum node_type type);
/* A list over several lines, up to what can only be the end of a body. */
struct node *parse_list(struct parser *parser);
/* A simple or compound command or a function. */
struct node *parse_command_node(struct parser *parser);

/* --- parse_compound.c, parse_simple.c --------------------------------- */

/* NULL: the next token begins none. */
struct node *parse_compound(struct parser *parser);
/* Replace the token by its alias, if it is one that is not being expanded. */
bool parse_expand_alias(struct parser *parser);
/* All that follow, to the end of node's. */
void parse_redirs(struct parser *parser, struct node *node);
struct node *parse_simple(struct parser *parser);
