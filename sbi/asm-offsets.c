// SPDX-License-Identifier: MIT
/*
 * Where assembly finds the members of C structures.  Compiled to assembly only;
 * the build makes "asm-offsets.h" of the lines that begin with "->".
 */
#include <stddef.h>

#include "hart.h"
#include "pmu_events.h"

#define DEFINE(name, value)        __asm__ volatile("\n->" #name " %0" ::"i"(value))
#define OFFSET(name, type, member) DEFINE(name, offsetof(struct type, member))

void asm_offsets(void);

void asm_offsets(void)
{
	OFFSET(HART_FRAME, hart, frame);
	OFFSET(HART_ID, hart, id);
	OFFSET(HART_NEXT, hart, next);
	OFFSET(HART_EXIT_WORK, hart, exit_work);
	OFFSET(HART_ENTRY_TIME, hart, entry_time);
	/* Within pmu_fw_events. */
	DEFINE(ILLEGAL_INSN_COUNT, PMU_FW_ILLEGAL_INSN * sizeof(uint64_t));
}
