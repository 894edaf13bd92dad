// SPDX-License-Identifier: MIT
/* The calendar, case by case; a second has 1000 ticks here. */
#include "../check.h"

#define RTC        0x50460000ull
#define DATE       0x00
#define TIME       0x04
#define ALARM_DATE 0x08
#define ALARM_TIME 0x0c
#define INITIAL    0x10
#define CURRENT    0x14
#define INTERRUPTS 0x18
#define CONTROL    0x1c
#define EXTENDED   0x28
#define RTC_GATE   29

#define UNPROTECTED    (0xfeu << 13 | 0xfeu << 21 | 3u << 29)
#define RUN            (UNPROTECTED | 1)
#define SET            (UNPROTECTED | 2)
#define TICK_ENABLE    1
#define EVERY_MINUTE   (1 << 2)
#define ALARM_ENABLE   2
#define COMPARE_SECOND (2u << 24)
#define TICKS          1000

void guest_main(void);

static uint32_t date(uint32_t year, uint32_t month, uint32_t day,
		     uint32_t weekday)
{
	return year << 20 | month << 16 | day << 8 | weekday;
}

static uint32_t time(uint32_t hour, uint32_t minute, uint32_t second)
{
	return hour << 24 | minute << 16 | second << 10;
}

static void set(uint32_t century, uint32_t new_date, uint32_t new_time)
{
	*reg(RTC + CONTROL) = SET;
	*reg(RTC + DATE) = new_date;
	*reg(RTC + TIME) = new_time;
	*reg(RTC + EXTENDED) = century;
	*reg(RTC + INITIAL) = TICKS;
	*reg(RTC + CURRENT) = TICKS;
	*reg(RTC + CONTROL) = RUN;
}

static void pass(uint64_t ticks)
{
	uint64_t end = cycles() + ticks;

	while (cycles() < end)
		;
}

static void check_calendar(void)
{
	uint32_t left;

	set(20, date(23, 12, 31, 0), time(23, 59, 59));
	left = *reg(RTC + CURRENT);
	pass(TICKS / 2);
	check("rtc_counts_ticks_of_26_mhz", (left - *reg(RTC + CURRENT)) / 16,
	      TICKS / 2 / 16);
	pass(TICKS / 2);
	check("rtc_carries_into_the_year", *reg(RTC + DATE), date(24, 1, 1, 1));
	check("rtc_tells_leap_years", *reg(RTC + EXTENDED), 20 | 1 << 5);
	set(20, date(24, 2, 28, 3), time(23, 59, 59));
	pass(TICKS + 20);
	check("rtc_knows_29_february", *reg(RTC + DATE), date(24, 2, 29, 4));
	set(19, date(99, 12, 31, 5), time(23, 59, 59));
	pass(TICKS + 20);
	check("rtc_carries_into_the_century",
	      *reg(RTC + EXTENDED) << 16 | *reg(RTC + DATE) >> 20,
	      (20 | 1 << 5) << 16);
	set(21, date(0, 2, 28, 0), time(23, 59, 59));
	pass(TICKS + 20);
	check("rtc_knows_that_2100_is_no_leap_year", *reg(RTC + DATE),
	      date(0, 3, 1, 1));
	set(20, date(24, 6, 1, 6), time(12, 30, 15));
	*reg(RTC + CONTROL) = UNPROTECTED;
	pass(3 * TICKS);
	*reg(RTC + CONTROL) = RUN;
	check("rtc_pauses", *reg(RTC + TIME), time(12, 30, 15));
}

static void set_interrupts(uint32_t interrupts)
{
	*reg(RTC + CONTROL) = SET;
	*reg(RTC + INTERRUPTS) = interrupts;
	*reg(RTC + CONTROL) = RUN;
}

/* The time at which the next interrupt comes. */
static uint32_t wait_pulse(uint32_t interrupts)
{
	uint32_t now;

	set_interrupts(interrupts);
	asm volatile("csrw mie, %0" ::"r"(1 << 11));
	asm volatile("wfi");
	asm volatile("csrw mie, zero");
	now = *reg(RTC + TIME);
	set_interrupts(0);
	return now;
}

static void check_interrupts(void)
{
	uint32_t now;

	plic_choose(20);
	set(20, date(24, 6, 1, 6), time(12, 30, 15));
	now = wait_pulse(TICK_ENABLE);
	check("rtc_ticks_each_second", now, time(12, 30, 16));
	check("rtc_interrupts_by_20", plic_take(), 20);
	check("rtc_interrupt_is_a_pulse", plic_take(), 0);
	set(20, date(24, 6, 1, 6), time(12, 30, 55));
	now = wait_pulse(TICK_ENABLE | EVERY_MINUTE);
	check("rtc_ticks_each_minute", now, time(12, 31, 0));
	(void)plic_take();
	set(20, date(24, 6, 1, 6), time(12, 30, 15));
	*reg(RTC + CONTROL) = SET;
	*reg(RTC + ALARM_DATE) = date(24, 6, 1, 6);
	*reg(RTC + ALARM_TIME) = time(0, 0, 20);
	now = wait_pulse(ALARM_ENABLE | COMPARE_SECOND);
	check("rtc_alarm_compares_what_its_mask_says", now, time(12, 30, 20));
	check("rtc_alarm_reads_back", *reg(RTC + ALARM_TIME), time(0, 0, 20));
}

void guest_main(void)
{
	device_on(RTC_GATE);
	check("rtc_second_has_26000000_ticks", *reg(RTC + INITIAL), 26000000);
	check_calendar();
	check_interrupts();
}
