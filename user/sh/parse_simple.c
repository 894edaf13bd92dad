// SPDX-License-Identifier: MIT
/*
 * The parser: simple commands with their assignments, aliases and redirections,
 * and functions, which begin like them (POSIX, 2.9.1, 2.7, 2.3.1, 2.9.5).
 */
#include "parse_internal.h"

#include <string.h>

#include "alias.h"

bool parse_expand_alias(struct parser *parser)
{
	const struct token *token = token_peek(parser);
	struct source *source;
	struct alias *alias;
	char *text;

	if (token->type != TOKEN_WORD || !token->plain)
		return false;
	alias = alias_find(token->plain);
	if (!alias)
		return false;
	for (source = parser->source; source; source = source->parent)
		if (source->alias == alias)
			return false;

	text = arena_strdup(parser->arena, alias->value);
	source = arena_alloc(parser->arena, sizeof(*source));
	source_from_text(source, text, strlen(text));
	source->line = parser->source->line;
	source->parent = parser->source;
	source->alias = alias;
	parser->source = source;
	parser->has_token = false;
	return true;
}

static void parse_here_delimiter(struct parser *parser, struct redir *redir,
				 const struct word *word, bool strip_tabs)
{
	struct here_doc *doc = arena_zalloc(parser->arena, sizeof(*doc));
	struct strbuf text = { .arena = parser->arena };
	struct here_doc **last = &parser->here_docs;

	for (struct word_part *part = word->parts; part; part = part->next) {
		if (part->type != PART_TEXT)
			parse_error(parser, "a plain delimiter");
		doc->quoted |= part->quoted;
		strbuf_add_text(&text, part->text);
	}
	doc->redir = redir;
	doc->delimiter = strbuf_text(&text);
	doc->strip_tabs = strip_tabs;
	while (*last)
		last = &(*last)->next;
	*last = doc;
}

/* Take a redirection if there is one; **tail is where it goes. */
static bool parse_redir(struct parser *parser, struct redir ***tail)
{
	const struct token *token = token_peek(parser);
	struct redir *redir;
	bool strip_tabs;
	int fd = -1;

	if (token->type == TOKEN_IO_NUMBER) {
		fd = token->number;
		token_take(parser);
		token = token_peek(parser);
	}
	if (token->type != TOKEN_REDIR)
		return false;

	redir = arena_zalloc(parser->arena, sizeof(*redir));
	redir->type = token->redir;
	strip_tabs = token->strip_tabs;
	redir->fd = fd;
	if (fd < 0)
		redir->fd = redir->type == REDIR_WRITE ||
			    redir->type == REDIR_CLOBBER ||
			    redir->type == REDIR_APPEND ||
			    redir->type == REDIR_DUP_OUT;
	token_take(parser);

	token = token_peek(parser);
	if (token->type != TOKEN_WORD && token->type != TOKEN_IO_NUMBER)
		parse_error(parser, "a file name");
	redir->target = token->word;
	if (redir->type == REDIR_HERE)
		parse_here_delimiter(parser, redir, token->word, strip_tabs);
	token_take(parser);
	**tail = redir;
	*tail = &redir->next;
	return true;
}

void parse_redirs(struct parser *parser, struct node *node)
{
	struct redir **tail = &node->redirs;

	while (parse_redir(parser, &tail))
		;
}

/* Whether the word begins with NAME=, unquoted. */
static bool word_is_assignment(const struct word *word)
{
	const struct word_part *part = word->parts;
	const char *equals;

	if (!part || part->type != PART_TEXT || part->quoted)
		return false;
	equals = strchr(part->text, '=');
	return equals &&
	       name_is_valid(part->text, (size_t)(equals - part->text));
}

/* Its name and the parenthesis were looked at. */
static struct node *parse_function(struct parser *parser, char *name)
{
	struct node *node = node_new(parser, NODE_FUNCTION);

	token_take(parser);
	if (!token_accept(parser, TOKEN_RIGHT))
		parse_error(parser, ")");
	if (!name_is_valid(name, strlen(name)) && strpbrk(name, "=/"))
		parse_error(parser, "a function name");
	skip_newlines(parser);
	node->name = name;
	node->unit = parser->unit;
	node->body = parse_command_node(parser);
	return node;
}

struct node *parse_simple(struct parser *parser)
{
	struct node *node = node_new(parser, NODE_SIMPLE);
	struct word **assign_tail = &node->assigns;
	struct word **word_tail = &node->words;
	struct redir **redir_tail = &node->redirs;
	bool had_effects = parser->has_effects;
	char *plain;

	token_peek(parser);
	/* Effects of the first word were noted while it was looked at. */
	for (;;) {
		if (parse_redir(parser, &redir_tail))
			continue;
		if (!token_is(parser, TOKEN_WORD))
			break;
		if (!node->words || parser->alias_next) {
			parser->alias_next = false;
			if (parse_expand_alias(parser))
				continue;
		}
		plain = parser->token.plain;
		if (!node->words && word_is_assignment(parser->token.word)) {
			*assign_tail = parser->token.word;
			assign_tail = &parser->token.word->next;
			token_take(parser);
			continue;
		}
		*word_tail = parser->token.word;
		word_tail = &parser->token.word->next;
		token_take(parser);
		if (plain && node->words->next == NULL && !node->assigns &&
		    !node->redirs && token_is(parser, TOKEN_LEFT))
			return parse_function(parser, plain);
	}
	node->has_effects = parser->has_effects;
	parser->has_effects |= had_effects;
	if (!node->words && !node->assigns && !node->redirs)
		parse_error(parser, NULL);
	return node;
}
