// SPDX-License-Identifier: MIT
/*
 * What all emulation shares, and illegal instructions: rdtime and its relatives
 * are CSR reads that a hart without those CSRs traps on.
 */
#include "emulate.h"

#include <lib/csr.h>

#include "access.h"
#include "pmu_events.h"
#include "priv19.h"
#include "timer.h"

void emulate_note_fault(struct trap_info *info, uint64_t fault)
{
	info->cause = fault - 1;
	info->tval = csr_read(CSR_MTVAL);
	if (hart_has(HART_HAS_H)) {
		info->tval2 = csr_read(CSR_MTVAL2);
		info->tinst = 0;
	}
}

bool emulate_fetch(uint32_t *insn, struct trap_info *info)
{
	uint64_t pc = csr_read(CSR_MEPC);
	struct access_result low = access_fetch(pc, 2), high = { 0 };

	/* In halves: the second may lie on a page of its own. */
	if (!low.fault && (low.value & 3) == 3)
		high = access_fetch(pc + 2, 2);
	if (low.fault || high.fault) {
		emulate_note_fault(info, low.fault | high.fault);
		/* It was a fetch, done by loads. */
		info->cause = info->cause == CAUSE_LOAD_PAGE_FAULT
				      ? CAUSE_FETCH_PAGE_FAULT
			      : info->cause == CAUSE_LOAD_GUEST_FAULT
				      ? CAUSE_FETCH_GUEST_FAULT
				      : CAUSE_FETCH_ACCESS;
		return false;
	}
	*insn = low.value | high.value << 16;
	return true;
}

bool emulate_read_argument(uint64_t addr, uint64_t *value)
{
	struct trap_info info = { 0 };
	struct access_result result;

	if (hart_has(HART_IS_PRIV19))
		priv19_repair_root();
	result = access_load(addr, sizeof(*value));
	*value = result.value;
	if (!result.fault)
		return true;
	emulate_note_fault(&info, result.fault);
	csr_write(CSR_MEPC, csr_read(CSR_MEPC) - 4);
	trap_redirect(&info);
	return false;
}

/* May the code that trapped read that counter? */
static bool counter_is_allowed(uint64_t bit)
{
	uint64_t mstatus = csr_read(CSR_MSTATUS);

	if (mstatus & MSTATUS_MPV && hart_has(HART_HAS_H) &&
	    !(csr_read(CSR_HCOUNTEREN) & bit))
		return false;
	if (mstatus & MSTATUS_MPP_S)
		return true;
	if (hart_has(HART_IS_PRIV19))
		return priv19_scounteren() & bit;
	return csr_read(CSR_SCOUNTEREN) & bit;
}

/* csrrs rd, counter, x0: anything else would write a counter. */
static bool emulate_counter(struct trap_frame *frame, uint32_t insn)
{
	unsigned int rd = insn >> 7 & 31, csr = insn >> 20;
	uint64_t value;

	if ((insn & 0xff07f) != (OPCODE_SYSTEM | 2u << 12) || csr < CSR_CYCLE ||
	    csr > CSR_INSTRET || !counter_is_allowed(BIT(csr - CSR_CYCLE)))
		return false;

	if (csr == CSR_TIME)
		value = timer_read();
	else if (csr == CSR_CYCLE)
		value = csr_read(CSR_MCYCLE);
	else
		value = csr_read(CSR_MINSTRET);
	if (rd)
		frame->x[rd] = value;
	return true;
}

bool emulate_illegal(struct trap_frame *frame, struct trap_info *info)
{
	uint32_t insn = info->tval;

	pmu_count(PMU_FW_ILLEGAL_INSN);
	/* mtval may or may not hold the instruction. */
	if (insn == 0 && !emulate_fetch(&insn, info))
		return false;
	info->tval = insn;

	if (!emulate_counter(frame, insn) &&
	    !(hart_has(HART_IS_PRIV19) && priv19_emulate(frame, insn)))
		return false;
	csr_write(CSR_MEPC, csr_read(CSR_MEPC) + 4);
	return true;
}
