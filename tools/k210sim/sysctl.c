// SPDX-License-Identifier: MIT
/*
 * SYSCTL: k210.md section 3.5.
 *
 * Registers keep what is written; those with an effect here are the PLLs,
 * clk_sel0, the gates and resets, and soft_reset.  A PLL locks some time
 * after its reset was pulsed with the power on.  Rates other than ACLK's
 * come with the devices that use them.
 */
#include "sysctl.h"

#include "machine.h"
#include "report.h"

#define BASE         0x50440000u
#define CLK_FREQ     0x04
#define PLL0         0x08
#define PLL_LOCK     0x18
#define ROM_ERROR    0x1c
#define CLK_SEL0     0x20
#define CLK_EN_CENT  0x28
#define CLK_EN_PERI  0x2c
#define SOFT_RESET   0x30
#define PERI_RESET   0x34
#define RESET_STATUS 0x60
#define IN0_HZ       26000000
#define PLL_RESET    (1u << 20)
#define PLL_POWER    (1u << 21)
#define PLL_BYPASS   (1u << 23)
#define PLL_OUT      (1u << 25)
#define PLL0_780_MHZ 0x000ec7b0
#define LOCK_CYCLES  1000

static uint32_t word(const struct sysctl *sysctl, uint32_t offset)
{
	return sysctl->words[offset / 4];
}

static bool pll_is_locked(const struct sysctl *sysctl, unsigned int pll)
{
	return sysctl->cycles >= sysctl->locks_at[pll];
}

static bool pll_runs(const struct sysctl *sysctl, unsigned int pll)
{
	return pll_is_locked(sysctl, pll) &&
	       word(sysctl, PLL0 + 4 * pll) & PLL_OUT;
}

static uint64_t pll_rate(const struct sysctl *sysctl, unsigned int pll)
{
	uint32_t value = word(sysctl, PLL0 + 4 * pll);
	uint64_t r = (value & 15) + 1;
	uint64_t f = (value >> 4 & 63) + 1;
	uint64_t od = (value >> 10 & 15) + 1;

	return value & PLL_BYPASS ? IN0_HZ : IN0_HZ * f / (r * od);
}

uint64_t sysctl_aclk(const struct sysctl *sysctl)
{
	uint32_t select = word(sysctl, CLK_SEL0);

	if (!(select & 1) || !pll_runs(sysctl, 0))
		return IN0_HZ;
	return pll_rate(sysctl, 0) / (2u << (select >> 1 & 3));
}

bool sysctl_pll1_runs(const struct sysctl *sysctl)
{
	return pll_runs(sysctl, 1);
}

uint32_t sysctl_gates_cent(const struct sysctl *sysctl)
{
	return word(sysctl, CLK_EN_CENT);
}

uint32_t sysctl_gates_peri(const struct sysctl *sysctl)
{
	return word(sysctl, CLK_EN_PERI);
}

uint32_t sysctl_resets(const struct sysctl *sysctl)
{
	return word(sysctl, PERI_RESET);
}

static void pll_write(struct sysctl *sysctl, unsigned int pll, uint32_t old,
		      uint32_t value)
{
	if (!(value & PLL_POWER) || value & PLL_RESET)
		sysctl->locks_at[pll] = UINT64_MAX;
	else if (old & PLL_RESET)
		sysctl->locks_at[pll] = sysctl->cycles + LOCK_CYCLES;
}

/* With no clock the chip stands still for ever. */
static void check_clocks(struct hart *hart, uint32_t offset)
{
	const struct sysctl *sysctl = &hart->machine->sysctl;

	if (word(sysctl, CLK_SEL0) & 1 && !pll_runs(sysctl, 0))
		report_misuse(hart, BASE + offset,
			      "ACLK taken from PLL0, which does not run "
			      "(k210.md 6.2)");
	if (!(word(sysctl, CLK_EN_CENT) & 1))
		report_misuse(hart, BASE + offset,
			      "the clock of the harts is off");
}

uint32_t sysctl_read(struct hart *hart, uint32_t offset)
{
	struct sysctl *sysctl = &hart->machine->sysctl;
	uint32_t value = 0;

	sysctl->cycles = hart->machine->cycles;
	if (offset != PLL_LOCK)
		return word(sysctl, offset);
	for (unsigned int i = 0; i < SYSCTL_PLLS; i++)
		if (pll_is_locked(sysctl, i))
			value |= 3u << (8 * i);
	return value;
}

void sysctl_write(struct hart *hart, uint32_t offset, uint32_t value)
{
	struct sysctl *sysctl = &hart->machine->sysctl;
	uint32_t old = word(sysctl, offset);

	sysctl->cycles = hart->machine->cycles;
	if (offset <= CLK_FREQ || offset == PLL_LOCK || offset == ROM_ERROR)
		return;
	if (offset == SOFT_RESET) {
		hart->machine->reset_wanted |= value & 1;
		return;
	}
	if (offset == RESET_STATUS) {
		sysctl->words[offset / 4] = value & 1 ? 0 : old;
		return;
	}
	sysctl->words[offset / 4] = value;
	if (offset >= PLL0 && offset < PLL0 + 4 * SYSCTL_PLLS)
		pll_write(sysctl, (offset - PLL0) / 4, old, value);
	check_clocks(hart, offset);
}

void sysctl_reset(struct sysctl *sysctl, uint32_t reset_status)
{
	*sysctl = (struct sysctl){
		.locks_at = { 0, UINT64_MAX, UINT64_MAX },
		.cycles = sysctl->cycles,
		.words = {
			[CLK_FREQ / 4] = IN0_HZ,
			[PLL0 / 4] = PLL0_780_MHZ | PLL_POWER | PLL_OUT,
			/* ACLK from PLL0 / 2, APB0 at half of it. */
			[CLK_SEL0 / 4] = 1 | 1 << 3,
			[CLK_EN_CENT / 4] = 0x3f,
			/* rom, spi3, aes, sha, otp */
			[CLK_EN_PERI / 4] = 0x0c080201,
			[RESET_STATUS / 4] = reset_status,
		},
	};
}
