// SPDX-License-Identifier: MIT
/* What the files of SYSCTL share: registers, and fields of the PLLs'. */
#pragma once

#include "sysctl.h"

#define PLL0          0x08
#define CLK_SEL0      0x20
#define CLK_EN_CENT   0x28
#define CLK_EN_PERI   0x2c
#define PLL_BYPASS    (1u << 23)
#define PLL_OUT       (1u << 25)
#define PLL2_IN_SHIFT 26

static inline uint32_t sysctl_word(const struct sysctl *sysctl, uint32_t offset)
{
	return sysctl->words[offset / 4];
}

/* A PLL is locked and let out. */
bool sysctl_pll_runs(const struct sysctl *sysctl, unsigned int pll);
