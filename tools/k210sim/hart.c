// SPDX-License-Identifier: MIT
/*
 * How a hart runs: from one line of decoded code to the next.
 *
 * A block is what executes without a look at interrupts or at the tables: it
 * ends with the line, with the turn, and with every instruction that may have
 * changed what the hart has to look at (hart_end_block()).
 */
#include "hart.h"

#include <stddef.h>

#include "debug.h"
#include "icache.h"
#include "machine.h"
#include "mmu.h"
#include "trace.h"

/* The instruction at hart->pc, or NULL: its fetch trapped. */
static const struct op *find_op(struct hart *hart)
{
	const struct fetched_line *fetched = fetched_line_of(hart, hart->pc);
	const struct icache_line *line = fetched->line;

	if (fetched->key != fetch_key(hart) ||
	    line->address != fetched->address)
		line = icache_fetch(hart);
	return line ? &line->ops[hart->pc % ICACHE_LINE_BYTES / 2] : NULL;
}

static bool is_same_line(uint64_t a, uint64_t b)
{
	return (a ^ b) < ICACHE_LINE_BYTES;
}

/* Jumps within the line do not end it: small loops stay here. */
static void run_block(struct hart *hart, const struct op *op)
{
	uint64_t pc = hart->pc;
	uint64_t line = pc; /* any address in it */

	do {
		if (op->exec(hart, op)) {
			pc += op->len;
			hart->pc = pc;
			op += op->len / 2;
			continue;
		}
		if (!is_same_line(line, hart->pc)) {
			hart->left--;
			return;
		}
		op += (int64_t)(hart->pc - pc) / 2;
		pc = hart->pc;
	} while (--hart->left);
}

/* The same for one instruction, which others see.  False: not now. */
static bool run_observed(struct hart *hart, const struct op *op)
{
	if (!debug_before(hart))
		return false;
	if (trace_is_on(&hart->machine->trace))
		trace_insn(hart);
	hart_end_block(hart);
	run_block(hart, op);
	debug_after(hart);
	return true;
}

unsigned int hart_run(struct hart *hart, unsigned int cycles)
{
	const struct op *op;

	hart->given = cycles;
	hart->left = cycles;
	while (hart->left && !hart->waiting) {
		if (hart_has_wakeup(hart))
			hart_take_interrupt(hart);
		op = find_op(hart);
		if (!op)
			hart->left--;
		else if (!hart->observed)
			run_block(hart, op);
		else if (!run_observed(hart, op))
			break;
		hart->left += hart->owed;
		hart->owed = 0;
	}
	cycles = hart_progress(hart);
	hart->instret += cycles;
	hart->given = 0;
	hart->left = 0;
	hart->owed = 0;
	return cycles;
}

void hart_yield(struct hart *hart)
{
	hart_end_block(hart);
	hart->given -= hart->owed;
	hart->owed = 0;
}

uint64_t hart_cycles(const struct hart *hart)
{
	const struct machine *machine = hart->machine;

	return machine->round_end - machine->turn[hart->id] +
	       hart_progress(hart);
}

void hart_reset(struct hart *hart, struct machine *machine, unsigned int id)
{
	*hart = (struct hart){
		.pc = RAM_BASE,
		.machine = machine,
		.id = id,
		.icache = &machine->icache[id],
		.held = LINE_HELD(id),
		.priv = PRIV_M,
		.observed = hart->observed,
		.watched = hart->watched,
		.reservation = NO_RESERVATION,
		.mstatus = MSTATUS_MPP | MSTATUS_FS,
		.mtvec = ROM_PANIC,
		.stvec = machine_random(machine) & ~3ull & 0x3fffffffffull,
		.sptbr = machine_random(machine) & 0xfffff,
		.mucounteren = machine_random(machine) & 7,
		.mscounteren = machine_random(machine) & 7,
	};
	mmu_flush(hart);
	mmu_mode_changed(hart);
	icache_reset(hart->icache, machine_random(machine));
	for (int i = 1; i < 32; i++) {
		hart->x[i] = machine_random(machine);
		hart->f[i] = machine_random(machine);
	}
	/* What the boot ROM leaves behind: its stack, hart 1's a0 and MSIE. */
	hart->x[2] = ROM_STACKS - (id ? 0x2000 : 0) - 0x40;
	hart->x[1] = ROM_BASE + 0x100;
	if (id) {
		hart->x[10] = 1;
		hart->mie = MIP_MSIP;
	}
}
