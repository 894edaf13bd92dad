// SPDX-License-Identifier: MIT
/* What guests that check a list of cases share. */
#pragma once

#include <stdint.h>

/* Print "ok NAME", or "wrong NAME: found, expected". */
void check(const char *name, uint64_t found, uint64_t expected);

/* Print a text. */
void put(const char *text);

/* A register of 32 or 64 bits. */
static inline volatile uint32_t *reg(uint64_t address)
{
	return (volatile uint32_t *)address;
}

static inline volatile uint64_t *reg64(uint64_t address)
{
	return (volatile uint64_t *)address;
}

/* The view of a variable in memory that bypasses the caches. */
static inline void *uncached(const volatile void *pointer)
{
	return (void *)((uint64_t)pointer - 0x40000000);
}

static inline uint64_t cycles(void)
{
	uint64_t value;

	asm volatile("csrr %0, mcycle" : "=r"(value));
	return value;
}

#define SYSCTL 0x50440000ull
#define IN0_HZ 26000000ull /* of ACLK, too: start_k210.S chose it */

/* Turn on the gate of clk_en_peri and pulse the reset of that number. */
void device_on(unsigned int bit);

/* Let a PLIC source through to hart 0's M context, and no other. */
void plic_choose(unsigned int source);

/* Claim and complete: the source that was pending, or 0. */
unsigned int plic_take(void);
