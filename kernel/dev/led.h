// SPDX-License-Identifier: MIT
/* LEDs: things that can be on or off.  /dev/leds/NAME is each as a file. */
#pragma once

#include <dev/gpio.h>

/* Made by the driver, never freed. */
struct led {
	const char *name; /* [I] unique: "green" */
	struct gpio gpio; /* [I] claimed, an output */
	bool on;          /* [racy] as it was set last */
	struct led *next; /* [I] once registered */
};

/* 0, or -EEXIST: the name is taken.  Context: a driver's probe. */
int led_register(struct led *led);
/* In order of registration; NULL: there are fewer. */
struct led *led_nth(unsigned n);

void led_set(struct led *led, bool on); /* context: any */
