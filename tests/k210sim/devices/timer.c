// SPDX-License-Identifier: MIT
/* TIMER0 to TIMER2, case by case; test_k210_devices.py has the names. */
#include "../check.h"

#define TIMER(unit)      (0x502d0000ull + 0x10000 * (unit))
#define CHANNEL(number)  (TIMER(0) + 0x14 * (number))
#define LOAD             0x00
#define CURRENT          0x04
#define CONTROL          0x08
#define EOI              0x0c
#define STATUS           0x10
#define ALL_STATUS       0xa0
#define ALL_EOI          0xa4
#define ALL_RAW          0xa8
#define LOAD2            0xb0
#define ENABLE           1
#define USER             2
#define MASKED           4
#define PWM              8
#define FIRST_GATE       21
#define FPIOA_GATE       20
#define TOGGLE1_ON_A_PAD (0x1f00 | 190)
#define CLK_SEL0         0x20
#define CLK_TH2          0x40
#define PERI             0x58

void guest_main(void);

static uint64_t is_near(uint64_t found, uint64_t expected)
{
	return found + 40 > expected && found < expected + 40;
}

static uint64_t wait_raised(void)
{
	uint64_t start = cycles();

	while (!(*reg(TIMER(0) + ALL_RAW) & 1))
		;
	return cycles() - start;
}

/* Cycles between the next two interrupts of channel 0. */
static uint64_t next_period(void)
{
	(void)*reg(CHANNEL(0) + EOI);
	wait_raised();
	(void)*reg(CHANNEL(0) + EOI);
	return wait_raised();
}

/* Cycles until channel 0, loaded with that, raises its interrupt. */
static uint64_t period(uint32_t load, uint32_t control)
{
	*reg(CHANNEL(0) + CONTROL) = 0;
	*reg(CHANNEL(0) + LOAD) = load;
	*reg(CHANNEL(0) + CONTROL) = control | ENABLE;
	return wait_raised();
}

static void check_counting(void)
{
	uint32_t first;

	device_on(FIRST_GATE);
	check("timer_counts_nothing_after_reset",
	      *reg(CHANNEL(0) + CURRENT) | *reg(CHANNEL(0) + CONTROL), 0);
	/* 13 MHz: two cycles a tick. */
	check("timer_period_is_load_plus_1_of_13_mhz",
	      is_near(period(9999, USER), 20000), 1);
	(void)*reg(CHANNEL(0) + EOI);
	check("timer_eoi_clears", *reg(TIMER(0) + ALL_RAW), 0);
	check("timer_reloads_in_user_mode", is_near(next_period(), 20000), 1);
	first = *reg(CHANNEL(0) + CURRENT);
	for (int i = 0; i < 100; i++)
		asm volatile("");
	check("timer_counts_down", first - *reg(CHANNEL(0) + CURRENT) < 1000,
	      1);
	*reg(CHANNEL(0) + CONTROL) = 0;
	check("timer_disable_clears_interrupt", *reg(TIMER(0) + ALL_RAW), 0);
	*reg(CHANNEL(0) + CONTROL) = ENABLE;
	check("timer_free_mode_starts_at_all_ones",
	      *reg(CHANNEL(0) + CURRENT) > 0xffffff00, 1);
	*reg(CHANNEL(0) + CONTROL) = USER;
}

static void check_pwm(void)
{
	uint64_t low, high, again;
	uint32_t shown;

	*reg(SYSCTL + 0x2c) |= 1u << FPIOA_GATE;
	*reg(0x502b0000 + 4 * 20) = TOGGLE1_ON_A_PAD;
	*reg(TIMER(0) + LOAD2) = 999;
	low = period(3999, USER | PWM);
	(void)*reg(CHANNEL(0) + EOI);
	high = wait_raised();
	(void)*reg(CHANNEL(0) + EOI);
	again = wait_raised();
	shown = *reg(0x502b0000 + 4 * 20) >> 31;
	(void)*reg(CHANNEL(0) + EOI);
	wait_raised();
	shown = shown << 1 | *reg(0x502b0000 + 4 * 20) >> 31;
	*reg(CHANNEL(0) + CONTROL) = 0;
	check("timer_pwm_shows_its_phase_on_a_pad", shown, 2);
	check("timer_pwm_low_phase_is_load", is_near(low, 8000), 1);
	check("timer_pwm_high_phase_is_load2", is_near(high, 2000), 1);
	check("timer_pwm_low_phase_comes_again", is_near(again, 8000), 1);
}

static void check_clock(void)
{
	uint32_t before;

	*reg(SYSCTL + CLK_TH2) = 3;
	check("timer_divider_slows", is_near(period(999, USER), 8000), 1);
	*reg(SYSCTL + CLK_TH2) = 0;
	/* PLL0, 780 MHz, over 2: 15 ticks a cycle. */
	*reg(SYSCTL + CLK_SEL0) |= 1u << 13;
	check("timer_runs_from_pll0", is_near(period(149999, USER), 10000), 1);
	*reg(SYSCTL + CLK_SEL0) &= ~(1u << 13);
	period(0xffff, USER);
	before = *reg(CHANNEL(0) + CURRENT);
	*reg(SYSCTL + CLK_TH2) = 255;
	check("timer_keeps_its_count_over_a_change",
	      before - *reg(CHANNEL(0) + CURRENT) < 20, 1);
	*reg(SYSCTL + PERI) = 1;
	before = *reg(CHANNEL(0) + CURRENT);
	*reg(SYSCTL + CLK_TH2) = 0;
	check("timer_pause_halts", *reg(CHANNEL(0) + CURRENT), before);
	*reg(SYSCTL + PERI) = 0;
	*reg(CHANNEL(0) + CONTROL) = 0;
}

static unsigned int wait_for(unsigned int source)
{
	plic_choose(source);
	asm volatile("csrw mie, %0" ::"r"(1 << 11));
	asm volatile("wfi");
	asm volatile("csrw mie, zero");
	return plic_take();
}

static void check_interrupts(void)
{
	*reg(CHANNEL(1) + LOAD) = 1000;
	*reg(CHANNEL(1) + CONTROL) = ENABLE | USER;
	check("timer_channel_1_interrupts_by_14", wait_for(14), 14);
	check("timer_status_names_the_channel", *reg(TIMER(0) + ALL_STATUS), 2);
	check("timer_level_stays_until_eoi", plic_take(), 14);
	(void)*reg(TIMER(0) + ALL_EOI);
	(void)plic_take();
	check("timer_eoi_of_all_drops_the_line", plic_take(), 0);
	*reg(CHANNEL(1) + CONTROL) = 0;
	*reg(CHANNEL(3) + LOAD) = 1000;
	*reg(CHANNEL(3) + CONTROL) = ENABLE | USER;
	check("timer_channel_3_interrupts_by_15", wait_for(15), 15);
	*reg(CHANNEL(3) + CONTROL) |= MASKED;
	check("timer_mask_hides_status", *reg(TIMER(0) + ALL_STATUS), 0);
	check("timer_mask_keeps_raw", *reg(TIMER(0) + ALL_RAW), 8);
	device_on(FIRST_GATE + 2);
	*reg(TIMER(2) + LOAD) = 1000;
	*reg(TIMER(2) + CONTROL) = ENABLE | USER;
	check("timer_2_interrupts_by_18", wait_for(18), 18);
	*reg(SYSCTL + 0x34) = 1u << FIRST_GATE;
	*reg(SYSCTL + 0x34) = 0;
	check("timer_reset_stops_all",
	      *reg(CHANNEL(3) + CONTROL) | *reg(CHANNEL(3) + LOAD), 0);
}

void guest_main(void)
{
	check_counting();
	check_pwm();
	check_clock();
	check_interrupts();
}
