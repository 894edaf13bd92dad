// SPDX-License-Identifier: MIT
/* SYSCTL: clocks, gates and resets; k210.md section 3.5. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "map.h"

#define IN0_HZ       26000000 /* the crystal */
#define SYSCTL_WORDS 32
#define SYSCTL_PLLS  3

/* Why the chip started, as reset_status tells it. */
enum reset_cause {
	RESET_BY_PIN = 1,
	RESET_BY_WDT0 = 2,
	RESET_BY_WDT1 = 3,
	RESET_BY_SOFTWARE = 4,
};

enum clock {
	CLOCK_ACLK,
	CLOCK_APB0,
	CLOCK_APB1,
	CLOCK_APB2,
	CLOCK_SPI0,
	CLOCK_SPI1,
	CLOCK_SPI3,
	CLOCK_TIMER0,
	CLOCK_TIMER1,
	CLOCK_TIMER2,
	CLOCK_WDT0,
	CLOCK_WDT1,
	CLOCK_I2C0,
	CLOCK_I2C1,
	CLOCK_I2C2,
	CLOCK_RTC,
};

struct sysctl {
	uint32_t words[SYSCTL_WORDS];
	bool is_locked[SYSCTL_PLLS];
	struct event lock[SYSCTL_PLLS];
};

extern const struct device_ops sysctl_ops;

/* Rate of ACLK, the clock of the harts, in Hz. */
uint64_t sysctl_aclk(const struct sysctl *sysctl);

/*
 * Rate of a device's clock in Hz; 0 if it is gated or its PLL does not run.
 * A device learns of changes by its clocks_changed().
 */
uint64_t sysctl_clock(const struct machine *machine, enum clock clock);

/* PLL1 is powered, locked and let out, so that AI SRAM answers. */
bool sysctl_pll1_runs(const struct sysctl *sysctl);

/* clk_en_cent, clk_en_peri and peri_reset. */
uint32_t sysctl_gates_cent(const struct sysctl *sysctl);
uint32_t sysctl_gates_peri(const struct sysctl *sysctl);
uint32_t sysctl_resets(const struct sysctl *sysctl);

/* Open the gates of a device and let go of its reset. */
void sysctl_let_run(struct machine *machine, const struct device *device);

/* `peri` halts that channel of TIMER0 to TIMER2. */
bool sysctl_timer_is_paused(const struct sysctl *sysctl, unsigned int timer,
			    unsigned int channel);

/* Bit b: IO bank b has 1.8 V, not 3.3 V. */
uint32_t sysctl_power_sel(const struct sysctl *sysctl);

/* SPI0's data is on the dedicated pins of LCD and camera. */
bool sysctl_spi0_has_lcd(const struct sysctl *sysctl);

/* SPI3's window shows the flash (XIP). */
bool sysctl_spi3_is_xip(const struct sysctl *sysctl);

/* The request that dma_sel gives a DMA channel, 0 to 5. */
unsigned int sysctl_dma_request(const struct sysctl *sysctl,
				unsigned int channel);
