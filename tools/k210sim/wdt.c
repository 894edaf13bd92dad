// SPDX-License-Identifier: MIT
/*
 * WDT0 and WDT1: k210.md section 3.11, after the SDK's wdt.h and the
 * DW_apb_wdt databook it follows.
 *
 * Once enabled, only its reset stops a watchdog; a guest that writes the bit
 * to 0 is told so.
 */
#include "wdt.h"

#include "machine.h"

#define CONTROL 0x00
#define RANGE   0x04
#define CURRENT 0x08
#define RESTART 0x0c
#define STATUS  0x10
#define EOI     0x14
#define PROTECT 0x1c
#define PARAM_5 0xe4
#define PARAM_2 0xf0
#define PARAM_1 0xf4
#define VERSION 0xf8
#define TYPE    0xfc

#define ENABLE          (1u << 0)
#define INTERRUPT_FIRST (1u << 1)
#define CONTROLS        0x1f
#define RESTART_KEY     0x76

/* 32-bit counter, 32-bit APB, timeouts that are powers of two. */
#define PARAM_1_VALUE (16u << 24 | 2u << 8 | 1u << 6 | 1u << 2)
#define VERSION_VALUE 0x3130372a /* "107*" */
#define TYPE_VALUE    0x44570120
#define FIRST_IRQ     21

static void restart(struct machine *machine, struct wdt *wdt, uint32_t range)
{
	wdt->end = ticks_now(machine, &wdt->ticks) + (1ull << (16 + range));
}

static void update(struct machine *machine, struct wdt *wdt)
{
	plic_set_level(machine, FIRST_IRQ + wdt->unit, wdt->raised);
	if (wdt->control & ENABLE && wdt->ticks.hz)
		event_schedule(machine, &wdt->event,
			       ticks_when(&wdt->ticks, wdt->end));
	else
		event_cancel(machine, &wdt->event);
}

static void fire(struct machine *machine, struct event *event)
{
	struct wdt *wdt = event->owner;

	if (wdt->control & INTERRUPT_FIRST && !wdt->raised) {
		wdt->raised = true;
		restart(machine, wdt, wdt->range & 15);
		update(machine, wdt);
		return;
	}
	machine_want_reset(machine, wdt->unit ? RESET_BY_WDT1 : RESET_BY_WDT0);
}

static uint32_t current(const struct machine *machine, const struct wdt *wdt)
{
	if (!(wdt->control & ENABLE))
		return 0;
	return (uint32_t)(wdt->end - ticks_now(machine, &wdt->ticks));
}

static uint32_t wdt_read(const struct reg_access *access)
{
	struct wdt *wdt = &access->machine->wdt[access->device->unit];

	switch (access->offset) {
	case CONTROL:
		return wdt->control;
	case RANGE:
		return wdt->range;
	case CURRENT:
		return current(access->machine, wdt);
	case STATUS:
		return wdt->raised;
	case EOI:
		wdt->raised = false;
		update(access->machine, wdt);
		return 0;
	case PARAM_1:
		return PARAM_1_VALUE;
	case VERSION:
		return VERSION_VALUE;
	case TYPE:
		return TYPE_VALUE;
	default:
		if (access->offset == PROTECT || access->offset == RESTART ||
		    (access->offset >= PARAM_5 && access->offset <= PARAM_2))
			return 0;
		access_no_register(access);
		return 0;
	}
}

static void set_control(const struct reg_access *access, struct wdt *wdt,
			uint32_t value)
{
	bool starts = value & ~wdt->control & ENABLE;

	if (wdt->control & ~value & ENABLE) {
		access_misuse(access, "only its reset stops a watchdog "
				      "(k210.md 3.11)");
		value |= ENABLE;
	}
	wdt->control = value & CONTROLS;
	if (starts) /* the first period has a range of its own */
		restart(access->machine, wdt, wdt->range >> 4 & 15);
}

static void wdt_write(const struct reg_access *access, uint32_t value)
{
	struct wdt *wdt = &access->machine->wdt[access->device->unit];

	switch (access->offset) {
	case CONTROL:
		set_control(access, wdt, value);
		break;
	case RANGE:
		wdt->range = value & 0xff; /* from the next restart on */
		break;
	case RESTART:
		if ((value & 0xff) != RESTART_KEY)
			break;
		wdt->raised = false;
		restart(access->machine, wdt, wdt->range & 15);
		break;
	default:
		if (access->offset > PROTECT && access->offset < PARAM_5)
			access_no_register(access);
		break;
	}
	update(access->machine, wdt);
}

static void wdt_clocks_changed(struct machine *machine,
			       const struct device *device)
{
	struct wdt *wdt = &machine->wdt[device->unit];

	ticks_set_rate(machine, &wdt->ticks,
		       sysctl_clock(machine, CLOCK_WDT0 + device->unit));
	update(machine, wdt);
}

static void wdt_reset(struct machine *machine, const struct device *device)
{
	struct wdt *wdt = &machine->wdt[device->unit];

	event_cancel(machine, &wdt->event);
	*wdt = (struct wdt){
		.event = { .fire = fire, .owner = wdt },
		.unit = device->unit,
	};
	wdt_clocks_changed(machine, device);
}

const struct device_ops wdt_ops = {
	.read = wdt_read,
	.write = wdt_write,
	.reset = wdt_reset,
	.clocks_changed = wdt_clocks_changed,
};
