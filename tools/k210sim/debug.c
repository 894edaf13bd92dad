// SPDX-License-Identifier: MIT
/* See debug.h. */
#include "debug.h"

#include <string.h>

#include "machine.h"

/* What the harts have to look for follows from points and actions. */
static void update_harts(struct machine *machine)
{
	const struct debugger *debugger = &machine->debugger;

	for (int i = 0; i < NR_HARTS; i++) {
		struct hart *hart = &machine->hart[i];

		hart->observed = trace_is_on(&machine->trace) ||
				 debugger->nr_breakpoints ||
				 debugger->action[i] == DEBUG_STEP;
		hart->watched = debugger->nr_watchpoints;
		/* Accesses to known pages would go by unseen. */
		memset(hart->known, 0xff, sizeof(hart->known));
	}
}

bool debug_add_breakpoint(struct machine *machine, uint64_t address)
{
	struct debugger *debugger = &machine->debugger;

	if (debugger->nr_breakpoints == DEBUG_POINTS)
		return false;
	debugger->breakpoints[debugger->nr_breakpoints++] = address;
	return true;
}

void debug_remove_breakpoint(struct machine *machine, uint64_t address)
{
	struct debugger *debugger = &machine->debugger;
	unsigned int last = debugger->nr_breakpoints - 1;

	for (unsigned int i = 0; i < debugger->nr_breakpoints; i++) {
		if (debugger->breakpoints[i] != address)
			continue;
		debugger->breakpoints[i] = debugger->breakpoints[last];
		debugger->nr_breakpoints--;
		return;
	}
}

bool debug_add_watchpoint(struct machine *machine, struct watchpoint point)
{
	struct debugger *debugger = &machine->debugger;

	if (debugger->nr_watchpoints == DEBUG_POINTS)
		return false;
	debugger->watchpoints[debugger->nr_watchpoints++] = point;
	return true;
}

void debug_remove_watchpoint(struct machine *machine, struct watchpoint point)
{
	struct debugger *debugger = &machine->debugger;
	unsigned int last = debugger->nr_watchpoints - 1;

	for (unsigned int i = 0; i < debugger->nr_watchpoints; i++) {
		const struct watchpoint *it = &debugger->watchpoints[i];

		if (it->address != point.address || it->len != point.len ||
		    it->kind != point.kind)
			continue;
		debugger->watchpoints[i] = debugger->watchpoints[last];
		debugger->nr_watchpoints--;
		return;
	}
}

void debug_resume(struct machine *machine)
{
	machine->debugger.paused = false;
	update_harts(machine);
}

void debug_release(struct machine *machine)
{
	machine->debugger = (struct debugger){};
	update_harts(machine);
}

void debug_keep_culprit(struct hart *hart)
{
	struct debugger *debugger = &hart->machine->debugger;

	debugger->culprit = *hart;
	debugger->has_culprit = true;
}

void debug_show_culprit(struct machine *machine)
{
	struct debugger *debugger = &machine->debugger;

	if (!debugger->has_culprit)
		return;
	debugger->hart = debugger->culprit.id;
	machine->hart[debugger->hart] = debugger->culprit;
}

static void pause(struct hart *hart, enum debug_reason reason)
{
	struct debugger *debugger = &hart->machine->debugger;

	if (debugger->paused)
		return;
	debugger->reason = reason;
	debugger->hart = hart->id;
	machine_pause(hart->machine);
}

static bool has_breakpoint(const struct debugger *debugger, uint64_t pc)
{
	for (unsigned int i = 0; i < debugger->nr_breakpoints; i++)
		if (debugger->breakpoints[i] == pc)
			return true;
	return false;
}

bool debug_before(struct hart *hart)
{
	if (!has_breakpoint(&hart->machine->debugger, hart->pc))
		return true;
	pause(hart, DEBUG_BREAKPOINT);
	return false;
}

void debug_after(struct hart *hart)
{
	if (hart->machine->debugger.action[hart->id] == DEBUG_STEP)
		pause(hart, DEBUG_STEPPED);
}

bool debug_access(struct hart *hart, uint64_t address, unsigned int size,
		  enum access access)
{
	struct debugger *debugger = &hart->machine->debugger;
	enum watch unwanted = access == ACCESS_STORE ? WATCH_READ : WATCH_WRITE;

	for (unsigned int i = 0; i < debugger->nr_watchpoints; i++) {
		struct watchpoint point = debugger->watchpoints[i];

		if (point.kind == unwanted ||
		    address >= point.address + point.len ||
		    address + size <= point.address)
			continue;
		debugger->hit = point;
		hart->left++; /* the cycle is not over */
		pause(hart, DEBUG_WATCHPOINT);
		return true;
	}
	return false;
}
