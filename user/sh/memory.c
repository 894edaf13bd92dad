// SPDX-License-Identifier: MIT
/*
 * Arenas, growing strings and growing lists; memory.h tells what lives where.
 */
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

#define ARENA_ALIGN 16
#define ARENA_CHUNK 4000 /* with malloc's own head just under a page */

struct arena_chunk {
	struct arena_chunk *older;
	char *end;
	char data[] __attribute__((aligned(ARENA_ALIGN)));
};

struct arena sh_temp;

void *sh_malloc(size_t size)
{
	return sh_realloc(NULL, size);
}

void *sh_realloc(void *ptr, size_t size)
{
	void *fresh = realloc(ptr, size ? size : 1);

	if (!fresh)
		sh_error("out of memory");
	return fresh;
}

char *sh_strdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(sh_malloc(size), text, size);
}

static void arena_add_chunk(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk;

	if (size < ARENA_CHUNK - sizeof(*chunk))
		size = ARENA_CHUNK - sizeof(*chunk);
	if (size > SIZE_MAX - sizeof(*chunk))
		sh_error("out of memory");

	chunk = sh_malloc(sizeof(*chunk) + size);
	chunk->older = arena->chunk;
	chunk->end = chunk->data + size;
	arena->chunk = chunk;
	arena->next = chunk->data;
	arena->end = chunk->end;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	char *memory;

	if (size > SIZE_MAX - ARENA_ALIGN)
		sh_error("out of memory");
	size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (size > (size_t)(arena->end - arena->next))
		arena_add_chunk(arena, size);
	memory = arena->next;
	arena->next += size;
	return memory;
}

void *arena_zalloc(struct arena *arena, size_t size)
{
	return memset(arena_alloc(arena, size), 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){ arena->chunk, arena->next };
}

void arena_release(struct arena *arena, struct arena_mark mark)
{
	while (arena->chunk != mark.chunk) {
		struct arena_chunk *chunk = arena->chunk;

		/* The oldest chunk stays: every command needs one. */
		if (!mark.chunk && !chunk->older) {
			arena->next = chunk->data;
			arena->end = chunk->end;
			return;
		}
		arena->chunk = chunk->older;
		free(chunk);
	}
	arena->next = mark.next;
	arena->end = mark.chunk ? mark.chunk->end : NULL;
}

void arena_free(struct arena *arena)
{
	while (arena->chunk) {
		struct arena_chunk *chunk = arena->chunk;

		arena->chunk = chunk->older;
		free(chunk);
	}
	arena->next = arena->end = NULL;
}

void strbuf_grow(struct strbuf *buf, size_t extra)
{
	size_t room = buf->room ? buf->room * 2 : 64;
	char *data;

	if (extra > SIZE_MAX / 4)
		sh_error("out of memory");
	while (room < buf->len + extra)
		room *= 2;

	/* The newest thing in the arena can grow where it is. */
	if (buf->data && buf->data + buf->room == buf->arena->next &&
	    room - buf->room <= (size_t)(buf->arena->end - buf->arena->next)) {
		buf->arena->next += room - buf->room;
		buf->room = room;
		return;
	}
	data = arena_alloc(buf->arena, room);
	if (buf->len)
		memcpy(data, buf->data, buf->len);
	buf->data = data;
	buf->room = room;
}

void strbuf_add(struct strbuf *buf, const char *data, size_t len)
{
	if (len > buf->room - buf->len)
		strbuf_grow(buf, len);
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
}

void strbuf_add_text(struct strbuf *buf, const char *text)
{
	strbuf_add(buf, text, strlen(text));
}

char *strbuf_text(struct strbuf *buf)
{
	if (buf->len == buf->room)
		strbuf_grow(buf, 1);
	buf->data[buf->len] = '\0';
	return buf->data;
}

void ptrlist_add(struct ptrlist *list, char *item)
{
	if (list->count + 1 >= list->room) {
		size_t room = list->room ? list->room * 2 : 8;
		char **items = arena_alloc(list->arena, room * sizeof(*items));

		if (list->count)
			memcpy(items, list->items,
			       list->count * sizeof(*items));
		list->items = items;
		list->room = room;
	}
	list->items[list->count++] = item;
	list->items[list->count] = NULL;
}
