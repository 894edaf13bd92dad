// SPDX-License-Identifier: MIT
/*
 * Simulated time, and what is to happen when.
 *
 * Time is counted in picoseconds since power came, so that it runs on through
 * changes of ACLK; harts count cycles of ACLK, and both are tied together
 * here.  An event belongs to the device that schedules it, and is in the
 * queue or not.  Events of the same moment fire in the order in which they
 * were scheduled: a run depends on nothing else.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct machine;

#define PS_PER_SECOND      1000000000000ull
#define PS_PER_MILLISECOND 1000000000ull
#define PS_PER_MICROSECOND 1000000ull

struct event {
	void (*fire)(struct machine *machine, struct event *event);
	void *owner;        /* for fire() */
	uint64_t when;      /* ps */
	struct event *next; /* the one that follows, if is_pending */
	bool is_pending;
};

struct timeline {
	struct event *first; /* the earliest */
	uint64_t due;        /* cycle at which it fires; UINT64_MAX: none */
	uint64_t aclk;       /* Hz, since the moment that follows */
	uint64_t base_ps;
	uint64_t base_cycles;
};

/* Picoseconds since power came. */
uint64_t time_now(const struct machine *machine);

/* The time that count periods of a clock take. */
uint64_t time_of(uint64_t count, uint64_t hz);

/* When a cycle of ACLK begins, if ACLK stays as it is. */
uint64_t time_of_cycle(const struct machine *machine, uint64_t cycle);

/* The first cycle of ACLK that begins at or after a time. */
uint64_t time_to_cycle(const struct machine *machine, uint64_t when);

/*
 * Fire once at a time; a moment that is past means as soon as possible.  An
 * event that is pending already is moved.
 */
void event_schedule(struct machine *machine, struct event *event,
		    uint64_t when);

/* Not to fire after all.  Right for one that is not pending, too. */
void event_cancel(struct machine *machine, struct event *event);

/* Fire all whose cycle has come. */
void event_run(struct machine *machine);

/* ACLK has this rate from now on. */
void event_set_aclk(struct machine *machine, uint64_t hz);
