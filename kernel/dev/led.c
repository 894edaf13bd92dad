// SPDX-License-Identifier: MIT
/* The list of LEDs; it only grows, while devices are probed. */
#include <dev/led.h>

#include <string.h>

#include <lib/errno.h>

static struct led *leds;

int led_register(struct led *led)
{
	struct led **link;

	for (link = &leds; *link; link = &(*link)->next) {
		if (!strcmp((*link)->name, led->name))
			return -EEXIST;
	}
	led->next = NULL;
	*link = led;
	return 0;
}

struct led *led_nth(unsigned n)
{
	struct led *led = leds;

	while (led && n--)
		led = led->next;
	return led;
}

void led_set(struct led *led, bool on)
{
	led->on = on;
	gpio_write(&led->gpio, on);
}
