// SPDX-License-Identifier: MIT
/*
 * How fast clocks run, by SYSCTL's registers: k210.md section 3.5, the table
 * of clocks and parents.
 */
#include "sysctl_internal.h"

#include "machine.h"

#define CLK_TH1 0x3c
#define CLK_TH2 0x40
#define CLK_TH5 0x4c
#define CLK_TH6 0x50

enum parent { FROM_IN0, FROM_PLL0, FROM_ACLK, FROM_SEL0 };

/* A device's clock: the parent's rate, divided. */
struct clock_row {
	enum parent parent;
	int8_t select;      /* FROM_SEL0: bit that chooses PLL0, not IN0 */
	int8_t threshold;   /* register of the divider n, or NO_BIT */
	int8_t shift, bits; /* the divider's field */
	int8_t factor;      /* rate = parent / (factor * (n + 1)) */
	int8_t bus_gate;
	int8_t gate;
};

/* clang-format off */
static const struct clock_row clocks[] = {
	[CLOCK_ACLK] = { FROM_ACLK, 0, NO_BIT, 0, 0, 1, 0, NO_BIT },
	[CLOCK_APB0] = { FROM_ACLK, 0, CLK_SEL0, 3, 3, 1, 3, NO_BIT },
	[CLOCK_APB1] = { FROM_ACLK, 0, CLK_SEL0, 6, 3, 1, 4, NO_BIT },
	[CLOCK_APB2] = { FROM_ACLK, 0, CLK_SEL0, 9, 3, 1, 5, NO_BIT },
	[CLOCK_SPI0] = { FROM_PLL0, 0, CLK_TH1, 0, 8, 2, 5, 6 },
	[CLOCK_SPI1] = { FROM_PLL0, 0, CLK_TH1, 8, 8, 2, 5, 7 },
	[CLOCK_SPI3] = { FROM_SEL0, 12, CLK_TH1, 24, 8, 2, 5, 9 },
	[CLOCK_TIMER0] = { FROM_SEL0, 13, CLK_TH2, 0, 8, 2, 3, 21 },
	[CLOCK_TIMER1] = { FROM_SEL0, 14, CLK_TH2, 8, 8, 2, 3, 22 },
	[CLOCK_TIMER2] = { FROM_SEL0, 15, CLK_TH2, 16, 8, 2, 3, 23 },
	[CLOCK_WDT0] = { FROM_IN0, 0, CLK_TH6, 0, 8, 2, 4, 24 },
	[CLOCK_WDT1] = { FROM_IN0, 0, CLK_TH6, 8, 8, 2, 4, 25 },
	[CLOCK_I2C0] = { FROM_PLL0, 0, CLK_TH5, 8, 8, 2, 3, 13 },
	[CLOCK_I2C1] = { FROM_PLL0, 0, CLK_TH5, 16, 8, 2, 3, 14 },
	[CLOCK_I2C2] = { FROM_PLL0, 0, CLK_TH5, 24, 8, 2, 3, 15 },
	[CLOCK_RTC] = { FROM_IN0, 0, NO_BIT, 0, 0, 1, 4, 29 },
};
/* clang-format on */

bool sysctl_pll_runs(const struct sysctl *sysctl, unsigned int pll)
{
	return sysctl->is_locked[pll] &&
	       sysctl_word(sysctl, PLL0 + 4 * pll) & PLL_OUT;
}

/* Hz; 0 if it does not run.  PLL2 alone may follow another PLL. */
static uint64_t pll_rate(const struct sysctl *sysctl, unsigned int pll)
{
	uint32_t value = sysctl_word(sysctl, PLL0 + 4 * pll);
	uint64_t r = (value & 15) + 1;
	uint64_t f = (value >> 4 & 63) + 1;
	uint64_t od = (value >> 10 & 15) + 1;
	unsigned int input = pll == 2 ? value >> PLL2_IN_SHIFT & 3 : 0;
	uint64_t in = IN0_HZ;

	if (!sysctl_pll_runs(sysctl, pll) || input == 3)
		return 0;
	if (input)
		in = pll_rate(sysctl, input - 1);
	return value & PLL_BYPASS ? in : in * f / (r * od);
}

uint64_t sysctl_aclk(const struct sysctl *sysctl)
{
	uint32_t select = sysctl_word(sysctl, CLK_SEL0);

	if (!(select & 1) || !sysctl_pll_runs(sysctl, 0))
		return IN0_HZ;
	return pll_rate(sysctl, 0) / (2u << (select >> 1 & 3));
}

static uint64_t parent_rate(const struct sysctl *sysctl,
			    const struct clock_row *clock)
{
	switch (clock->parent) {
	case FROM_ACLK:
		return sysctl_aclk(sysctl);
	case FROM_PLL0:
		return pll_rate(sysctl, 0);
	case FROM_SEL0:
		if (sysctl_word(sysctl, CLK_SEL0) >> clock->select & 1)
			return pll_rate(sysctl, 0);
		return IN0_HZ;
	default:
		return IN0_HZ;
	}
}

uint64_t sysctl_clock(const struct machine *machine, enum clock number)
{
	const struct sysctl *sysctl = &machine->sysctl;
	const struct clock_row *clock = &clocks[number];
	uint64_t divider = (uint64_t)clock->factor;
	uint32_t mask = (1u << clock->bits) - 1;

	if (!(sysctl_word(sysctl, CLK_EN_CENT) >> clock->bus_gate & 1))
		return 0;
	if (clock->gate != NO_BIT &&
	    !(sysctl_word(sysctl, CLK_EN_PERI) >> clock->gate & 1))
		return 0;
	if (clock->threshold != NO_BIT)
		divider *= (sysctl_word(sysctl, (uint32_t)clock->threshold) >>
				    clock->shift &
			    mask) +
			   1;
	return parent_rate(sysctl, clock) / divider;
}

bool sysctl_pll1_runs(const struct sysctl *sysctl)
{
	return sysctl_pll_runs(sysctl, 1);
}
