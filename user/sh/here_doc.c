// SPDX-License-Identifier: MIT
/* The lexer: bodies of here-documents, after a newline (POSIX, 2.7.4). */
#include "lex.h"

#include <string.h>

#include "sh.h"

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
