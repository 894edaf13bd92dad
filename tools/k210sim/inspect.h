// SPDX-License-Identifier: MIT
/*
 * Memory as a person wants to see it: by the addresses of a hart, and without
 * any trace in caches, TLBs and tables.  Only SRAM is shown, since to read a
 * device's register may change it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hart;

/*
 * Read or write len bytes at an address that means what it means to the hart's
 * loads now.  False: some of it is not mapped, or not to SRAM; what came
 * before has been read or written.
 */
bool inspect_read(struct hart *hart, uint64_t address, void *data, size_t len);
bool inspect_write(struct hart *hart, uint64_t address, const void *data,
		   size_t len);

/*
 * The instruction at hart->pc, of 16 or 32 bits, as the instruction cache has
 * it if it has.  False: there is none.
 */
bool inspect_insn(struct hart *hart, uint32_t *insn);
