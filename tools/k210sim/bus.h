// SPDX-License-Identifier: MIT
/*
 * The physical address space: k210.md sections 1.2 and 1.3.  Addresses have 32
 * bits; what a hart puts above them is ignored.
 *
 * SRAM is here, cached and by its alias; all else is map.h's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hart;
struct machine;

#define RAM_BASE  0x80000000u
#define RAM_SIZE  0x800000u
#define RAM_ALIAS 0x40000000u
#define RAM_AI    0x600000u /* offset of the bank that needs PLL1 */

static inline bool bus_is_cached_ram(uint32_t address)
{
	return address - RAM_BASE < RAM_SIZE;
}

static inline bool bus_is_alias(uint32_t address)
{
	return address - RAM_ALIAS < RAM_SIZE;
}

/* Where an address, cached or alias, is in SRAM; RAM_SIZE or more: not. */
static inline uint32_t bus_ram_offset(uint32_t address)
{
	return address - (bus_is_alias(address) ? RAM_ALIAS : RAM_BASE);
}

/*
 * Load or store size bytes at an aligned address.  False: nobody answers, or
 * not this way; the misuse has been reported and an access fault is due.
 */
bool bus_load(struct hart *hart, uint32_t address, unsigned int size,
	      uint64_t *value);
bool bus_store(struct hart *hart, uint32_t address, unsigned int size,
	       uint64_t value);

/* A line of code for the instruction cache; as bus_load(), from SRAM only. */
bool bus_fetch_line(struct hart *hart, uint32_t address, uint8_t *bytes);

/* What is not a hart is about to write that part of SRAM. */
void bus_memory_changes(struct machine *machine, uint32_t offset, size_t len);
