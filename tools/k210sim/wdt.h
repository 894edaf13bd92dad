// SPDX-License-Identifier: MIT
/* WDT0 and WDT1, the watchdogs; k210.md section 3.11. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "map.h"
#include "ticks.h"

#define NR_WDTS 2

struct wdt {
	uint32_t control;
	uint32_t range;
	bool raised;  /* the interrupt; the next timeout resets the chip */
	uint64_t end; /* tick of the timeout; enabled only */
	struct ticks ticks;
	struct event event;
	uint8_t unit;
};

extern const struct device_ops wdt_ops;
