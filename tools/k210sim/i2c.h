// SPDX-License-Identifier: MIT
/* I2C0 to I2C2; k210.md section 3.13. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "map.h"

#define NR_I2CS   3
#define I2C_WORDS 64

struct i2c {
	uint32_t word[I2C_WORDS]; /* registers, as the guest wrote them */
	uint32_t raw;             /* interrupts that were raised */
	uint32_t abort;           /* why the last transfer ended */
	unsigned int waiting;     /* commands in the FIFO */
	bool is_busy;             /* an address is on the wires */
	struct event addressed;   /* nobody acknowledged it */
	uint8_t unit;
};

extern const struct device_ops i2c_ops;
