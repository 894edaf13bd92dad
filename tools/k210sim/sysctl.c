// SPDX-License-Identifier: MIT
/*
 * SYSCTL: k210.md section 3.5.
 *
 * Registers keep what is written; those with an effect here are the PLLs,
 * selections, thresholds, gates and resets, and soft_reset.  A PLL locks some
 * time after its reset was pulsed with the power on.
 */
#include "sysctl.h"

#include "machine.h"

#define CLK_FREQ            0x04
#define PLL0                0x08
#define PLL_LOCK            0x18
#define ROM_ERROR           0x1c
#define CLK_SEL0            0x20
#define CLK_EN_CENT         0x28
#define CLK_EN_PERI         0x2c
#define SOFT_RESET          0x30
#define PERI_RESET          0x34
#define CLK_TH1             0x3c
#define CLK_TH2             0x40
#define CLK_TH5             0x4c
#define CLK_TH6             0x50
#define PERI                0x58
#define MISC                0x54
#define PERI                0x58
#define RESET_STATUS        0x60
#define DMA_SEL0            0x64
#define DMA_SEL1            0x68
#define POWER_SEL           0x6c
#define SPI3_XIP            (1u << 15)
#define SPI_DVP_DATA_ENABLE (1u << 10)
#define PLL_RESET           (1u << 20)
#define PLL_POWER           (1u << 21)
#define PLL_BYPASS          (1u << 23)
#define PLL_OUT             (1u << 25)
#define PLL2_IN_SHIFT       26
#define PLL0_780_MHZ        0x000ec7b0
#define REFERENCE_MIN       13671900
#define VCO_MIN             350000000
#define VCO_MAX             1750000000
#define LOCK_TIME           (10 * PS_PER_MICROSECOND)

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

static uint32_t word(const struct sysctl *sysctl, uint32_t offset)
{
	return sysctl->words[offset / 4];
}

static bool pll_runs(const struct sysctl *sysctl, unsigned int pll)
{
	return sysctl->is_locked[pll] && word(sysctl, PLL0 + 4 * pll) & PLL_OUT;
}

/* Hz; 0 if it does not run.  PLL2 alone may follow another PLL. */
static uint64_t pll_rate(const struct sysctl *sysctl, unsigned int pll)
{
	uint32_t value = word(sysctl, PLL0 + 4 * pll);
	uint64_t r = (value & 15) + 1;
	uint64_t f = (value >> 4 & 63) + 1;
	uint64_t od = (value >> 10 & 15) + 1;
	unsigned int input = pll == 2 ? value >> PLL2_IN_SHIFT & 3 : 0;
	uint64_t in = IN0_HZ;

	if (!pll_runs(sysctl, pll) || input == 3)
		return 0;
	if (input)
		in = pll_rate(sysctl, input - 1);
	return value & PLL_BYPASS ? in : in * f / (r * od);
}

uint64_t sysctl_aclk(const struct sysctl *sysctl)
{
	uint32_t select = word(sysctl, CLK_SEL0);

	if (!(select & 1) || !pll_runs(sysctl, 0))
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
		if (word(sysctl, CLK_SEL0) >> clock->select & 1)
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

	if (!(word(sysctl, CLK_EN_CENT) >> clock->bus_gate & 1))
		return 0;
	if (clock->gate != NO_BIT &&
	    !(word(sysctl, CLK_EN_PERI) >> clock->gate & 1))
		return 0;
	if (clock->threshold != NO_BIT)
		divider *= (word(sysctl, (uint32_t)clock->threshold) >>
				    clock->shift &
			    mask) +
			   1;
	return parent_rate(sysctl, clock) / divider;
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

bool sysctl_timer_is_paused(const struct sysctl *sysctl, unsigned int timer,
			    unsigned int channel)
{
	return word(sysctl, PERI) >> (4 * timer + channel) & 1;
}

uint32_t sysctl_power_sel(const struct sysctl *sysctl)
{
	return word(sysctl, POWER_SEL);
}

bool sysctl_spi0_has_lcd(const struct sysctl *sysctl)
{
	return word(sysctl, MISC) & SPI_DVP_DATA_ENABLE;
}

bool sysctl_spi3_is_xip(const struct sysctl *sysctl)
{
	return word(sysctl, PERI) & SPI3_XIP;
}

unsigned int sysctl_dma_request(const struct sysctl *sysctl,
				unsigned int channel)
{
	if (channel == 5)
		return word(sysctl, DMA_SEL1) & 63;
	return word(sysctl, DMA_SEL0) >> (6 * channel) & 63;
}

static void clocks_changed(struct machine *machine)
{
	event_set_aclk(machine, sysctl_aclk(&machine->sysctl));
	map_clocks_changed(machine);
}

static void lock_fire(struct machine *machine, struct event *event)
{
	bool *is_locked = event->owner;

	*is_locked = true;
	clocks_changed(machine);
}

/* What the datasheet allows a PLL, from the crystal. */
static void check_pll(const struct reg_access *access, uint32_t value)
{
	uint64_t reference = IN0_HZ / ((value & 15) + 1);
	uint64_t vco = IN0_HZ * ((value >> 4 & 63) + 1ull) / ((value & 15) + 1);

	if (!(value & PLL_BYPASS) &&
	    (reference < REFERENCE_MIN || vco < VCO_MIN || vco > VCO_MAX))
		access_misuse(access,
			      "a PLL cannot run at %u MHz from %u MHz "
			      "(k210.md 3.5)",
			      (unsigned int)(vco / 1000000),
			      (unsigned int)(reference / 1000000));
}

static void pll_write(const struct reg_access *access, unsigned int pll,
		      uint32_t old, uint32_t value)
{
	struct machine *machine = access->machine;
	struct sysctl *sysctl = &machine->sysctl;

	if (!(value & PLL_POWER) || value & PLL_RESET) {
		sysctl->is_locked[pll] = false;
		event_cancel(machine, &sysctl->lock[pll]);
	} else if (old & PLL_RESET) {
		if (pll < 2 || !(value >> PLL2_IN_SHIFT & 3))
			check_pll(access, value);
		event_schedule(machine, &sysctl->lock[pll],
			       time_now(machine) + LOCK_TIME);
	}
}

/* With no clock the chip stands still for ever. */
static void check_clocks(const struct reg_access *access)
{
	const struct sysctl *sysctl = &access->machine->sysctl;

	if (word(sysctl, CLK_SEL0) & 1 && !pll_runs(sysctl, 0))
		access_misuse(access, "ACLK taken from PLL0, which does not "
				      "run (k210.md 6.2)");
	if (!(word(sysctl, CLK_EN_CENT) & 1))
		access_misuse(access, "the clock of the harts is off");
}

static uint32_t sysctl_read(const struct reg_access *access)
{
	struct sysctl *sysctl = &access->machine->sysctl;
	uint32_t value = 0;

	if (access->offset != PLL_LOCK)
		return word(sysctl, access->offset);
	for (unsigned int i = 0; i < SYSCTL_PLLS; i++)
		if (sysctl->is_locked[i])
			value |= 3u << (8 * i);
	return value;
}

static void sysctl_write(const struct reg_access *access, uint32_t value)
{
	struct machine *machine = access->machine;
	uint32_t offset = access->offset;
	uint32_t *stored = &machine->sysctl.words[offset / 4];
	uint32_t old = *stored;

	if (offset <= CLK_FREQ || offset == PLL_LOCK || offset == ROM_ERROR)
		return;
	if (offset == SOFT_RESET) {
		if (value & 1)
			machine_want_reset(machine, RESET_BY_SOFTWARE);
		return;
	}
	if (offset == RESET_STATUS) {
		*stored = value & 1 ? 0 : old;
		return;
	}
	*stored = value;
	if (offset >= PLL0 && offset < PLL0 + 4 * SYSCTL_PLLS)
		pll_write(access, (offset - PLL0) / 4, old, value);
	if (offset == PERI_RESET)
		map_reset_devices(machine, value);
	check_clocks(access);
	clocks_changed(machine);
}

/* As the boot ROM leaves it, which the turbo fuse decides. */
static void sysctl_reset(struct machine *machine, const struct device *device)
{
	struct sysctl *sysctl = &machine->sysctl;

	(void)device;
	for (unsigned int i = 0; i < SYSCTL_PLLS; i++)
		event_cancel(machine, &sysctl->lock[i]);
	*sysctl = (struct sysctl){
		.is_locked = { !machine->is_slow, false, false },
		.words = {
			[CLK_FREQ / 4] = IN0_HZ,
			[PLL0 / 4] = PLL0_780_MHZ |
				     (machine->is_slow ? 0
						       : PLL_POWER | PLL_OUT),
			/* ACLK from PLL0 / 2 or IN0, APB0 at half of it. */
			[CLK_SEL0 / 4] = (machine->is_slow ? 0 : 1) | 1 << 3,
			[CLK_EN_CENT / 4] = 0x3f,
			/* rom, spi3, aes, sha, otp */
			[CLK_EN_PERI / 4] = 0x0c080201,
			[RESET_STATUS / 4] = 1u << machine->reset_cause,
		},
	};
	for (unsigned int i = 0; i < SYSCTL_PLLS; i++)
		sysctl->lock[i] = (struct event){
			.fire = lock_fire,
			.owner = &sysctl->is_locked[i],
		};
	event_set_aclk(machine, sysctl_aclk(sysctl));
}

const struct device_ops sysctl_ops = {
	.read = sysctl_read,
	.write = sysctl_write,
	.reset = sysctl_reset,
};
