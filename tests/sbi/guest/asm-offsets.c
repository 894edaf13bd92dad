// SPDX-License-Identifier: MIT
/*
 * Where entry.S and trap.S find the members of struct hart.  Compiled to
 * assembly only; the build makes "asm-offsets.h" of the lines with "->".
 */
#include <stddef.h>

#include "hart.h"

#define OFFSET(name, member)                                                   \
	__asm__ volatile("\n->" #name                                          \
			 " %0" ::"i"(offsetof(struct hart, member)))

void asm_offsets(void);

void asm_offsets(void)
{
	OFFSET(HART_TRAP_SP, trap_sp);
	OFFSET(HART_SAVED_SP, saved_sp);
	OFFSET(HART_STACK_TOP, stack_top);
	OFFSET(HART_ENTRY_HART_ID, entry_hart_id);
	OFFSET(HART_ENTRY_STATUS, entry_status);
	OFFSET(HART_ENTRY_SATP, entry_satp);
}
