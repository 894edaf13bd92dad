// SPDX-License-Identifier: MIT
/* GPIOHS: 32 lines with an interrupt each; k210.md section 3.7. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "map.h"

#define GPIOHS_LINES 32
#define GPIOHS_WORDS 17

struct gpiohs {
	uint32_t words[GPIOHS_WORDS]; /* by register; input_val is not kept */
	uint32_t levels;              /* that FPIOA brings */
	uint32_t seen;                /* of enabled ones, at the last look */
};

extern const struct device_ops gpiohs_ops;

/* What FPIOA brings to a line may be another level. */
void gpiohs_input_changed(struct machine *machine, unsigned int line);
