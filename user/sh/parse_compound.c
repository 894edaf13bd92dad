// SPDX-License-Identifier: MIT
/* The parser: if, while, for, case, { } and ( ) (POSIX, 2.9.4). */
#include "parse_internal.h"

#include <string.h>

/* "do list done", or anything else that ends by a keyword. */
static struct node *parse_body(struct parser *parser, const char *begin,
			       const char *end)
{
	struct node *body;

	if (begin)
		token_expect_reserved(parser, begin);
	body = parse_list(parser);
	if (!body)
		parse_error(parser, "a command");
	if (end)
		token_expect_reserved(parser, end);
	return body;
}

/* After "if" or "elif". */
static struct node *parse_if(struct parser *parser)
{
	struct node *node = node_new(parser, NODE_IF);

	node->left = parse_body(parser, NULL, NULL);
	node->right = parse_body(parser, "then", NULL);
	if (token_accept_reserved(parser, "elif"))
		node->other = parse_if(parser);
	else if (token_accept_reserved(parser, "else"))
		node->other = parse_body(parser, NULL, "fi");
	else
		token_expect_reserved(parser, "fi");
	return node;
}

static struct node *parse_while(struct parser *parser, enum node_type type)
{
	struct node *node = node_new(parser, type);

	node->left = parse_body(parser, NULL, NULL);
	node->right = parse_body(parser, "do", "done");
	return node;
}

static struct word *parse_word_list(struct parser *parser)
{
	struct word *first = NULL;
	struct word **tail = &first;

	while (token_is(parser, TOKEN_WORD)) {
		*tail = parser->token.word;
		tail = &parser->token.word->next;
		token_take(parser);
	}
	return first;
}

static struct node *parse_for(struct parser *parser)
{
	struct node *node = node_new(parser, NODE_FOR);
	const struct token *token = token_peek(parser);

	if (token->type != TOKEN_WORD || !token->plain ||
	    !name_is_valid(token->plain, strlen(token->plain)))
		parse_error(parser, "a variable name");
	node->name = token->plain;
	token_take(parser);

	if (!token_accept(parser, TOKEN_SEMI)) {
		skip_newlines(parser);
		if (token_accept_reserved(parser, "in")) {
			node->has_in = true;
			node->list = parse_word_list(parser);
			if (!token_accept(parser, TOKEN_SEMI) &&
			    !token_is(parser, TOKEN_NEWLINE))
				parse_error(parser, "; or a newline");
		}
	}
	skip_newlines(parser);
	node->body = parse_body(parser, "do", "done");
	return node;
}

static struct case_item *parse_case_item(struct parser *parser)
{
	struct case_item *item = arena_zalloc(parser->arena, sizeof(*item));
	struct word **tail = &item->patterns;

	token_accept(parser, TOKEN_LEFT);
	do {
		if (!token_is(parser, TOKEN_WORD))
			parse_error(parser, "a pattern");
		*tail = parser->token.word;
		tail = &parser->token.word->next;
		token_take(parser);
	} while (token_accept(parser, TOKEN_PIPE));
	if (!token_accept(parser, TOKEN_RIGHT))
		parse_error(parser, ")");
	item->body = parse_list(parser);
	if (token_accept(parser, TOKEN_SEMI_AND))
		item->fall_through = true;
	else if (!token_accept(parser, TOKEN_DSEMI) &&
		 !token_is_reserved(parser, "esac"))
		parse_error(parser, ";;");
	skip_newlines(parser);
	return item;
}

static struct node *parse_case(struct parser *parser)
{
	struct node *node = node_new(parser, NODE_CASE);
	struct case_item **tail = &node->items;

	if (!token_is(parser, TOKEN_WORD))
		parse_error(parser, "a word");
	node->list = parser->token.word;
	token_take(parser);
	skip_newlines(parser);
	token_expect_reserved(parser, "in");
	skip_newlines(parser);
	while (!token_accept_reserved(parser, "esac")) {
		*tail = parse_case_item(parser);
		tail = &(*tail)->next;
	}
	return node;
}

static struct node *parse_group(struct parser *parser)
{
	struct node *node = node_new(parser, NODE_GROUP);

	node->left = parse_body(parser, NULL, "}");
	return node;
}

static struct node *parse_subshell(struct parser *parser)
{
	struct node *node = node_new(parser, NODE_SUBSHELL);

	node->left = parse_list(parser);
	if (!node->left)
		parse_error(parser, "a command");
	if (!token_accept(parser, TOKEN_RIGHT))
		parse_error(parser, ")");
	return node;
}

struct node *parse_compound(struct parser *parser)
{
	if (token_accept(parser, TOKEN_LEFT))
		return parse_subshell(parser);
	if (token_accept_reserved(parser, "{"))
		return parse_group(parser);
	if (token_accept_reserved(parser, "if"))
		return parse_if(parser);
	if (token_accept_reserved(parser, "while"))
		return parse_while(parser, NODE_WHILE);
	if (token_accept_reserved(parser, "until"))
		return parse_while(parser, NODE_UNTIL);
	if (token_accept_reserved(parser, "for"))
		return parse_for(parser);
	if (token_accept_reserved(parser, "case"))
		return parse_case(parser);
	return NULL;
}
