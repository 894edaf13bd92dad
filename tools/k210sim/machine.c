// SPDX-License-Identifier: MIT
/*
 * Power, boot ROM, and how the harts take turns: k210.md sections 1.4 and 1.6.
 *
 * The boot ROM's code is not run; what it leaves behind is set.  Harts step
 * one instruction each in turn, and events fire every few cycles, so that a
 * run depends on nothing but image, seed and input.
 */
#include "machine.h"

#include <string.h>

#include "console.h"

#define ROUND     32 /* cycles between looks at the events */
#define LONG_IDLE (24 * 3600 * PS_PER_SECOND)

uint64_t machine_random(struct machine *machine)
{
	uint64_t x = machine->random_state += 0x9e3779b97f4a7c15ull;

	/* splitmix64 */
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

void machine_stop(struct machine *machine, enum status status)
{
	if (!machine->stopped)
		machine->status = status;
	machine->stopped = true;
}

uint64_t machine_instret(const struct machine *machine)
{
	return machine->hart[0].instret + machine->hart[1].instret;
}

void machine_want_reset(struct machine *machine, enum reset_cause cause)
{
	machine->reset_wanted = true;
	machine->reset_cause = cause;
}

/* What the boot ROM does, from any reset. */
static void boot(struct machine *machine)
{
	memcpy(machine->ram, machine->image.body, machine->image.len);
	for (unsigned int i = 0; i < NR_HARTS; i++) {
		uint64_t instret = machine->hart[i].instret;

		hart_reset(&machine->hart[i], machine, i);
		machine->hart[i].instret = instret;
	}
	map_reset(machine);
	machine->reset_wanted = false;
}

void machine_power_on(struct machine *machine, uint64_t seed)
{
	machine->random_state = seed;
	for (size_t i = 0; i < RAM_SIZE; i += sizeof(uint64_t)) {
		uint64_t garbage = machine_random(machine);

		memcpy(machine->ram + i, &garbage, sizeof(garbage));
	}
	machine->reset_cause = RESET_BY_PIN;
	board_power_on(machine);
	boot(machine);
}

/* While a person may type, idle time passes no faster than on the board. */
static void pace(struct machine *machine, uint64_t passed)
{
	machine->unpaced += passed;
	if (console_is_closed()) {
		machine->unpaced = 0;
	} else if (machine->unpaced >= PS_PER_MILLISECOND) {
		machine->unpaced = 0;
		console_wait(1);
	}
}

/* Both harts wait.  Pass the time until something can wake one. */
static void idle(struct machine *machine)
{
	uint64_t now = time_now(machine);

	if (!machine->hart[0].mie && !machine->hart[1].mie) {
		machine_stop(machine, STATUS_PARKED);
		return;
	}
	if (machine->timeline.due == UINT64_MAX || machine->idle >= LONG_IDLE) {
		machine_stop(machine, STATUS_DEADLOCK);
		return;
	}
	if (machine->cycles < machine->timeline.due)
		machine->cycles = machine->timeline.due;
	now = time_now(machine) - now;
	machine->idle = console_is_closed() ? machine->idle + now : 0;
	pace(machine, now);
	event_run(machine);
}

static bool hart_runs(struct hart *hart)
{
	if (hart->waiting && hart_has_wakeup(hart))
		hart->waiting = false;
	return !hart->waiting;
}

/* Some cycles of both harts, then what is due. */
static void run_round(struct machine *machine)
{
	uint64_t end = machine->cycles + ROUND;
	bool busy = true;

	if (end > machine->timeline.due)
		end = machine->timeline.due;
	while (machine->cycles < end && busy && !machine->stopped) {
		busy = false;
		for (int i = 0; i < NR_HARTS && !machine->stopped; i++) {
			if (!hart_runs(&machine->hart[i]))
				continue;
			hart_run(&machine->hart[i], 1);
			busy = true;
		}
		machine->cycles += busy;
	}
	event_run(machine);
	if (busy)
		machine->idle = 0;
	else if (!machine->stopped)
		idle(machine);
}

enum status machine_run(struct machine *machine, uint64_t limit)
{
	while (!machine->stopped) {
		run_round(machine);
		if (machine->reset_wanted && !machine->stopped)
			boot(machine);
		if (limit && machine_instret(machine) >= limit)
			machine_stop(machine, STATUS_LIMIT);
	}
	return machine->status;
}
