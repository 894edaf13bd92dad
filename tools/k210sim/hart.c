// SPDX-License-Identifier: MIT
/*
 * One step of a hart: take an interrupt, or fetch, choose the group, execute.
 *
 * Groups are the major opcodes of the unprivileged manual 2.2, table 24.1.
 */
#include "hart.h"

#include <stddef.h>

#include "insn.h"
#include "machine.h"

typedef bool (*exec_fn)(struct hart *hart, uint32_t insn);

static bool exec_lui(struct hart *hart, uint32_t insn)
{
	hart_set_x(hart, insn_rd(insn), (uint64_t)(int32_t)(insn & ~0xfffu));
	return true;
}

static bool exec_auipc(struct hart *hart, uint32_t insn)
{
	hart_set_x(hart, insn_rd(insn),
		   hart->pc + (uint64_t)(int32_t)(insn & ~0xfffu));
	return true;
}

/* fence and fence.i: nothing to do while no cache of code is modelled. */
static bool exec_fence(struct hart *hart, uint32_t insn)
{
	if (insn_funct3(insn) > 1)
		return hart_raise_illegal(hart);
	return true;
}

/* By bits 6:2; what is not here is illegal. */
static const exec_fn groups[32] = {
	[0x00] = exec_load,    [0x01] = exec_load_fp,  [0x03] = exec_fence,
	[0x04] = exec_op_imm,  [0x05] = exec_auipc,    [0x06] = exec_op_imm_32,
	[0x08] = exec_store,   [0x09] = exec_store_fp, [0x0b] = exec_amo,
	[0x0c] = exec_op,      [0x0d] = exec_lui,      [0x0e] = exec_op_32,
	[0x10] = exec_fp_madd, [0x11] = exec_fp_madd,  [0x12] = exec_fp_madd,
	[0x13] = exec_fp_madd, [0x14] = exec_fp,       [0x18] = exec_branch,
	[0x19] = exec_jalr,    [0x1b] = exec_jal,      [0x1c] = exec_system,
};

static void step(struct hart *hart)
{
	unsigned int len;
	uint32_t insn;
	exec_fn exec;

	if (hart_has_wakeup(hart) && hart_take_interrupt(hart))
		return;

	if (hart_fetch(hart, &insn, &len)) {
		hart->next_pc = hart->pc + len;
		exec = groups[insn >> 2 & 31];
		if ((insn & 3) != 3 || !exec)
			hart_raise_illegal(hart);
		else if (exec(hart, insn))
			hart->instret++;
	}
	hart->pc = hart->next_pc;
}

unsigned int hart_run(struct hart *hart, unsigned int cycles)
{
	hart->given = cycles;
	hart->left = cycles;
	while (hart->left && !hart->waiting) {
		step(hart);
		hart->left--;
	}
	cycles = hart_progress(hart);
	hart->given = 0;
	hart->left = 0;
	return cycles;
}

unsigned int hart_progress(const struct hart *hart)
{
	return hart->given - hart->left;
}

void hart_yield(struct hart *hart)
{
	if (hart->left > 1) {
		hart->given -= hart->left - 1;
		hart->left = 1;
	}
}

void hart_reset(struct hart *hart, struct machine *machine, unsigned int id)
{
	*hart = (struct hart){
		.pc = RAM_BASE,
		.machine = machine,
		.id = id,
		.priv = PRIV_M,
		.reservation = NO_RESERVATION,
		.mstatus = MSTATUS_MPP | MSTATUS_FS,
		.mtvec = ROM_PANIC,
		.stvec = machine_random(machine) & ~3ull & 0x3fffffffffull,
		.sptbr = machine_random(machine) & 0xfffff,
		.mucounteren = machine_random(machine) & 7,
		.mscounteren = machine_random(machine) & 7,
	};
	mmu_flush(hart);
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
