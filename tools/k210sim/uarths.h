// SPDX-License-Identifier: MIT
/* UARTHS, the serial console, on the terminal; k210.md section 3.3. */
#pragma once

#include <stdint.h>

#include "event.h"
#include "map.h"

#define UARTHS_FIFO 8

struct uarths {
	uint32_t txctrl;
	uint32_t rxctrl;
	uint32_t ie;
	uint32_t div;
	unsigned int tx_level;   /* bytes that wait to go out */
	struct event sent;       /* the first of them is out */
	uint8_t rx[UARTHS_FIFO]; /* oldest first */
	unsigned int rx_level;
	struct event listen; /* when the next byte can be there */
};

extern const struct device_ops uarths_ops;

/* FPIOA may have brought the terminal's line here. */
void uarths_line_changed(struct machine *machine);
