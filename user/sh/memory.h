/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * The shell's memory.
 *
 * Two kinds of data live for long: variables and jobs, which malloc() and
 * free() by themselves.  All else comes from arenas, which only grow and are
 * dropped at once: syntax trees from the arena of their parse, everything
 * that running a command needs from sh_temp, which is cut back to where it
 * was when the command ends.  So an error may leave by longjmp() from any
 * depth without a leak.
 */
#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* newest; older ones hang behind it */
	char *next;                /* first free byte of the newest chunk */
	char *end;
};

/* Where an arena stood; for arena_release(). */
struct arena_mark {
	struct arena_chunk *chunk;
	char *next;
};

/* Temporary memory of the command that runs. */
extern struct arena sh_temp;

/* Aligned memory, not cleared.  Out of memory is sh_error(): no NULL. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_zalloc(struct arena *arena, size_t size);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_strdup(struct arena *arena, const char *text);

struct arena_mark arena_mark(const struct arena *arena);
void arena_release(struct arena *arena, struct arena_mark mark);
void arena_free(struct arena *arena);

/* malloc() that ends in sh_error() instead of NULL. */
void *sh_malloc(size_t size);
void *sh_realloc(void *ptr, size_t size);
char *sh_strdup(const char *text);

/* A string that grows inside an arena.  {.arena = a} is an empty one. */
struct strbuf {
	struct arena *arena;
	char *data; /* not terminated; see strbuf_text() */
	size_t len;
	size_t room;
};

void strbuf_add(struct strbuf *buf, const char *data, size_t len);
void strbuf_add_text(struct strbuf *buf, const char *text);
void strbuf_grow(struct strbuf *buf, size_t extra);

static inline void strbuf_add_char(struct strbuf *buf, char c)
{
	if (buf->len == buf->room)
		strbuf_grow(buf, 1);
	buf->data[buf->len++] = c;
}

/* The text so far, terminated; valid until the next addition. */
char *strbuf_text(struct strbuf *buf);

/* A list of pointers that grows inside an arena. */
struct ptrlist {
	struct arena *arena;
	char **items;
	size_t count;
	size_t room;
};

/* Append; the list always stays NULL-terminated behind its count. */
void ptrlist_add(struct ptrlist *list, char *item);
