// SPDX-License-Identifier: MIT
/*
 * WDT0 and WDT1, case by case.  The guest is started three times: by power,
 * by WDT0 and by WDT1, and reset_status tells it which.
 */
#include "../check.h"

#define WDT(unit)       (0x50400000ull + 0x10000 * (unit))
#define CONTROL         0x00
#define RANGE           0x04
#define CURRENT         0x08
#define RESTART         0x0c
#define STATUS          0x10
#define EOI             0x14
#define TYPE            0xfc
#define ENABLE          1
#define INTERRUPT_FIRST 2
#define KICK            0x76
#define FIRST_GATE      24
#define RESET_STATUS    0x60
#define BY_PIN          (1u << 1)
#define BY_WDT0         (1u << 2)

void guest_main(void);

static void wait_reset(void)
{
	for (;;)
		asm volatile("");
}

static void check_counting(void)
{
	device_on(FIRST_GATE);
	check("wdt_type_is_dw", *reg(WDT(0) + TYPE), 0x44570120);
	check("wdt_is_off_after_reset", *reg(WDT(0) + CONTROL), 0);
	*reg(WDT(0) + RANGE) = 2 << 4 | 1;
	*reg(WDT(0) + CONTROL) = INTERRUPT_FIRST | ENABLE;
	check("wdt_first_period_has_its_own_range",
	      (*reg(WDT(0) + CURRENT) - 1) >> 16, 3);
	*reg(WDT(0) + RESTART) = 0x75;
	check("wdt_wrong_key_is_ignored", (*reg(WDT(0) + CURRENT) - 1) >> 16,
	      3);
	*reg(WDT(0) + RESTART) = KICK;
	check("wdt_kick_loads_the_range", (*reg(WDT(0) + CURRENT) - 1) >> 16,
	      1);
}

static void check_interrupt(void)
{
	uint64_t start = cycles();
	uint64_t passed;

	*reg(WDT(0) + RESTART) = KICK;
	plic_choose(21);
	asm volatile("csrw mie, %0" ::"r"(1 << 11));
	asm volatile("wfi");
	asm volatile("csrw mie, zero");
	/* 2^17 ticks of 13 MHz, two cycles each. */
	passed = cycles() - start;
	check("wdt_interrupts_first", plic_take(), 21);
	check("wdt_times_out_after_its_range", passed >> 10, 1 << 8);
	check("wdt_status_is_set", *reg(WDT(0) + STATUS), 1);
	(void)*reg(WDT(0) + EOI);
	check("wdt_eoi_clears", *reg(WDT(0) + STATUS), 0);
	(void)plic_take();
	check("wdt_eoi_drops_the_line", plic_take(), 0);
}

void guest_main(void)
{
	uint32_t cause = *reg(SYSCTL + RESET_STATUS);

	*reg(SYSCTL + RESET_STATUS) = 1;
	if (cause == BY_PIN) {
		check("wdt_reset_status_clears", *reg(SYSCTL + RESET_STATUS),
		      0);
		check_counting();
		check_interrupt();
		wait_reset();
	} else if (cause == BY_WDT0) {
		check("wdt0_resets_after_its_second_timeout", cause, 1 << 2);
		check("wdt_gate_is_off_again",
		      *reg(SYSCTL + 0x2c) >> FIRST_GATE & 3, 0);
		device_on(FIRST_GATE + 1);
		*reg(WDT(1) + CONTROL) = ENABLE;
		wait_reset();
	} else {
		check("wdt1_resets_at_once_without_rmod", cause, 1 << 3);
	}
}
