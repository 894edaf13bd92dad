// SPDX-License-Identifier: MIT
/*
 * SYSCTL, case by case: PLLs, ACLK, gates and resets.  The console is garbled
 * while ACLK is not 26 MHz, so what was found there is checked afterwards.
 */
#include "../board/guest.h"

#define PLL0         (SYSCTL + 0x08)
#define PLL1         (SYSCTL + 0x0c)
#define PLL_LOCK     (SYSCTL + 0x18)
#define CLK_SEL0     (SYSCTL + 0x20)
#define CENT         (SYSCTL + CLK_EN_CENT)
#define PERI         (SYSCTL + CLK_EN_PERI)
#define RESETS       (SYSCTL + PERI_RESET)
#define RESET_STATUS (SYSCTL + 0x60)
#define BY_PIN       2
#define SLOW         26000000ull
#define PLL_RESET    (1u << 20)
#define PLL_POWER    (1u << 21)
#define PLL_OUT      (1u << 25)
#define LOCKED(pll)  (3u << 8 * (pll))
#define RATE_299_MHZ (22u << 4 | 1u << 10 | 22u << 14)
#define FROM_PLL0    1u
#define APB_HALVES   (1u << 3)
#define TIMER0       0x502d0000ull
#define CURRENT      0x04
#define CONTROL      0x08
#define GATE_TIMER0  21
#define COUNT_DOWN   1u
#define AI_SRAM      0x40600000ull

void guest_main(void);

/* Cycles of ACLK in 1000 ticks of TIMER0, which has 13 MHz in any case. */
static uint64_t cycles_in_1000_ticks(void)
{
	uint32_t from = get(TIMER0 + CURRENT);
	uint64_t start = cycles();

	while (from - get(TIMER0 + CURRENT) < 1000)
		;
	return cycles() - start;
}

static bool is_about(uint64_t found, uint64_t expected)
{
	return found >= expected && found < expected + expected / 20;
}

/* Change bits of clk_sel0 in one store, as the chip wants it. */
static void select(uint32_t mask, uint32_t value)
{
	set(CLK_SEL0, (get(CLK_SEL0) & ~mask) | value);
}

static void check_reset(void)
{
	check("sysctl_tells_the_crystal_s_rate", get(SYSCTL + 4), SLOW);
	set(SYSCTL + 4, 1);
	check("sysctl_the_crystal_s_rate_is_fixed", get(SYSCTL + 4), SLOW);
	check("sysctl_pll0_is_780_mhz", get(PLL0) & 0xfffff, 0xec7b0);
	check("sysctl_pll0_is_locked_with_turbo", get(PLL_LOCK), LOCKED(0));
	check("sysctl_apb0_runs_at_half", get(CLK_SEL0) & (7u << 3),
	      APB_HALVES);
	check("sysctl_reset_came_by_pin", get(RESET_STATUS), BY_PIN);
}

static void check_aclk(void)
{
	uint64_t slow;
	uint64_t fast;
	uint64_t divided;

	device_on(GATE_TIMER0);
	set(TIMER0 + CONTROL, COUNT_DOWN);
	slow = cycles_in_1000_ticks();
	select(FROM_PLL0, FROM_PLL0);
	fast = cycles_in_1000_ticks();
	select(3u << 1, 2u << 1);
	divided = cycles_in_1000_ticks();
	select(3u << 1 | FROM_PLL0, 0);
	check("sysctl_aclk_is_the_crystal_s", is_about(slow, 2000), 1);
	check("sysctl_aclk_is_half_of_pll0", is_about(fast, 30000), 1);
	check("sysctl_aclk_is_divided", is_about(divided, 7500), 1);
}

static void check_pll1(void)
{
	set(PLL1, RATE_299_MHZ | PLL_POWER | PLL_OUT);
	check("sysctl_pll_needs_a_pulse_of_reset", get(PLL_LOCK), LOCKED(0));
	set(PLL1, RATE_299_MHZ | PLL_POWER | PLL_RESET);
	set(PLL1, RATE_299_MHZ | PLL_POWER);
	check("sysctl_pll_locks_later", get(PLL_LOCK), LOCKED(0));
	while (!(get(PLL_LOCK) & LOCKED(1)))
		;
	check("sysctl_pll_locks", get(PLL_LOCK), LOCKED(0) | LOCKED(1));
	set(PLL1, RATE_299_MHZ | PLL_POWER | PLL_OUT);
	*reg64(AI_SRAM) = 0x123456789;
	check("sysctl_ai_sram_runs_by_pll1", *reg64(AI_SRAM), 0x123456789);
	set(PLL1, RATE_299_MHZ);
	check("sysctl_pll_without_power_is_not_locked", get(PLL_LOCK),
	      LOCKED(0));
}

static void check_gates(void)
{
	set(TIMER0 + CONTROL, COUNT_DOWN);
	set_bits(RESETS, 1u << GATE_TIMER0);
	set(RESETS, get(RESETS) & ~(1u << GATE_TIMER0));
	check("sysctl_reset_clears_a_device", get(TIMER0 + CONTROL), 0);
	set(TIMER0 + CONTROL, COUNT_DOWN);
	set(PERI, get(PERI) & ~(1u << GATE_TIMER0));
	set_bits(PERI, 1u << GATE_TIMER0);
	check("sysctl_gate_keeps_a_device", get(TIMER0 + CONTROL), COUNT_DOWN);
	check("sysctl_buses_run", get(CENT), 0x3f);
}

void guest_main(void)
{
	check_reset();
	check_aclk();
	check_pll1();
	check_gates();
}
