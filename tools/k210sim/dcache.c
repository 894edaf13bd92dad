// SPDX-License-Identifier: MIT
/* See dcache.h. */
#include "dcache.h"

#include <string.h>

#include "machine.h"

static uint32_t *set_of(struct dcache *dcache, unsigned int hart, uint32_t line)
{
	return dcache->held[hart][line % DCACHE_SETS];
}

/* Without the caches, view and memory are the same bytes. */
static void copy_line(uint8_t *to, const uint8_t *from, uint32_t line)
{
	if (to != from)
		memcpy(to + line * DCACHE_LINE_BYTES,
		       from + line * DCACHE_LINE_BYTES, DCACHE_LINE_BYTES);
}

static void write_back(struct machine *machine, uint32_t line)
{
	struct dcache *dcache = &machine->dcache;

	if (!(dcache->state[line] & LINE_DIRTY))
		return;
	copy_line(machine->ram, dcache->view, line);
	dcache->state[line] &= (uint8_t)~LINE_DIRTY;
}

/* The hart's cache holds the line no longer, and its reservation is gone. */
static void release(struct machine *machine, unsigned int id, uint32_t *way)
{
	struct hart *hart = &machine->hart[id];
	uint32_t line = *way;

	write_back(machine, line);
	machine->dcache.state[line] &= (uint8_t)~LINE_HELD(id);
	*way = DCACHE_EMPTY;
	if (hart->reservation == RAM_BASE + line * DCACHE_LINE_BYTES)
		hart->reservation = NO_RESERVATION;
}

/* An empty way of the set, after one had to go if all were taken. */
static uint32_t *make_room(struct machine *machine, unsigned int id,
			   uint32_t *set)
{
	uint32_t *way;

	for (way = set; way < set + DCACHE_WAYS; way++)
		if (*way == DCACHE_EMPTY)
			return way;
	way = set + random_next(&machine->dcache.random_state) % DCACHE_WAYS;
	release(machine, id, way);
	return way;
}

void dcache_evict(struct hart *hart)
{
	struct dcache *dcache = &hart->machine->dcache;
	uint64_t random = random_next(&dcache->random_state);
	uint32_t *way = &dcache->held[hart->id][random % DCACHE_SETS]
				     [random / DCACHE_SETS % DCACHE_WAYS];

	if (*way != DCACHE_EMPTY)
		release(hart->machine, hart->id, way);
}

void dcache_hold(struct hart *hart, uint32_t offset)
{
	struct machine *machine = hart->machine;
	struct dcache *dcache = &machine->dcache;
	uint32_t line = offset / DCACHE_LINE_BYTES;
	uint8_t *state = &dcache->state[line];

	if (*state & LINE_HELD(hart->id))
		return;
	/* Dirty in the other cache: from now on both share what it wrote. */
	write_back(machine, line);
	if (!(*state & (LINE_HELD(0) | LINE_HELD(1))))
		copy_line(dcache->view, machine->ram, line);
	*make_room(machine, hart->id, set_of(dcache, hart->id, line)) = line;
	*state |= LINE_HELD(hart->id);
}

void dcache_own(struct hart *hart, uint32_t offset)
{
	struct dcache *dcache = &hart->machine->dcache;
	uint32_t line = offset / DCACHE_LINE_BYTES;
	unsigned int other = !hart->id;
	uint32_t *way = set_of(dcache, other, line);

	dcache_hold(hart, offset);
	if (dcache->state[line] & LINE_HELD(other)) {
		while (*way != line)
			way++;
		release(hart->machine, other, way);
	}
	dcache->state[line] |= LINE_DIRTY;
}

void dcache_peek(struct machine *machine, uint32_t offset, void *bytes,
		 uint32_t size)
{
	const struct dcache *dcache = &machine->dcache;
	uint8_t state = dcache->state[offset / DCACHE_LINE_BYTES];
	bool held = state & (LINE_HELD(0) | LINE_HELD(1));

	memcpy(bytes, (held ? dcache->view : machine->ram) + offset, size);
}

void dcache_reset(struct machine *machine)
{
	struct dcache *dcache = &machine->dcache;

	dcache->view = machine->no_caches ? machine->ram : dcache->storage;
	memset(dcache->state, 0, sizeof(dcache->state));
	memset(dcache->held, 0xff, sizeof(dcache->held));
	dcache->random_state = machine_random(machine);
}
