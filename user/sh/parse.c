// SPDX-License-Identifier: MIT
/*
 * The parser: tokens to a syntax tree, by recursive descent over the grammar
 * of POSIX, "Shell Command Language", 2.10.
 *
 * A missing command is NULL.  Every error ends in parse_error(), which does
 * not return: what was built lies in the unit's arena and goes with it.
 */
#include "parse.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "alias.h"
#include "lex.h"
#include "sh.h"

#define PARSE_MAX_DEPTH 200

static const char *const reserved_words[] = {
	"!",    "{",  "}",   "case", "do", "done", "elif",  "else",
	"esac", "fi", "for", "if",   "in", "then", "until", "while",
};

static struct node *parse_list(struct parser *parser);
static struct node *parse_and_or(struct parser *parser);

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

static struct token *token_peek(struct parser *parser)
{
	if (!parser->has_token) {
		lex_token(parser);
		parser->has_token = true;
	}
	return &parser->token;
}

/* Take the token that was looked at; a newline brings the here-documents. */
static void token_take(struct parser *parser)
{
	parser->has_token = false;
	if (parser->token.type == TOKEN_NEWLINE && parser->here_docs)
		lex_here_docs(parser);
}

static bool token_is(struct parser *parser, enum token_type type)
{
	return token_peek(parser)->type == type;
}

static bool token_accept(struct parser *parser, enum token_type type)
{
	if (!token_is(parser, type))
		return false;
	token_take(parser);
	return true;
}

static bool token_is_reserved(struct parser *parser, const char *text)
{
	const struct token *token = token_peek(parser);

	return token->plain && token->type == TOKEN_WORD &&
	       strcmp(token->plain, text) == 0;
}

static bool token_accept_reserved(struct parser *parser, const char *text)
{
	if (!token_is_reserved(parser, text))
		return false;
	token_take(parser);
	return true;
}

static void token_expect_reserved(struct parser *parser, const char *text)
{
	if (!token_accept_reserved(parser, text))
		parse_error(parser, text);
}

static void skip_newlines(struct parser *parser)
{
	while (token_accept(parser, TOKEN_NEWLINE))
		;
}

static struct node *node_new(struct parser *parser, enum node_type type)
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

/* Replace the token by its alias, if it is one that is not being expanded. */
static bool parse_expand_alias(struct parser *parser)
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

static void parse_redirs(struct parser *parser, struct node *node)
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

static struct node *parse_function(struct parser *parser, char *name);
static struct node *parse_command_node(struct parser *parser);

static struct node *parse_simple(struct parser *parser)
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

static struct node *parse_compound(struct parser *parser)
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

static struct node *parse_command_node(struct parser *parser)
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

/* A list over several lines, up to what can only be the end of a body. */
static struct node *parse_list(struct parser *parser)
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
