// SPDX-License-Identifier: MIT
/*
 * RTC: k210.md section 3.12; fields and use as in the SDK's rtc.h and rtc.c.
 *
 * Time runs and may be read while read_enable is set, and is set while
 * write_enable is; masks let writes in.  A write or read at the wrong time is
 * a misuse.  The counter runs from initial_count down to 0: that it does not
 * run up is a guess.  The interrupt is a pulse, since nothing clears it.
 */
#include "rtc.h"

#include "machine.h"

#define DATE       0x00
#define TIME       0x04
#define ALARM_DATE 0x08
#define ALARM_TIME 0x0c
#define INITIAL    0x10
#define CURRENT    0x14
#define INTERRUPTS 0x18
#define CONTROL    0x1c
#define RESERVED0  0x20
#define RESERVED1  0x24
#define EXTENDED   0x28

#define TICK_ENABLE     (1u << 0)
#define ALARM_ENABLE    (1u << 1)
#define INTERRUPT_BITS  0xff00000f
#define READ_ENABLE     (1u << 0)
#define WRITE_ENABLE    (1u << 1)
#define CONTROL_BITS    0x7fffe003
#define TIME_MASK       13 /* shifts of the masks in CONTROL */
#define ALARM_MASK      21
#define INITIAL_MASK    (1u << 29)
#define INTERRUPT_MASK  (1u << 30)
#define COMPARE_MASK    24 /* in INTERRUPTS */
#define FULL_YEAR       100
#define DEFAULT_INITIAL 26000000
#define IRQ             20

/* Bits of the masks. */
enum { SECOND = 1, MINUTE, HOUR, WEEKDAY, DAY, MONTH, YEAR };

static bool is_leap(unsigned int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool year_is_leap(const struct rtc *rtc)
{
	return is_leap(rtc->century * FULL_YEAR + rtc->now.year);
}

static unsigned int month_days(const struct rtc *rtc)
{
	static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30,
					  31, 31, 30, 31, 30, 31 };
	unsigned int month = rtc->now.month;

	if (month == 2 && year_is_leap(rtc))
		return 29;
	return month >= 1 && month <= 12 ? days[month - 1] : 31;
}

static void next_day(struct rtc *rtc)
{
	struct rtc_time *now = &rtc->now;

	now->weekday = (now->weekday + 1) % 7;
	if (++now->day <= month_days(rtc))
		return;
	now->day = 1;
	if (++now->month <= 12)
		return;
	now->month = 1;
	if (++now->year < FULL_YEAR)
		return;
	now->year = 0;
	rtc->century++;
}

static void next_second(struct rtc *rtc)
{
	struct rtc_time *now = &rtc->now;

	if (++now->second < 60)
		return;
	now->second = 0;
	if (++now->minute < 60)
		return;
	now->minute = 0;
	if (++now->hour < 24)
		return;
	now->hour = 0;
	next_day(rtc);
}

static bool runs(const struct rtc *rtc)
{
	return (rtc->control & (READ_ENABLE | WRITE_ENABLE)) == READ_ENABLE;
}

/* The mode of tick interrupts: each second, minute, hour or day. */
static bool tick_is_due(const struct rtc *rtc)
{
	const struct rtc_time *now = &rtc->now;
	unsigned int mode = rtc->interrupts >> 2 & 3;

	return (mode < 1 || now->second == 0) &&
	       (mode < 2 || now->minute == 0) && (mode < 3 || now->hour == 0);
}

static bool alarm_is_due(const struct rtc *rtc)
{
	const struct rtc_time *now = &rtc->now;
	const struct rtc_time *alarm = &rtc->alarm;
	uint32_t mask = rtc->interrupts >> COMPARE_MASK;

	return mask >> 1 &&
	       (!(mask >> SECOND & 1) || now->second == alarm->second) &&
	       (!(mask >> MINUTE & 1) || now->minute == alarm->minute) &&
	       (!(mask >> HOUR & 1) || now->hour == alarm->hour) &&
	       (!(mask >> WEEKDAY & 1) || now->weekday == alarm->weekday) &&
	       (!(mask >> DAY & 1) || now->day == alarm->day) &&
	       (!(mask >> MONTH & 1) || now->month == alarm->month) &&
	       (!(mask >> YEAR & 1) || now->year == alarm->year);
}

static void catch_up(struct machine *machine)
{
	struct rtc *rtc = &machine->rtc;
	uint64_t now = ticks_now(machine, &rtc->ticks);

	while (runs(rtc) && now - rtc->since >= rtc->left) {
		rtc->since += rtc->left;
		rtc->left = rtc->initial ? rtc->initial : 1;
		next_second(rtc);
	}
	if (runs(rtc))
		rtc->left -= (uint32_t)(now - rtc->since);
	rtc->since = now;
}

static void schedule(struct machine *machine)
{
	struct rtc *rtc = &machine->rtc;

	if (runs(rtc) && rtc->ticks.hz &&
	    rtc->interrupts & (TICK_ENABLE | ALARM_ENABLE))
		event_schedule(machine, &rtc->event,
			       ticks_when(&rtc->ticks, rtc->since + rtc->left));
	else
		event_cancel(machine, &rtc->event);
}

/* A second begins. */
static void fire(struct machine *machine, struct event *event)
{
	struct rtc *rtc = &machine->rtc;

	(void)event;
	catch_up(machine);
	if ((rtc->interrupts & TICK_ENABLE && tick_is_due(rtc)) ||
	    (rtc->interrupts & ALARM_ENABLE && alarm_is_due(rtc))) {
		plic_set_level(machine, IRQ, true);
		plic_set_level(machine, IRQ, false);
	}
	schedule(machine);
}

static uint32_t pack_date(const struct rtc_time *time)
{
	return time->weekday | time->day << 8 | time->month << 16 |
	       time->year << 20;
}

static uint32_t pack_time(const struct rtc_time *time)
{
	return time->second << 10 | time->minute << 16 | time->hour << 24;
}

static uint32_t rtc_read(const struct reg_access *access)
{
	struct rtc *rtc = &access->machine->rtc;
	uint32_t offset = access->offset;

	catch_up(access->machine);
	if (!(rtc->control & READ_ENABLE) &&
	    (offset <= TIME || offset == CURRENT || offset == EXTENDED))
		access_misuse(access, "the time is read without read_enable "
				      "(k210.md 3.12)");
	switch (offset) {
	case DATE:
		return pack_date(&rtc->now);
	case TIME:
		return pack_time(&rtc->now);
	case ALARM_DATE:
		return pack_date(&rtc->alarm);
	case ALARM_TIME:
		return pack_time(&rtc->alarm);
	case INITIAL:
		return rtc->initial;
	case CURRENT:
		return rtc->left;
	case INTERRUPTS:
		return rtc->interrupts;
	case CONTROL:
		return rtc->control;
	case EXTENDED:
		return rtc->century | (uint32_t)year_is_leap(rtc) << 5;
	default:
		if (offset != RESERVED0 && offset != RESERVED1)
			access_no_register(access);
		return 0;
	}
}

/* Set a field if its bit of the mask lets it. */
static void put(unsigned int *field, uint32_t mask, int bit, uint32_t value)
{
	if (mask >> bit & 1)
		*field = value;
}

static void put_date(struct rtc_time *time, uint32_t mask, uint32_t value)
{
	put(&time->weekday, mask, WEEKDAY, value & 7);
	put(&time->day, mask, DAY, value >> 8 & 31);
	put(&time->month, mask, MONTH, value >> 16 & 15);
	put(&time->year, mask, YEAR, value >> 20);
}

static void put_time(struct rtc_time *time, uint32_t mask, uint32_t value)
{
	put(&time->second, mask, SECOND, value >> 10 & 63);
	put(&time->minute, mask, MINUTE, value >> 16 & 63);
	put(&time->hour, mask, HOUR, value >> 24 & 31);
}

/* The bits of CONTROL that let some of a register in. */
static uint32_t mask_of(uint32_t offset)
{
	switch (offset) {
	case DATE:
	case TIME:
		return 0xffu << TIME_MASK;
	case ALARM_DATE:
	case ALARM_TIME:
		return 0xffu << ALARM_MASK;
	case INITIAL:
		return INITIAL_MASK;
	case INTERRUPTS:
		return INTERRUPT_MASK;
	default:
		return ~0u;
	}
}

static void put_register(const struct reg_access *access, uint32_t value)
{
	struct rtc *rtc = &access->machine->rtc;
	uint32_t control = rtc->control;

	switch (access->offset) {
	case DATE:
		put_date(&rtc->now, control >> TIME_MASK, value);
		break;
	case TIME:
		put_time(&rtc->now, control >> TIME_MASK, value);
		break;
	case ALARM_DATE:
		put_date(&rtc->alarm, control >> ALARM_MASK, value);
		break;
	case ALARM_TIME:
		put_time(&rtc->alarm, control >> ALARM_MASK, value);
		break;
	case INITIAL:
		rtc->initial = value;
		break;
	case CURRENT:
		rtc->left = value;
		break;
	case INTERRUPTS:
		rtc->interrupts = value & INTERRUPT_BITS;
		break;
	case EXTENDED:
		rtc->century = value & 31;
		break;
	default:
		access_no_register(access);
		break;
	}
}

static void set_control(const struct reg_access *access, uint32_t value)
{
	access->machine->rtc.control = value & CONTROL_BITS;
	if ((value & (READ_ENABLE | WRITE_ENABLE)) ==
	    (READ_ENABLE | WRITE_ENABLE))
		access_misuse(access, "read_enable and write_enable exclude "
				      "each other (k210.md 3.12)");
}

static void rtc_write(const struct reg_access *access, uint32_t value)
{
	struct rtc *rtc = &access->machine->rtc;

	catch_up(access->machine);
	if (access->offset == CONTROL)
		set_control(access, value);
	else if (!(rtc->control & WRITE_ENABLE))
		access_misuse(access, "written without write_enable "
				      "(k210.md 3.12)");
	else if (!(rtc->control & mask_of(access->offset)))
		access_misuse(access, "written while its mask is 0 "
				      "(k210.md 3.12)");
	else
		put_register(access, value);
	schedule(access->machine);
}

static void rtc_clocks_changed(struct machine *machine,
			       const struct device *device)
{
	(void)device;
	catch_up(machine);
	ticks_set_rate(machine, &machine->rtc.ticks,
		       sysctl_clock(machine, CLOCK_RTC));
	schedule(machine);
}

static void rtc_reset(struct machine *machine, const struct device *device)
{
	event_cancel(machine, &machine->rtc.event);
	machine->rtc = (struct rtc){
		.now = { .day = 1, .month = 1 },
		.century = 20,
		.initial = DEFAULT_INITIAL,
		.left = DEFAULT_INITIAL,
		.event = { .fire = fire },
	};
	rtc_clocks_changed(machine, device);
}

const struct device_ops rtc_ops = {
	.read = rtc_read,
	.write = rtc_write,
	.reset = rtc_reset,
	.clocks_changed = rtc_clocks_changed,
};
