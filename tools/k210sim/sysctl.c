// SPDX-License-Identifier: MIT
/*
 * SYSCTL: k210.md section 3.5.
 *
 * Registers keep what is written; those with an effect here are the PLLs,
 * selections, thresholds, gates and resets, and soft_reset.  A PLL locks some
 * time after its reset was pulsed with the power on.
 */
#include "sysctl_internal.h"

#include "machine.h"

#define CLK_FREQ            0x04
#define PLL_LOCK            0x18
#define ROM_ERROR           0x1c
#define SOFT_RESET          0x30
#define PERI_RESET          0x34
#define PERI                0x58
#define MISC                0x54
#define RESET_STATUS        0x60
#define DMA_SEL0            0x64
#define DMA_SEL1            0x68
#define POWER_SEL           0x6c
#define SPI3_XIP            (1u << 15)
#define SPI_DVP_DATA_ENABLE (1u << 10)
#define PLL_RESET           (1u << 20)
#define PLL_POWER           (1u << 21)
#define PLL0_780_MHZ        0x000ec7b0
#define REFERENCE_MIN       13671900
#define VCO_MIN             350000000
#define VCO_MAX             1750000000
#define LOCK_TIME           (10 * PS_PER_MICROSECOND)

uint32_t sysctl_gates_cent(const struct sysctl *sysctl)
{
	return sysctl_word(sysctl, CLK_EN_CENT);
}

uint32_t sysctl_gates_peri(const struct sysctl *sysctl)
{
	return sysctl_word(sysctl, CLK_EN_PERI);
}

uint32_t sysctl_resets(const struct sysctl *sysctl)
{
	return sysctl_word(sysctl, PERI_RESET);
}

bool sysctl_timer_is_paused(const struct sysctl *sysctl, unsigned int timer,
			    unsigned int channel)
{
	return sysctl_word(sysctl, PERI) >> (4 * timer + channel) & 1;
}

uint32_t sysctl_power_sel(const struct sysctl *sysctl)
{
	return sysctl_word(sysctl, POWER_SEL);
}

bool sysctl_spi0_has_lcd(const struct sysctl *sysctl)
{
	return sysctl_word(sysctl, MISC) & SPI_DVP_DATA_ENABLE;
}

bool sysctl_spi3_is_xip(const struct sysctl *sysctl)
{
	return sysctl_word(sysctl, PERI) & SPI3_XIP;
}

unsigned int sysctl_dma_request(const struct sysctl *sysctl,
				unsigned int channel)
{
	if (channel == 5)
		return sysctl_word(sysctl, DMA_SEL1) & 63;
	return sysctl_word(sysctl, DMA_SEL0) >> (6 * channel) & 63;
}

static void clocks_changed(struct machine *machine)
{
	event_set_aclk(machine, sysctl_aclk(&machine->sysctl));
	map_clocks_changed(machine);
}

void sysctl_let_run(struct machine *machine, const struct device *device)
{
	struct sysctl *sysctl = &machine->sysctl;

	if (device->bus_gate != NO_BIT)
		sysctl->words[CLK_EN_CENT / 4] |= 1u << device->bus_gate;
	if (device->gate != NO_BIT)
		sysctl->words[CLK_EN_PERI / 4] |= 1u << device->gate;
	if (device->reset != NO_BIT)
		sysctl->words[PERI_RESET / 4] &= ~(1u << device->reset);
	clocks_changed(machine);
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

	if (sysctl_word(sysctl, CLK_SEL0) & 1 && !sysctl_pll_runs(sysctl, 0))
		access_misuse(access, "ACLK taken from PLL0, which does not "
				      "run (k210.md 6.2)");
	if (!(sysctl_word(sysctl, CLK_EN_CENT) & 1))
		access_misuse(access, "the clock of the harts is off");
}

static uint32_t sysctl_read(const struct reg_access *access)
{
	struct sysctl *sysctl = &access->machine->sysctl;
	uint32_t value = 0;

	if (access->offset != PLL_LOCK)
		return sysctl_word(sysctl, access->offset);
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
			/*
			 * rom, spi3, aes, sha, otp; and fpioa, which the
			 * vendor SDK's entry_user.c uses without asking.
			 */
			[CLK_EN_PERI / 4] = 0x0c180201,
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
