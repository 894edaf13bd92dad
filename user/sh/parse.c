// SPDX-License-Identifier: MIT
/*
 * The parser: tokens to a syntax tree, by recursive descent over the grammar
 * of POSIX, "Shell Command Language", 2.10.
 *
 * A missing command is NULL.  Every error ends in parse_error(), which does
 * not return: what was built lies in the unit's arena and goes with it.
 */
#include "parse_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

#define PARSE_MAX_DEPTH 200

void source_from_text(struct source *source, const char *text, size_t len)
{
	*source = (struct source){
		.next = text,
		.end = text + len,
		.line = 1,
	};
}

void parse_unit_get(struct parse_unit *unit)
{
	unit->refs++;
}

void parse_unit_put(struct parse_unit *unit)
{
	if (--unit->refs)
		return;
	arena_free(&unit->arena);
	free(unit);
}

struct node *node_new(struct parser *parser, enum node_type type)
{
	struct node *node = arena_zalloc(parser->arena, sizeof(*node));

	node->type = type;
	node->line = parser->source->line;
	return node;
}

/* The source between two places of the log, for the table of jobs. */
static const char *node_text(struct parser *parser, size_t start, size_t end)
{
	if (!parser->log.arena)
		return NULL;
	while (end > start && isspace((unsigned char)parser->log.data[end - 1]))
		end--;
	return arena_strndup(parser->arena, parser->log.data + start,
			     end - start);
}

struct node *parse_command_node(struct parser *parser)
{
	struct node *node;

	if (++parser->depth > PARSE_MAX_DEPTH)
		sh_error("syntax error: nested too deeply");

	parser->has_effects = false;
	while (parse_expand_alias(parser))
		;
	node = parse_compound(parser);
	if (node) {
		parse_redirs(parser, node);
	} else {
		if (parser->token.plain && token_is(parser, TOKEN_WORD) &&
		    word_is_reserved(parser->token.plain))
			parse_error(parser, NULL);
		node = parse_simple(parser);
	}
	parser->depth--;
	return node;
}

static struct node *parse_pipeline(struct parser *parser)
{
	size_t start = token_peek(parser)->start;
	struct node *first, *stage, *pipe, *not ;
	bool negate = false;

	while (token_accept_reserved(parser, "!"))
		negate = !negate;
	first = stage = parse_command_node(parser);
	while (token_accept(parser, TOKEN_PIPE)) {
		skip_newlines(parser);
		stage->next = parse_command_node(parser);
		stage = stage->next;
	}

	/* What runs in the foreground can be stopped: it needs a name. */
	first->text = node_text(parser, start, token_peek(parser)->start);
	if (first->next) {
		pipe = node_new(parser, NODE_PIPE);
		pipe->left = first;
		pipe->text = first->text;
		first = pipe;
	}
	if (!negate)
		return first;
	not = node_new(parser, NODE_NOT);
	not ->left = first;
	return not ;
}

static struct node *parse_and_or(struct parser *parser)
{
	struct node *left = parse_pipeline(parser);

	for (;;) {
		struct node *node;

		if (token_is(parser, TOKEN_AND_IF))
			node = node_new(parser, NODE_AND);
		else if (token_is(parser, TOKEN_OR_IF))
			node = node_new(parser, NODE_OR);
		else
			return left;
		token_take(parser);
		skip_newlines(parser);
		node->left = left;
		node->right = parse_pipeline(parser);
		left = node;
	}
}

/* One and-or list with its "&"; *more: a separator came after it. */
static struct node *parse_list_item(struct parser *parser, bool *more)
{
	size_t start = token_peek(parser)->start;
	struct node *node = parse_and_or(parser);
	struct node *background;

	*more = true;
	if (token_is(parser, TOKEN_BACKGROUND)) {
		background = node_new(parser, NODE_BACKGROUND);
		background->left = node;
		background->text =
			node_text(parser, start, parser->token.start);
		token_take(parser);
		return background;
	}
	*more = token_accept(parser, TOKEN_SEMI);
	return node;
}

static struct node *node_append(struct parser *parser, struct node *list,
				struct node *item)
{
	struct node *sequence;

	if (!list)
		return item;
	sequence = node_new(parser, NODE_SEQUENCE);
	sequence->left = list;
	sequence->right = item;
	return sequence;
}

static bool token_ends_list(struct parser *parser)
{
	static const char *const enders[] = {
		"}", "do", "done", "elif", "else", "esac", "fi", "then",
	};
	const struct token *token = token_peek(parser);

	switch (token->type) {
	case TOKEN_EOF:
	case TOKEN_RIGHT:
	case TOKEN_DSEMI:
	case TOKEN_SEMI_AND:
		return true;
	case TOKEN_WORD:
		for (size_t i = 0; i < SH_ARRAY_SIZE(enders); i++)
			if (token_is_reserved(parser, enders[i]))
				return true;
		return false;
	default:
		return false;
	}
}

struct node *parse_list(struct parser *parser)
{
	struct node *list = NULL;
	bool more = true;

	for (;;) {
		if (token_is(parser, TOKEN_NEWLINE)) {
			skip_newlines(parser);
			more = true;
		}
		if (!more || token_ends_list(parser))
			return list;
		list = node_append(parser, list,
				   parse_list_item(parser, &more));
	}
}

/* The list of one line, which ends a complete command. */
static struct node *parse_line(struct parser *parser)
{
	struct node *list = NULL;
	bool more = true;

	while (more && !token_is(parser, TOKEN_NEWLINE) &&
	       !token_is(parser, TOKEN_EOF))
		list = node_append(parser, list,
				   parse_list_item(parser, &more));

	if (!token_accept(parser, TOKEN_NEWLINE) &&
	    !token_is(parser, TOKEN_EOF))
		parse_error(parser, NULL);
	if (parser->here_docs)
		lex_here_docs(parser);
	return list;
}

bool parse_command(struct source *source, struct parse_unit **unit,
		   struct node **tree)
{
	struct parser parser = { .source = source };
	struct arena_mark mark = arena_mark(&sh_temp);

	*unit = sh_malloc(sizeof(**unit));
	**unit = (struct parse_unit){ .refs = 1 };
	parser.unit = *unit;
	parser.arena = &(*unit)->arena;
	if (sh.interactive)
		parser.log.arena = &sh_temp;

	if (token_is(&parser, TOKEN_EOF)) {
		parse_unit_put(*unit);
		*unit = NULL;
		return false;
	}
	*tree = parse_line(&parser);
	arena_release(&sh_temp, mark);
	return true;
}

struct node *parse_substitution(struct parser *parser)
{
	struct parser inner = {
		.source = parser->source,
		.arena = parser->arena,
		.unit = parser->unit,
		.depth = parser->depth,
		.in_command = true,
	};
	struct node *tree = parse_list(&inner);

	if (!token_is(&inner, TOKEN_RIGHT))
		parse_error(&inner, ")");
	if (inner.here_docs)
		lex_here_docs(&inner);
	parser->source = inner.source;
	if (parser->log.arena)
		strbuf_add_text(&parser->log, "...)");
	return tree;
}

struct node *parse_nested_text(struct parser *parser, const char *text,
			       size_t len)
{
	struct source source;
	struct parser inner = {
		.source = &source,
		.arena = parser->arena,
		.unit = parser->unit,
		.depth = parser->depth,
	};
	struct node *tree;

	source_from_text(&source, text, len);
	tree = parse_list(&inner);
	if (!token_is(&inner, TOKEN_EOF))
		parse_error(&inner, "the end of `...`");
	return tree;
}
