// SPDX-License-Identifier: MIT
/* SYSCTL: clocks, gates and resets; k210.md section 3.5. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct hart;
struct machine;

#define SYSCTL_WORDS 32
#define SYSCTL_PLLS  3

struct sysctl {
	uint32_t words[SYSCTL_WORDS];
	/* Cycle at which each PLL locks; UINT64_MAX: it was not reset. */
	uint64_t locks_at[SYSCTL_PLLS];
	uint64_t cycles; /* of ACLK, kept equal to the machine's */
};

/* Registers, by offset; as struct region of bus.c has them. */
uint32_t sysctl_read(struct hart *hart, uint32_t offset);
void sysctl_write(struct hart *hart, uint32_t offset, uint32_t value);

/* As the boot ROM of a turbo chip leaves it; status says what reset it. */
void sysctl_reset(struct sysctl *sysctl, uint32_t reset_status);

/* Rate of ACLK, the clock of the harts, in Hz. */
uint64_t sysctl_aclk(const struct sysctl *sysctl);

/* PLL1 is powered, locked and let out, so that AI SRAM answers. */
bool sysctl_pll1_runs(const struct sysctl *sysctl);

/* clk_en_cent, clk_en_peri and peri_reset. */
uint32_t sysctl_gates_cent(const struct sysctl *sysctl);
uint32_t sysctl_gates_peri(const struct sysctl *sysctl);
uint32_t sysctl_resets(const struct sysctl *sysctl);
