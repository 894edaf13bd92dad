// SPDX-License-Identifier: MIT
/*
 * CLINT: k210.md section 3.1.  mtime counts once in 50 cycles of ACLK, so its
 * rate moves with PLL0 and clk_sel0.
 */
#include "clint.h"

#include "machine.h"
#include "report.h"

#define BASE            0x02000000u
#define CYCLES_PER_TICK 50
#define MTIMECMP        0x4000
#define MTIME           0xbff8

/* The 64-bit register at an offset, or NULL. */
static uint64_t *find_register(struct clint *clint, uint32_t offset)
{
	offset &= ~4u;
	if (offset == MTIME)
		return &clint->mtime;
	if (offset == MTIMECMP || offset == MTIMECMP + 8)
		return &clint->mtimecmp[(offset - MTIMECMP) / 8];
	return NULL;
}

static void drive_lines(struct machine *machine)
{
	struct clint *clint = &machine->clint;

	for (int i = 0; i < NR_HARTS; i++) {
		uint32_t *lines = &machine->hart[i].mip_lines;

		*lines &= ~(MIP_MSIP | MIP_MTIP);
		if (clint->msip[i])
			*lines |= MIP_MSIP;
		if (clint->mtime >= clint->mtimecmp[i])
			*lines |= MIP_MTIP;
	}
}

uint32_t clint_read(struct hart *hart, uint32_t offset)
{
	struct clint *clint = &hart->machine->clint;
	uint64_t *found = find_register(clint, offset);

	if (found)
		return (uint32_t)(offset & 4 ? *found >> 32 : *found);
	if (offset < 4 * NR_HARTS)
		return clint->msip[offset / 4];
	report_misuse(hart, BASE + offset, "the CLINT has no such register");
	return 0;
}

void clint_write(struct hart *hart, uint32_t offset, uint32_t value)
{
	struct clint *clint = &hart->machine->clint;
	uint64_t *found = find_register(clint, offset);

	if (found && offset & 4)
		*found = (uint32_t)*found | (uint64_t)value << 32;
	else if (found)
		*found = (*found & ~0xffffffffull) | value;
	else if (offset < 4 * NR_HARTS)
		clint->msip[offset / 4] = value & 1;
	else
		report_misuse(hart, BASE + offset,
			      "the CLINT has no such register");
	drive_lines(hart->machine);
}

void clint_reset(struct machine *machine)
{
	machine->clint = (struct clint){
		.msip = { 0, 1 }, /* the boot ROM woke hart 1 so */
		.mtimecmp = { machine_random(machine),
			      machine_random(machine) },
	};
	drive_lines(machine);
}

void clint_advance(struct machine *machine, uint64_t cycles)
{
	struct clint *clint = &machine->clint;

	cycles += clint->cycles;
	clint->mtime += cycles / CYCLES_PER_TICK;
	clint->cycles = cycles % CYCLES_PER_TICK;
	drive_lines(machine);
}

uint64_t clint_next_event(const struct machine *machine)
{
	const struct clint *clint = &machine->clint;
	uint64_t ticks = UINT64_MAX / CYCLES_PER_TICK;

	for (int i = 0; i < NR_HARTS; i++) {
		uint64_t left = clint->mtimecmp[i] - clint->mtime;

		if (machine->hart[i].mie & MIP_MTIP &&
		    clint->mtimecmp[i] > clint->mtime && left < ticks)
			ticks = left;
	}
	if (ticks == UINT64_MAX / CYCLES_PER_TICK)
		return UINT64_MAX;
	return ticks * CYCLES_PER_TICK - clint->cycles;
}
