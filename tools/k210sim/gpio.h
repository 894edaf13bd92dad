// SPDX-License-Identifier: MIT
/* GPIO, the block of eight lines; k210.md section 3.8. */
#pragma once

#include <stdint.h>

#include "map.h"

#define GPIO_LINES 8
#define GPIO_WORDS 27

struct gpio {
	uint32_t words[GPIO_WORDS]; /* as the guest wrote them */
	uint8_t edges;              /* caught and not yet cleared */
	uint8_t seen;               /* levels at the last look */
};

extern const struct device_ops gpio_ops;

/* The pad of a line has another level, or the line another pad. */
void gpio_input_changed(struct machine *machine);
