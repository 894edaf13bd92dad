// SPDX-License-Identifier: MIT
/* UARTHS, the serial console, on the terminal; k210.md section 3.3. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct hart;
struct machine;

#define UARTHS_FIFO 8

struct uarths {
	uint32_t txctrl;
	uint32_t rxctrl;
	uint32_t ie;
	uint32_t div;
	unsigned int tx_level;   /* bytes that wait to go out */
	uint64_t tx_done;        /* cycle at which the first is out */
	uint8_t rx[UARTHS_FIFO]; /* oldest first */
	unsigned int rx_level;
	uint64_t rx_next; /* cycle before which no byte can come */
};

/* Registers, by offset; as struct region of bus.c has them. */
uint32_t uarths_read(struct hart *hart, uint32_t offset);
void uarths_write(struct hart *hart, uint32_t offset, uint32_t value);

/* As the boot ROM leaves it: 115200 baud at the clock that it set. */
void uarths_reset(struct machine *machine);

/* Let bytes out and in, as many as the line has had time for. */
void uarths_advance(struct machine *machine);

/* Cycles until a byte is out; UINT64_MAX if none is on its way. */
uint64_t uarths_next_event(const struct machine *machine);
