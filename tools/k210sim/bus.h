// SPDX-License-Identifier: MIT
/*
 * The physical address space: k210.md section 1.2.  Addresses have 32 bits;
 * what a hart puts above them is ignored.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct hart;

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

/*
 * Load or store size bytes at an aligned address.  False: nobody answers, or
 * not this way; the misuse has been reported and an access fault is due.
 */
bool bus_load(struct hart *hart, uint32_t address, unsigned int size,
	      uint64_t *value);
bool bus_store(struct hart *hart, uint32_t address, unsigned int size,
	       uint64_t value);

/* Fetch 16 bits of code; like bus_load(), from memory only. */
bool bus_fetch(struct hart *hart, uint32_t address, uint64_t *value);
