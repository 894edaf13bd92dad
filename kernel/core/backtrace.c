// SPDX-License-Identifier: MIT
/*
 * The calling chain, with names from the kernel's own symbol table.
 */
#include <core/backtrace.h>

#include <arch/image.h>
#include <arch/unwind.h>
#include <core/panic.h>
#include <core/printk.h>
#include <lib/ksyms.h>

#define MAX_FRAMES 24

/* The innermost functions up to skip are those that print. */
static void print_chain(struct unwind *unwind, unsigned skip)
{
	char name[KSYM_NAME_MAX];

	for (unsigned i = 0; i < MAX_FRAMES; i++) {
		/* A return address may lie behind its function's end. */
		uintptr_t back = i ? 1 : 0;
		uintptr_t offset;

		if (!image_has_text(unwind->pc) ||
		    !ksym_lookup(unwind->pc - back, name, &offset)) {
			pr_err("    %016lx", unwind->pc);
			return;
		}
		offset += back;
		if (i >= skip)
			pr_err("    %016lx %s+0x%lx", unwind->pc, name, offset);
		if (!unwind_next(unwind, unwind->pc - offset))
			return;
	}
}

void backtrace_print(void)
{
	struct unwind unwind;

	unwind_from_here(&unwind);
	print_chain(&unwind, 2);
}

void backtrace_frame(const struct trap_frame *frame)
{
	struct unwind unwind;

	unwind_from_frame(&unwind, frame);
	print_chain(&unwind, 0);
}
