// SPDX-License-Identifier: MIT
/*
 * Walking up the kernel stack without frame pointers.
 *
 * What a function does to sp and where it stores ra is read from its own
 * instructions: the compiler lowers sp by a constant and stores ra relative to
 * it before the first call.  The first such two instructions between the
 * function's start and pc are taken.  Frames larger than an immediate holds are
 * not understood and end the chain.  That costs nothing until it is needed.
 */
#include <arch/unwind.h>

#include <arch/image.h>
#include <arch/layout.h>
#include <arch/trap.h>
#include <core/thread.h>

#include "trap_internal.h"

struct prologue {
	uintptr_t frame_size; /* 0: sp was not lowered yet */
	uintptr_t ra_offset;  /* from sp; valid if saves_ra */
	bool saves_ra;
};

/* The stack that holds addr: limits, or false if it is none of ours. */
static bool stack_has(uintptr_t addr, size_t size)
{
	uintptr_t stack = current_thread()->stack;
	uintptr_t emergency = (uintptr_t)emergency_stack;

	if (addr % 8)
		return false;
	return (addr >= stack && addr <= stack + KERNEL_STACK_SIZE - size) ||
	       (addr >= emergency &&
		addr <= emergency + EMERGENCY_STACK_SIZE - size);
}

/* Does a 16-bit instruction lower sp?  c.addi16sp and c.addi sp. */
static bool insn16_lowers_sp(uint16_t insn, uintptr_t *by)
{
	int imm;

	if ((insn & 0xef83) == 0x6101) {
		imm = (insn >> 2 & 0x10) | (insn << 3 & 0x20) |
		      (insn << 1 & 0x40) | (insn << 4 & 0x180);
		imm -= insn >> 12 & 1 ? 512 : 0;
	} else if ((insn & 0xef83) == 0x0101) {
		imm = insn >> 2 & 0x1f;
		imm -= insn >> 12 & 1 ? 32 : 0;
	} else {
		return false;
	}
	*by = (uintptr_t)-imm;
	return imm < 0;
}

/* addi sp, sp, imm */
static bool insn32_lowers_sp(uint32_t insn, uintptr_t *by)
{
	int imm = (int)insn >> 20;

	*by = (uintptr_t)-imm;
	return (insn & 0xfffff) == 0x00010113 && imm < 0;
}

/* c.sdsp ra, offset(sp) */
static bool insn16_stores_ra(uint16_t insn, uintptr_t *offset)
{
	*offset = (insn >> 7 & 0x38) | (insn >> 1 & 0x1c0);
	return (insn & 0xe07f) == 0xe006;
}

/* sd ra, offset(sp) */
static bool insn32_stores_ra(uint32_t insn, uintptr_t *offset)
{
	*offset = (insn >> 7 & 0x1f) | (insn >> 20 & 0x7e0);
	return (insn & 0x81fff07f) == 0x00113023;
}

static struct prologue prologue_read(uintptr_t start, uintptr_t pc)
{
	struct prologue prologue = { 0 };
	uintptr_t value;

	while (start < pc && !(prologue.saves_ra && prologue.frame_size)) {
		uint16_t low = *(const uint16_t *)start;
		bool is_short = (low & 3) != 3;
		uint32_t insn = low;

		if (!is_short)
			insn |= (uint32_t) * (const uint16_t *)(start + 2)
				<< 16;
		if (!prologue.frame_size &&
		    (is_short ? insn16_lowers_sp(low, &value)
			      : insn32_lowers_sp(insn, &value)))
			prologue.frame_size = value;
		if (!prologue.saves_ra &&
		    (is_short ? insn16_stores_ra(low, &value)
			      : insn32_stores_ra(insn, &value))) {
			prologue.saves_ra = true;
			prologue.ra_offset = value;
		}
		start += is_short ? 2 : 4;
	}
	return prologue;
}

__noinline void unwind_from_here(struct unwind *unwind)
{
	uintptr_t sp, pc;

	__asm__ volatile("mv %0, sp\n\tauipc %1, 0" : "=r"(sp), "=r"(pc));
	*unwind = (struct unwind){
		.pc = pc,
		.sp = sp,
		.ra = (uintptr_t)__builtin_return_address(0),
	};
}

void unwind_from_frame(struct unwind *unwind, const struct trap_frame *frame)
{
	*unwind = (struct unwind){ .pc = frame->pc,
				   .sp = frame->sp,
				   .ra = frame->ra };
}

/* In entry.S there is no prologue: sp points at the frame of a trap. */
static bool unwind_trap(struct unwind *unwind)
{
	const struct trap_frame *frame = (const void *)unwind->sp;

	if (!stack_has(unwind->sp, sizeof(*frame)) ||
	    !image_has_text(frame->pc))
		return false;
	unwind_from_frame(unwind, frame);
	return true;
}

bool unwind_next(struct unwind *unwind, uintptr_t start)
{
	struct prologue prologue;
	uintptr_t caller = unwind->ra;

	if (unwind->pc >= (uintptr_t)trap_entry &&
	    unwind->pc < (uintptr_t)trap_entry_end)
		return unwind_trap(unwind);

	prologue = prologue_read(start, unwind->pc);
	if (prologue.saves_ra) {
		uintptr_t slot = unwind->sp + prologue.ra_offset;

		if (!stack_has(slot, sizeof(caller)))
			return false;
		caller = *(const uintptr_t *)slot;
	}
	/* Only the innermost function may have its caller in a register. */
	if (!image_has_text(caller))
		return false;
	unwind->pc = caller;
	unwind->sp += prologue.frame_size;
	unwind->ra = 0;
	return true;
}
