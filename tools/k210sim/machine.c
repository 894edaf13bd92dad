// SPDX-License-Identifier: MIT
/*
 * Power, boot ROM, and how the harts take turns: k210.md sections 1.4 and 1.6.
 *
 * The boot ROM's code is not run; what it leaves behind is set.  Harts step
 * one instruction each in turn and devices follow every few cycles, so that a
 * run depends on nothing but image, seed and input.
 */
#include "machine.h"

#include <string.h>

#include "console.h"

#define ROUND             32 /* cycles between looks at the devices */
#define RESET_BY_PIN      (1u << 1)
#define RESET_BY_SOFTWARE (1u << 4)

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

/* What the boot ROM does, from either reset. */
static void boot(struct machine *machine, uint32_t reset_status)
{
	memcpy(machine->ram, machine->image.body, machine->image.len);
	for (unsigned int i = 0; i < NR_HARTS; i++) {
		uint64_t instret = machine->hart[i].instret;

		hart_reset(&machine->hart[i], machine, i);
		machine->hart[i].instret = instret;
	}
	machine->sysctl.cycles = machine->cycles;
	sysctl_reset(&machine->sysctl, reset_status);
	uarths_reset(machine);
	plic_reset(machine);
	clint_reset(machine);
	machine->reset_wanted = false;
}

void machine_power_on(struct machine *machine, uint64_t seed)
{
	machine->random_state = seed;
	for (size_t i = 0; i < RAM_SIZE; i += sizeof(uint64_t)) {
		uint64_t garbage = machine_random(machine);

		memcpy(machine->ram + i, &garbage, sizeof(garbage));
	}
	boot(machine, RESET_BY_PIN);
}

static void advance(struct machine *machine, uint64_t cycles)
{
	clint_advance(machine, cycles);
	machine->sysctl.cycles = machine->cycles;
	uarths_advance(machine);
}

/* Both harts wait.  Pass the time until something can wake one. */
static void idle(struct machine *machine)
{
	uint64_t next = clint_next_event(machine);
	uint64_t sent = uarths_next_event(machine);
	uint64_t millisecond = sysctl_aclk(&machine->sysctl) / 1000;
	bool has_input = machine->uarths.rxctrl & 1 && !console_is_closed();

	if (!machine->hart[0].mie && !machine->hart[1].mie) {
		machine_stop(machine, STATUS_PARKED);
		return;
	}
	if (sent < next)
		next = sent;
	if (has_input) {
		console_wait(1);
		if (next > millisecond)
			next = millisecond;
	} else if (next == UINT64_MAX) {
		machine_stop(machine, STATUS_DEADLOCK);
		return;
	}
	machine->cycles += next;
	advance(machine, next);
}

static bool hart_runs(struct hart *hart)
{
	if (hart->waiting && hart_has_wakeup(hart))
		hart->waiting = false;
	return !hart->waiting;
}

/* Some cycles of both harts, then the devices. */
static void run_round(struct machine *machine)
{
	unsigned int cycles = 0;
	bool busy = true;

	while (cycles < ROUND && busy && !machine->stopped) {
		busy = false;
		for (int i = 0; i < NR_HARTS && !machine->stopped; i++) {
			if (!hart_runs(&machine->hart[i]))
				continue;
			hart_run(&machine->hart[i], 1);
			busy = true;
		}
		machine->cycles++;
		cycles++;
	}
	advance(machine, cycles);
	if (!busy && !machine->stopped)
		idle(machine);
}

enum status machine_run(struct machine *machine, uint64_t limit)
{
	while (!machine->stopped) {
		run_round(machine);
		if (machine->reset_wanted && !machine->stopped)
			boot(machine, RESET_BY_SOFTWARE);
		if (limit && machine_instret(machine) >= limit)
			machine_stop(machine, STATUS_LIMIT);
	}
	return machine->status;
}
