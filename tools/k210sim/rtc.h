// SPDX-License-Identifier: MIT
/* RTC, the calendar; k210.md section 3.12. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "map.h"
#include "ticks.h"

struct rtc_time {
	unsigned int second, minute, hour;
	unsigned int weekday; /* 0 is Sunday */
	unsigned int day, month;
	unsigned int year; /* of the century */
};

struct rtc {
	struct rtc_time now;
	struct rtc_time alarm;
	unsigned int century;
	uint32_t initial; /* ticks of a second */
	uint32_t interrupts;
	uint32_t control;
	uint32_t left; /* ticks of this second, at the tick that follows */
	uint64_t since;
	struct ticks ticks;
	struct event event;
};

extern const struct device_ops rtc_ops;
