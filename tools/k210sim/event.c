// SPDX-License-Identifier: MIT
/* See event.h. */
#include "event.h"

#include <stddef.h>

#include "machine.h"

/* 128 bits, since a day in picoseconds times a rate needs 90. */
static uint64_t scale(uint64_t value, uint64_t multiplier, uint64_t divisor)
{
	unsigned __int128 product = (unsigned __int128)value * multiplier;
	unsigned __int128 result = product / divisor;

	return result > UINT64_MAX ? UINT64_MAX : (uint64_t)result;
}

uint64_t time_of(uint64_t count, uint64_t hz)
{
	return scale(count, PS_PER_SECOND, hz);
}

uint64_t time_of_cycle(const struct machine *machine, uint64_t cycle)
{
	const struct timeline *line = &machine->timeline;
	uint64_t since = time_of(cycle - line->base_cycles, line->aclk);

	if (since > UINT64_MAX - line->base_ps)
		return UINT64_MAX;
	return line->base_ps + since;
}

uint64_t time_now(const struct machine *machine)
{
	return time_of_cycle(machine, machine->cycles);
}

uint64_t time_to_cycle(const struct machine *machine, uint64_t when)
{
	const struct timeline *line = &machine->timeline;
	uint64_t cycles;

	if (when <= line->base_ps)
		return line->base_cycles;
	cycles = scale(when - line->base_ps, line->aclk, PS_PER_SECOND) + 1;
	/* scale() rounds down: one less may do. */
	if (line->base_ps + time_of(cycles - 1, line->aclk) >= when)
		cycles--;
	return line->base_cycles + cycles;
}

static void update_due(struct machine *machine)
{
	struct timeline *line = &machine->timeline;

	line->due = line->first ? time_to_cycle(machine, line->first->when)
				: UINT64_MAX;
}

static void unlink_event(struct timeline *line, struct event *event)
{
	struct event **link = &line->first;

	while (*link != event)
		link = &(*link)->next;
	*link = event->next;
	event->is_pending = false;
}

void event_schedule(struct machine *machine, struct event *event, uint64_t when)
{
	struct timeline *line = &machine->timeline;
	struct event **link = &line->first;

	if (event->is_pending)
		unlink_event(line, event);
	while (*link && (*link)->when <= when)
		link = &(*link)->next;
	event->when = when;
	event->next = *link;
	event->is_pending = true;
	*link = event;
	update_due(machine);
}

void event_cancel(struct machine *machine, struct event *event)
{
	if (!event->is_pending)
		return;
	unlink_event(&machine->timeline, event);
	update_due(machine);
}

void event_run(struct machine *machine)
{
	struct timeline *line = &machine->timeline;

	while (machine->cycles >= line->due) {
		struct event *event = line->first;

		unlink_event(line, event);
		update_due(machine);
		event->fire(machine, event);
	}
}

void event_set_aclk(struct machine *machine, uint64_t hz)
{
	struct timeline *line = &machine->timeline;

	if (hz == line->aclk)
		return;
	if (line->aclk)
		line->base_ps = time_now(machine);
	line->base_cycles = machine->cycles;
	line->aclk = hz;
	update_due(machine);
}
