// SPDX-License-Identifier: MIT
/* What is soldered to the pads: k210.md section 4.1. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct machine;
struct spi_frame;

#define BOARD_LEDS 3
#define BOARD_KEYS 3
#define PIN_BOOT   16 /* low at reset: the boot ROM's ISP mode */
#define PIN_RX     4  /* of the chip: what the terminal sends */
#define PIN_TX     5

/* A LED or a key, from its pad to ground or supply; lit or pressed if low. */
struct board_part {
	const char *name; /* NULL: no more of them */
	uint8_t pin;
};

struct board_wiring {
	const char *name;
	struct {
		uint8_t miso, sclk, mosi, cs;
	} sd;
	struct board_part leds[BOARD_LEDS];
	struct board_part keys[BOARD_KEYS];
};

struct board {
	const struct board_wiring *wiring;
	bool pressed[BOARD_KEYS];
	bool lit[BOARD_LEDS];
	bool tells_leds; /* say on standard error what they do */
};

/* The wiring of that name, or NULL. */
const struct board_wiring *board_find(const char *name);

/* Press a key by its name; false if the board has no such key. */
bool board_press(struct board *board, const char *key);

/* Press the BOOT key, or let go of it; true if it is pressed then. */
bool board_toggle_boot(struct machine *machine);
bool board_boot_is_pressed(const struct board *board);

/* Power came: pull what is pulled, press what is pressed. */
void board_power_on(struct machine *machine);

/* A pad has another level. */
void board_pad_changed(struct machine *machine, unsigned int pin);

/* SPI0 or SPI1 moves a frame.  Returns the bits that came back. */
uint32_t board_spi_shift(struct machine *machine,
			 const struct spi_frame *frame);
