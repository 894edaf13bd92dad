// SPDX-License-Identifier: MIT
/*
 * Boards: k210.md section 4.1, from the device trees that Linux has of them.
 *
 * LEDs and keys are active low, with a resistor to 3.3 V.
 */
#include "board.h"

#include <stdio.h>
#include <string.h>

#include "machine.h"

static const struct board_wiring boards[] = {
	{
		.name = "maix-bit",
		.sd = { .miso = 26, .sclk = 27, .mosi = 28, .cs = 29 },
		.leds = { { "green", 12 }, { "red", 13 }, { "blue", 14 } },
		.keys = { { "boot", PIN_BOOT } },
	},
	{
		.name = "maix-dock",
		.sd = { .miso = 26, .sclk = 27, .mosi = 28, .cs = 29 },
		.leds = { { "blue", 12 }, { "green", 13 }, { "red", 14 } },
		.keys = { { "boot", PIN_BOOT } },
	},
	{
		.name = "maix-go",
		.sd = { .miso = 26, .sclk = 27, .mosi = 28, .cs = 29 },
		.leds = { { "green", 12 }, { "red", 13 }, { "blue", 14 } },
		.keys = { { "boot", PIN_BOOT }, { "up", 15 }, { "down", 17 } },
	},
	{
		.name = "maixduino",
		.sd = { .miso = 26, .sclk = 27, .mosi = 28, .cs = 29 },
		.keys = { { "boot", PIN_BOOT } },
	},
	{
		.name = "kd233",
		.sd = { .miso = 31, .sclk = 29, .mosi = 30, .cs = 32 },
		.leds = { { "led0", 24 }, { "led1", 25 } },
		.keys = { { "boot", PIN_BOOT }, { "key", 26 } },
	},
};

const struct board_wiring *board_find(const char *name)
{
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++)
		if (strcmp(boards[i].name, name) == 0)
			return &boards[i];
	return NULL;
}

bool board_press(struct board *board, const char *key)
{
	for (unsigned int i = 0; i < BOARD_KEYS; i++) {
		const char *name = board->wiring->keys[i].name;

		if (name && strcmp(name, key) == 0) {
			board->pressed[i] = true;
			return true;
		}
	}
	return false;
}

/* A key pulls its pad to ground. */
static void drive_key(struct machine *machine, unsigned int key)
{
	const struct board *board = &machine->board;

	fpioa_drive_pad(machine, board->wiring->keys[key].pin,
			board->pressed[key] ? OUTSIDE_LOW : OUTSIDE_PULL_UP);
}

bool board_toggle_boot(struct machine *machine)
{
	struct board *board = &machine->board;

	/* Every board's first key. */
	board->pressed[0] = !board->pressed[0];
	drive_key(machine, 0);
	return board->pressed[0];
}

bool board_boot_is_pressed(const struct board *board)
{
	return board->pressed[0];
}

void board_power_on(struct machine *machine)
{
	const struct board_wiring *wiring = machine->board.wiring;

	for (unsigned int i = 0; i < BOARD_LEDS && wiring->leds[i].name; i++)
		fpioa_drive_pad(machine, wiring->leds[i].pin, OUTSIDE_PULL_UP);
	for (unsigned int i = 0; i < BOARD_KEYS && wiring->keys[i].name; i++)
		drive_key(machine, i);
	fpioa_drive_pad(machine, PIN_RX, OUTSIDE_PULL_UP);
	/* By a resistor in the card. */
	fpioa_drive_pad(machine, wiring->sd.cs, OUTSIDE_PULL_UP);
}

void board_pad_changed(struct machine *machine, unsigned int pin)
{
	struct board *board = &machine->board;

	if (pin == board->wiring->sd.cs)
		sdcard_select(machine, !fpioa_pad(machine, pin));
	for (unsigned int i = 0; i < BOARD_LEDS; i++) {
		const struct board_part *led = &board->wiring->leds[i];

		bool is_lit = !fpioa_pad(machine, pin);

		if (!led->name || led->pin != pin || is_lit == board->lit[i])
			continue;
		board->lit[i] = is_lit;
		if (!board->tells_leds)
			continue;
		fflush(stdout);
		fprintf(stderr, "k210sim: LED %s %s\n", led->name,
			is_lit ? "on" : "off");
	}
}
