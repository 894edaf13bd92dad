// SPDX-License-Identifier: MIT
/* See ticks.h.  128 bits, since picoseconds times a rate need some 100. */
#include "ticks.h"

#include "event.h"

uint64_t ticks_now(const struct machine *machine, const struct ticks *ticks)
{
	unsigned __int128 passed = time_now(machine) - ticks->base_ps;

	return ticks->base + (uint64_t)(passed * ticks->hz / PS_PER_SECOND);
}

uint64_t ticks_when(const struct ticks *ticks, uint64_t count)
{
	unsigned __int128 left = count - ticks->base;
	unsigned __int128 when;

	if (count <= ticks->base)
		return ticks->base_ps;
	if (!ticks->hz)
		return UINT64_MAX;
	when = (left * PS_PER_SECOND + ticks->hz - 1) / ticks->hz +
	       ticks->base_ps;
	return when > UINT64_MAX ? UINT64_MAX : (uint64_t)when;
}

void ticks_set_rate(const struct machine *machine, struct ticks *ticks,
		    uint64_t hz)
{
	ticks->base = ticks_now(machine, ticks);
	ticks->base_ps = time_now(machine);
	ticks->hz = hz;
}
