/* SPDX-License-Identifier: MIT */
/*
 * Instructions that the hardware leaves to firmware.
 *
 * The emulate_*() functions either do the instruction, step over it and return
 * true, or return false with info as the trap to pass on: the one that came,
 * or the fault that the emulation met.  Context: in that trap.
 */
#pragma once

#include <lib/types.h>

#include "trap.h"

#define OPCODE_SYSTEM 0x73

/* rdtime, rdcycle, rdinstret; on harts of version 1.9.1 more: priv19.h. */
bool emulate_illegal(struct trap_frame *frame, struct trap_info *info);

/* Integer, floating-point and compressed; info->tval is the address. */
bool emulate_misaligned_load(struct trap_frame *frame, struct trap_info *info);
bool emulate_misaligned_store(struct trap_frame *frame, struct trap_info *info);

/*
 * The instruction at mepc, 2 or 4 bytes.  false: it can't be fetched, and info
 * is why.
 */
bool emulate_fetch(uint32_t *insn, struct trap_info *info);

/* Let info be the fault that access.h met.  Uses mtval and its like. */
void emulate_note_fault(struct trap_info *info, uint64_t fault);

/*
 * Read 8 bytes that an SBI call's argument points to in virtual memory.  On a
 * fault the caller will take it at its ecall instruction: false.
 */
bool emulate_read_argument(uint64_t addr, uint64_t *value);
