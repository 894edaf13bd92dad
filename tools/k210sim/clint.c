// SPDX-License-Identifier: MIT
/*
 * CLINT: k210.md section 3.1.  mtime counts once in 50 cycles of ACLK, so its
 * rate moves with PLL0 and clk_sel0.
 */
#include "clint.h"

#include "machine.h"

#define CYCLES_PER_TICK 50
#define MTIMECMP        0x4000
#define MTIME           0xbff8

static uint64_t mtime(const struct machine *machine)
{
	const struct clint *clint = &machine->clint;

	return clint->mtime +
	       (machine->cycles - clint->base_cycles) / CYCLES_PER_TICK;
}

/* Drive MSIP and MTIP, and come back when the next MTIP is due. */
static void update(struct machine *machine)
{
	struct clint *clint = &machine->clint;
	uint64_t now = mtime(machine);
	uint64_t next = UINT64_MAX / CYCLES_PER_TICK;
	uint64_t left = next;

	for (int i = 0; i < NR_HARTS; i++) {
		uint32_t *lines = &machine->hart[i].mip_lines;

		*lines &= ~(MIP_MSIP | MIP_MTIP);
		if (clint->msip[i])
			*lines |= MIP_MSIP;
		if (now >= clint->mtimecmp[i])
			*lines |= MIP_MTIP;
		else if (clint->mtimecmp[i] - clint->mtime < left)
			left = clint->mtimecmp[i] - clint->mtime;
	}
	if (left == next)
		event_cancel(machine, &clint->reached);
	else
		event_schedule(
			machine, &clint->reached,
			time_of_cycle(machine, clint->base_cycles +
						       left * CYCLES_PER_TICK));
}

static void reached_fire(struct machine *machine, struct event *event)
{
	(void)event;
	update(machine);
}

static uint64_t half_of(uint64_t value, uint32_t offset)
{
	return (uint32_t)(offset & 4 ? value >> 32 : value);
}

static uint64_t with_half(uint64_t old, uint32_t offset, uint32_t value)
{
	if (offset & 4)
		return (uint32_t)old | (uint64_t)value << 32;
	return (old & ~0xffffffffull) | value;
}

static uint32_t clint_read(const struct reg_access *access)
{
	struct clint *clint = &access->machine->clint;
	uint32_t offset = access->offset;

	if ((offset & ~4u) == MTIME)
		return (uint32_t)half_of(mtime(access->machine), offset);
	if (offset >= MTIMECMP && offset < MTIMECMP + 8 * NR_HARTS)
		return (uint32_t)half_of(
			clint->mtimecmp[(offset - MTIMECMP) / 8], offset);
	if (offset < 4 * NR_HARTS)
		return clint->msip[offset / 4];
	access_no_register(access);
	return 0;
}

static void clint_write(const struct reg_access *access, uint32_t value)
{
	struct clint *clint = &access->machine->clint;
	uint32_t offset = access->offset;
	uint64_t *compare = &clint->mtimecmp[(offset - MTIMECMP) / 8 % 2];

	if ((offset & ~4u) == MTIME) {
		clint->mtime = with_half(mtime(access->machine), offset, value);
		clint->base_cycles = access->machine->cycles;
	} else if (offset >= MTIMECMP && offset < MTIMECMP + 8 * NR_HARTS) {
		*compare = with_half(*compare, offset, value);
	} else if (offset < 4 * NR_HARTS) {
		clint->msip[offset / 4] = value & 1;
	} else {
		access_no_register(access);
	}
	update(access->machine);
}

/* mtimecmp holds anything. */
static void clint_reset(struct machine *machine, const struct device *device)
{
	(void)device;
	event_cancel(machine, &machine->clint.reached);
	machine->clint = (struct clint){
		.msip = { 0, 1 }, /* the boot ROM woke hart 1 so */
		.mtimecmp = { machine_random(machine),
			      machine_random(machine) },
		.base_cycles = machine->cycles,
		.reached = { .fire = reached_fire },
	};
	update(machine);
}

/* The same cycle comes at another time. */
static void clint_clocks_changed(struct machine *machine,
				 const struct device *device)
{
	(void)device;
	update(machine);
}

const struct device_ops clint_ops = {
	.read = clint_read,
	.write = clint_write,
	.reset = clint_reset,
	.clocks_changed = clint_clocks_changed,
};
