// SPDX-License-Identifier: MIT
/* See record.h. */
#include "record.h"

#include <string.h>

#include <core/panic.h>

struct cell {
	uint32_t node;
	uint32_t write; /* counted from 1, of all files */
	uint64_t at;
};

/* By number. */
struct write {
	const struct node *node;
	size_t first, end;
};

static struct write *writes;
static uint32_t nr_writes, room;

static uint32_t write_add(const struct node *node, size_t pos, size_t len)
{
	if (nr_writes + 1 >= room) {
		room = room ? 2 * room : 1024;
		writes = realloc(writes, room * sizeof(*writes));
	}
	writes[++nr_writes] = (struct write){ node, pos, pos + len };
	return nr_writes;
}

void pattern_fill(const struct node *node, char *buf, size_t pos, size_t len)
{
	struct cell cell = {
		.node = node->id,
		.write = write_add(node, pos, len),
	};

	for (size_t i = 0; i < len; i++) {
		size_t offset = (pos + i) % sizeof(cell);

		cell.at = pos + i - offset;
		buf[i] = ((const char *)&cell)[offset];
	}
}

static void record_note(struct record *record, size_t size)
{
	record->changed = true;
	record->min = MIN(record->min, size);
	record->max = MAX(record->max, size);
}

void record_size(struct node *node, size_t size)
{
	record_note(&node->synced, size);
	record_note(&node->syncing, size);
}

void record_names(struct node *dir)
{
	dir->synced.changed = true;
	dir->syncing.changed = true;
}

void record_begin_sync(struct node *node)
{
	struct record *record = &node->syncing;

	if (!node->synced.changed)
		return;
	free(record->data);
	if (!node->data) {
		/* Who has claimed names may be about to change them. */
		*record = (struct record){ .is_made = true,
					   .changed = node->nr_claimed };
		return;
	}
	*record = (struct record){
		.is_made = true,
		.data = malloc(node->size + 1),
		.size = node->size,
		/* An operation that runs may or may not have come first. */
		.changed = node->in_use,
		.min = node->in_use ? node->synced.min : node->size,
		.max = node->in_use ? node->synced.max : node->size,
	};
	memcpy(record->data, node->data, node->size);
}

void record_end_sync(struct node *node, bool ok)
{
	if (ok && node->syncing.is_made) {
		free(node->synced.data);
		node->synced = node->syncing;
		node->syncing = (struct record){ 0 };
	}
}

static struct cell cell_at(const char *data, size_t size, size_t at)
{
	struct cell cell = { 0 };

	if (at + sizeof(cell) <= size)
		memcpy(&cell, data + at, sizeof(cell));
	return cell;
}

static bool cell_is_zero(const struct cell *cell)
{
	return !cell->node && !cell->write && !cell->at;
}

static bool cell_is_garbage(const struct cell *cell)
{
	return cell->node == 0xdbdbdbdb && cell->write == cell->node;
}

/* Was it written there after the sync? */
static bool cell_is_newer(const struct node *node, const struct cell *cell,
			  size_t at, uint32_t synced)
{
	const struct write *write;

	if (cell->node != node->id || cell->at != at ||
	    cell->write > nr_writes || cell->write <= synced)
		return false;
	write = &writes[cell->write];
	return write->node == node && write->first <= at && at < write->end;
}

static bool cell_is_allowed(const struct node *node, const struct cell *cell,
			    size_t at, bool garbage)
{
	const struct record *record = &node->synced;
	struct cell synced = cell_at(record->data, record->size, at);

	if (!memcmp(cell, &synced, sizeof(synced)))
		return true;
	if (!record->changed)
		return false;
	if (cell_is_zero(cell))
		return at >= record->min;
	return (garbage && cell_is_garbage(cell)) ||
	       cell_is_newer(node, cell, at,
			     at < record->min ? synced.write : 0);
}

bool record_allows(const struct node *node, const char *data, size_t size,
		   bool garbage, char message[256])
{
	const struct record *record = &node->synced;
	size_t min = record->changed ? record->min : record->size;
	size_t max = record->changed ? record->max : record->size;

	if (size < min || size > max) {
		sprintf(message, "file %u: size %zu, expected %zu to %zu",
			node->id, size, min, max);
		return false;
	}
	for (size_t at = 0; at + sizeof(struct cell) <= size;
	     at += sizeof(struct cell)) {
		struct cell cell = cell_at(data, size, at);

		if (cell_is_allowed(node, &cell, at, garbage))
			continue;
		sprintf(message,
			"file %u: at %zu (size %zu): file %u, write %u, at %llu",
			node->id, at, size, cell.node, cell.write,
			(unsigned long long)cell.at);
		return false;
	}
	return true;
}
