// SPDX-License-Identifier: MIT
/*
 * FPIOA: which function of which device is on which pad; k210.md section 3.6.
 *
 * Devices drive functions and look at them; the board drives pads and looks
 * at them; here they meet.  Serial lines and SPI move whole bytes, so they
 * ask for routes instead of driving each bit.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "map.h"

#define FPIOA_PINS      48
#define FPIOA_FUNCTIONS 256

/* Numbers of the functions that are modelled. */
enum function {
	FUNCTION_SPI0_D0 = 4,
	FUNCTION_SPI0_SS0 = 12,
	FUNCTION_SPI0_ARB = 16,
	FUNCTION_SPI0_SCLK = 17,
	FUNCTION_UARTHS_RX = 18,
	FUNCTION_UARTHS_TX = 19,
	FUNCTION_GPIOHS0 = 24,
	FUNCTION_GPIO0 = 56,
	FUNCTION_UART1_RX = 64, /* TX follows; then UART2 and UART3 */
	FUNCTION_SPI1_D0 = 70,
	FUNCTION_SPI1_SS0 = 78,
	FUNCTION_SPI1_ARB = 82,
	FUNCTION_SPI1_SCLK = 83,
	FUNCTION_SPI_SLAVE_D0 = 84,
	FUNCTION_OFF = 120,
	FUNCTION_I2C0_SCLK = 126, /* SDA follows; then I2C1 and I2C2 */
	FUNCTION_TIMER0_TOGGLE1 = 190,
};

/* What the board does to a pad. */
enum outside {
	OUTSIDE_NOTHING,
	OUTSIDE_LOW,
	OUTSIDE_HIGH,
	OUTSIDE_PULL_DOWN,
	OUTSIDE_PULL_UP,
};

struct fpioa {
	uint32_t pin[FPIOA_PINS];
	uint32_t tie_en[FPIOA_FUNCTIONS / 32];
	uint32_t tie_val[FPIOA_FUNCTIONS / 32];
	bool level[FPIOA_FUNCTIONS];  /* what the device sends */
	bool enable[FPIOA_FUNCTIONS]; /* and whether it drives the pad */
	bool pad[FPIOA_PINS];         /* levels */
	enum outside outside[FPIOA_PINS];
};

extern const struct device_ops fpioa_ops;

/* A device puts a level on a function of its own, or lets go of it. */
void fpioa_drive(struct machine *machine, unsigned int function, bool level,
		 bool enable);

/*
 * The level that a function brings to its device: of the tie register, or of
 * the pad that has it; low if there is none.
 */
bool fpioa_input(const struct machine *machine, unsigned int function);

/* The board's hand on a pad, and the level there. */
void fpioa_drive_pad(struct machine *machine, unsigned int pin,
		     enum outside outside);
bool fpioa_pad(const struct machine *machine, unsigned int pin);

/* The chip drives the pad. */
bool fpioa_is_driven(const struct machine *machine, unsigned int pin);

/* Nobody drives or pulls the pad: its level means nothing. */
bool fpioa_pad_floats(const struct machine *machine, unsigned int pin);

/* What a function sends comes out of the pad as it is. */
bool fpioa_sends(const struct machine *machine, unsigned int function,
		 unsigned int pin);

/* What is on the pad comes to the function as it is. */
bool fpioa_receives(const struct machine *machine, unsigned int function,
		    unsigned int pin);
