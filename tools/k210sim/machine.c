// SPDX-License-Identifier: MIT
/*
 * Power, boot ROM, and how the harts take turns: k210.md sections 1.4 and 1.6.
 *
 * The boot ROM's code is not run; what it leaves behind is set.  Harts run
 * the same few cycles in turn, and events fire in between and before a device
 * is accessed, so that a run depends on nothing but image, seed and input.
 */
#include "machine.h"

#include <stdio.h>
#include <string.h>

#include "console.h"
#include "interrupt.h"
#include "isp.h"

#define MSIP_1    0x02000004
#define ROUND     64         /* cycles of a turn at most */
#define SRST      0x53525354 /* the extension of system_reset */
#define LONG_IDLE (24 * 3600 * PS_PER_SECOND)

uint64_t machine_random(struct machine *machine)
{
	return random_next(&machine->random_state);
}

/* A hart that runs comes back after its instruction. */
static void yield(struct machine *machine)
{
	for (int i = 0; i < NR_HARTS; i++)
		hart_yield(&machine->hart[i]);
}

void machine_stop(struct machine *machine, enum status status)
{
	if (!machine->stopped)
		machine->status = status;
	machine->stopped = true;
	yield(machine);
}

uint64_t machine_instret(const struct machine *machine)
{
	return machine->hart[0].instret + machine->hart[1].instret;
}

void machine_want_reset(struct machine *machine, enum reset_cause cause)
{
	machine->reset_wanted = true;
	machine->reset_cause = cause;
	yield(machine);
}

/* The ROM's data, and its stacks of both harts: k210.md section 1.3. */
static void scribble(struct machine *machine)
{
	for (size_t i = ROM_DATA - RAM_BASE; i < ROM_STACKS - RAM_BASE;
	     i += sizeof(uint64_t)) {
		uint64_t garbage = machine_random(machine);

		memcpy(machine->ram + i, &garbage, sizeof(garbage));
	}
}

/* Load the image in the flash chip.  False: the ROM would refuse it. */
static bool load_image(struct machine *machine)
{
	struct image image;
	const char *fault = image_find(&image, machine->flash.data, FLASH_SIZE);

	if (fault) {
		fprintf(stderr, "k210sim: %s: %s\n", machine->flash.path,
			fault);
		machine_stop(machine, STATUS_USAGE);
		return false;
	}
	memcpy(machine->ram, image.body, image.len);
	scribble(machine);
	return true;
}

/* Have a program sent over UARTHS.  False: nobody sends one. */
static bool load_by_isp(struct machine *machine, uint32_t *entry)
{
	scribble(machine);
	if (isp_run(machine, entry))
		return true;
	if (!machine->stopped && !interrupt_came())
		fprintf(stderr, "k210sim: nobody speaks to ISP mode\n");
	machine_stop(machine, STATUS_QUIT);
	return false;
}

/* The ROM looks at IO16, and then whether the flash holds an image. */
static bool wants_isp(const struct machine *machine)
{
	struct image image;

	return machine->has_isp &&
	       (board_boot_is_pressed(&machine->board) ||
		image_find(&image, machine->flash.data, FLASH_SIZE));
}

/* What the boot ROM does, from any reset. */
static void boot(struct machine *machine)
{
	bool by_isp = wants_isp(machine);
	uint32_t entry = RAM_BASE;

	machine->reset_wanted = false;
	if (!(by_isp ? load_by_isp(machine, &entry) : load_image(machine)))
		return;
	dcache_reset(machine);
	for (unsigned int i = 0; i < NR_HARTS; i++) {
		uint64_t instret = machine->hart[i].instret;

		hart_reset(&machine->hart[i], machine, i);
		machine->hart[i].instret = instret;
	}
	machine->hart[0].pc = entry;
	map_reset(machine);
	/* ISP mode calls a program on hart 0; hart 1 waits to be woken. */
	if (by_isp) {
		map_store(machine, NULL, MSIP_1, sizeof(uint32_t), 0);
		machine->hart[1].waiting = true;
	}
}

void machine_power_on(struct machine *machine, uint64_t seed)
{
	machine->random_state = seed;
	for (size_t i = 0; i < RAM_SIZE; i += sizeof(uint64_t)) {
		uint64_t garbage = machine_random(machine);

		memcpy(machine->ram + i, &garbage, sizeof(garbage));
	}
	event_set_aclk(machine, IN0_HZ);
	machine->reset_cause = RESET_BY_PIN;
	board_power_on(machine);
	sdcard_power_on(machine);
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

/*
 * The chip has no power switch.  Firmware that parks for want of one leaves the
 * arguments of the SBI's system_reset in its registers: a1 is the reason.
 */
static enum status parked_status(const struct machine *machine)
{
	for (int i = 0; i < NR_HARTS; i++) {
		const uint64_t *x = machine->hart[i].x;

		if (x[17] == SRST && x[11] != 0)
			return STATUS_FAILED;
	}
	return STATUS_PARKED;
}

/* Both harts wait.  Pass the time until something can wake one. */
static void idle(struct machine *machine)
{
	uint64_t now = time_now(machine);

	if (!machine->hart[0].mie && !machine->hart[1].mie) {
		machine_stop(machine, parked_status(machine));
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

void machine_reach(struct machine *machine, uint64_t cycle)
{
	if (cycle <= machine->cycles)
		return;
	machine->cycles = cycle;
	event_run(machine);
}

void machine_pause(struct machine *machine)
{
	machine->debugger.paused = true;
	yield(machine);
}

static bool hart_runs(struct machine *machine, struct hart *hart)
{
	if (hart->waiting && hart_has_wakeup(hart))
		hart->waiting = false;
	return !hart->waiting && !machine->stopped && !machine->reset_wanted &&
	       machine->debugger.action[hart->id] != DEBUG_HOLD;
}

/* So that no guest relies on what stays in the caches, or does not. */
static void evict_by_chance(struct machine *machine, uint64_t cycles)
{
	for (int i = 0; i < NR_HARTS; i++) {
		if (machine_random(machine) % machine->evict >= cycles)
			continue;
		icache_evict(&machine->icache[i]);
		dcache_evict(&machine->hart[i]);
	}
}

static void begin_round(struct machine *machine)
{
	uint64_t cycles;

	event_run(machine);
	cycles = machine->timeline.due - machine->cycles;
	if (cycles > ROUND)
		cycles = ROUND;
	if (machine->evict)
		evict_by_chance(machine, cycles);
	machine->round_end = machine->cycles + cycles;
	machine->busy = false;
	for (int i = 0; i < NR_HARTS; i++)
		machine->turn[i] = (unsigned int)cycles;
}

/* One turn of each hart.  False: a debugger broke it off, to be gone on with. */
static bool take_turns(struct machine *machine)
{
	for (int i = 0; i < NR_HARTS; i++) {
		struct hart *hart = &machine->hart[i];

		if (machine->turn[i] && hart_runs(machine, hart)) {
			machine->turn[i] -= hart_run(hart, machine->turn[i]);
			machine->busy = true;
		}
		if (machine->debugger.paused)
			return false;
		/* A hart that is held does not wait: time goes on. */
		if (machine->debugger.action[i] == DEBUG_HOLD)
			machine->busy = true;
		machine->turn[i] = 0;
	}
	return true;
}

static bool is_in_round(const struct machine *machine)
{
	return machine->turn[0] || machine->turn[1];
}

/* What is due, then some cycles of both harts. */
static void run_round(struct machine *machine)
{
	if (!is_in_round(machine))
		begin_round(machine);
	if (!take_turns(machine))
		return;
	if (machine->busy) {
		machine->cycles = machine->round_end;
		machine->idle = 0;
	} else if (!machine->stopped && !machine->reset_wanted) {
		idle(machine);
	}
}

void machine_cut_power(struct machine *machine)
{
	sdcard_power_off(machine);
	machine_stop(machine, STATUS_POWER_CUT);
}

/* What the host wants, and what is to happen after so many instructions. */
static void follow_plan(struct machine *machine)
{
	struct plan *plan = &machine->plan;
	uint64_t instret = machine_instret(machine);

	if (interrupt_came())
		machine_stop(machine, STATUS_QUIT);
	if (plan->limit && instret >= plan->limit)
		machine_stop(machine, STATUS_LIMIT);
	if (plan->power_cut && instret >= plan->power_cut)
		machine_cut_power(machine);
	if (plan->sd_remove && instret >= plan->sd_remove) {
		plan->sd_remove = 0;
		sdcard_toggle(machine);
	}
	if (plan->sd_insert && instret >= plan->sd_insert) {
		plan->sd_insert = 0;
		sdcard_toggle(machine);
	}
}

void machine_run_round(struct machine *machine)
{
	run_round(machine);
	if (machine->reset_wanted && !machine->stopped)
		boot(machine);
	follow_plan(machine);
}

enum status machine_run(struct machine *machine)
{
	while (!machine->stopped)
		machine_run_round(machine);
	return machine->status;
}
