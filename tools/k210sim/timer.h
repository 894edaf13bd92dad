// SPDX-License-Identifier: MIT
/* TIMER0 to TIMER2, of four channels each; k210.md section 3.10. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "map.h"
#include "ticks.h"

#define NR_TIMERS      3
#define TIMER_CHANNELS 4

struct timer_channel {
	uint32_t load;
	uint32_t load2; /* of the high phase with PWM */
	uint32_t control;
	bool raw;     /* the interrupt, before its mask */
	bool high;    /* phase of PWM */
	uint64_t end; /* tick of the next reload; enabled only */
	struct ticks ticks;
	struct event event;
	uint8_t unit;
	uint8_t number;
};

struct timer {
	struct timer_channel channel[TIMER_CHANNELS];
};

extern const struct device_ops timer_ops;
