// SPDX-License-Identifier: MIT
/*
 * What a debugger wants of the harts: breakpoints, watchpoints, single steps.
 *
 * Nothing is patched into memory.  A hart that a debugger has wishes for is
 * `observed` and executes one instruction at a time; it comes by here before
 * and after each.  When one pauses, both stop in the middle of their turns and
 * go on from there, so that debugging changes nothing of what the guest sees.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hart.h"

#define DEBUG_POINTS 64 /* of a kind, at most */

/* What watchpoints look for; numbers as in gdb's Z packets. */
enum watch { WATCH_WRITE = 2, WATCH_READ = 3, WATCH_ACCESS = 4 };

struct watchpoint {
	uint64_t address; /* virtual */
	uint64_t len;     /* bytes */
	enum watch kind;
};

/* What a hart does when the machine runs. */
enum debug_action { DEBUG_RUN, DEBUG_STEP, DEBUG_HOLD };

enum debug_reason { DEBUG_BREAKPOINT, DEBUG_WATCHPOINT, DEBUG_STEPPED };

struct debugger {
	uint64_t breakpoints[DEBUG_POINTS];
	struct watchpoint watchpoints[DEBUG_POINTS];
	unsigned int nr_breakpoints;
	unsigned int nr_watchpoints;
	enum debug_action action[2];

	/* The machine does not run; why, unless it was asked to stop. */
	bool paused;
	enum debug_reason reason;
	unsigned int hart;
	struct watchpoint hit; /* of DEBUG_WATCHPOINT: with the address met */

	struct hart culprit; /* as it was when it broke a rule */
	bool has_culprit;
};

/* False: there are DEBUG_POINTS already. */
bool debug_add_breakpoint(struct machine *machine, uint64_t address);
bool debug_add_watchpoint(struct machine *machine, struct watchpoint point);

/* Nothing happens if there is none. */
void debug_remove_breakpoint(struct machine *machine, uint64_t address);
void debug_remove_watchpoint(struct machine *machine, struct watchpoint point);

/* A rule was broken that stops the machine: this is what a debugger shows. */
void debug_keep_culprit(struct hart *hart);

/* The machine has stopped: show that hart, if a hart it was, in its place. */
void debug_show_culprit(struct machine *machine);

/* Let the machine run, each hart with its action. */
void debug_resume(struct machine *machine);

/* The debugger has gone: no more points, both run. */
void debug_release(struct machine *machine);

/*
 * Before an instruction of an observed hart.  False: it has to pause, since
 * there is a breakpoint; to go on, a debugger removes it for a step.
 */
bool debug_before(struct hart *hart);

/* After it. */
void debug_after(struct hart *hart);

/*
 * Before a watched hart loads or stores.  True: it has to pause, and the
 * instruction is to be left as if it had not begun; gdb expects that of RISC-V,
 * and steps over it without the watchpoint.
 */
bool debug_access(struct hart *hart, uint64_t address, unsigned int size,
		  enum access access);
