/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "ast.h"
#include "memory.h"

/* One parse and all memory of its tree; freed with the last reference. */
struct parse_unit {
	int refs;
	struct arena arena;
};

/*
 * Where source text comes from.  next..end is what is at hand; when that is
 * used up, refill() brings more (or is NULL: the text ends there).
 */
struct source {
	const char *next;
	const char *end;
	/* Returns false at the end.  more: inside a command, so prompt PS2. */
	bool (*refill)(struct source *source, bool more);
	void *data; /* of refill() */
	int line;   /* of the next character, from 1 */
	/* an alias's text is pushed over the command's */
	struct source *parent;
	struct alias *alias; /* that this text is the value of */
};

void source_from_text(struct source *source, const char *text, size_t len);

/*
 * Parse one complete command: a list up to its newline.
 *
 * Returns false at the end of the source.  *tree is NULL for an empty line.
 * *unit then holds a reference that the caller puts.  A syntax error is
 * sh_error(), or with an interactive source drops the line.
 */
bool parse_command(struct source *source, struct parse_unit **unit,
		   struct node **tree);

void parse_unit_get(struct parse_unit *unit);
void parse_unit_put(struct parse_unit *unit);

/* Parse text as if between double quotes (prompts, PS4); memory of arena. */
struct word *parse_quoted(struct arena *arena, const char *text);

/* Whether text is a valid variable name of len characters. */
bool name_is_valid(const char *text, size_t len);

/* Whether the word is a keyword (for completion and type). */
bool word_is_reserved(const char *text);
