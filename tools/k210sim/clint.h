// SPDX-License-Identifier: MIT
/* CLINT: software interrupts and the timer; k210.md section 3.1. */
#pragma once

#include <stdint.h>

struct hart;
struct machine;

struct clint {
	uint32_t msip[2];
	uint64_t mtimecmp[2];
	uint64_t mtime;
	unsigned int cycles; /* of ACLK since mtime last counted */
};

/* Registers, by offset; as struct region of bus.c has them. */
uint32_t clint_read(struct hart *hart, uint32_t offset);
void clint_write(struct hart *hart, uint32_t offset, uint32_t value);

/* Power came: mtimecmp holds anything. */
void clint_reset(struct machine *machine);

/* That many cycles of ACLK passed: count, and drive MSIP and MTIP. */
void clint_advance(struct machine *machine, uint64_t cycles);

/* Cycles until the next MTIP that a hart waits for; UINT64_MAX if none. */
uint64_t clint_next_event(const struct machine *machine);
