// SPDX-License-Identifier: MIT
/*
 * FPIOA: k210.md section 3.6; fields as in the vendor SDK's fpioa.h.
 *
 * A pad's effective output enable is (function's and oe_en) xor oe_inv, and
 * its input enable likewise.  The data functions of SPI have enables of their
 * own polarity: active low for output, and input only while not sending.
 */
#include "fpioa.h"

#include "machine.h"

#define TIE_EN  0xc0
#define TIE_VAL 0xe0
#define CH_SEL  0xff
#define OE_EN   12
#define OE_INV  13
#define DO_SEL  14
#define DO_INV  15
#define PU      16
#define PD      17
#define IE_EN   20
#define IE_INV  21
#define DI_INV  22
#define PAD_DI  31
#define STORED  0x00ffffffu

#define WORD_INPUT  0x00900000
#define WORD_OUTPUT 0x00001f00
#define WORD_GPIO   0x00901f00
#define NO_PIN      FPIOA_PINS

static bool bit(uint32_t word, unsigned int number)
{
	return word >> number & 1;
}

static unsigned int function_of(const struct fpioa *fpioa, unsigned int pin)
{
	return fpioa->pin[pin] & CH_SEL;
}

/* D0 to D7 of SPI0 and SPI1, and D0 of the slave. */
static bool is_spi_data(unsigned int function)
{
	return function - FUNCTION_SPI0_D0 < 8 ||
	       function - FUNCTION_SPI1_D0 < 8 ||
	       function == FUNCTION_SPI_SLAVE_D0;
}

static bool output_is_on(const struct fpioa *fpioa, unsigned int pin)
{
	uint32_t word = fpioa->pin[pin];
	unsigned int function = function_of(fpioa, pin);
	bool wire = fpioa->enable[function] ^ is_spi_data(function);

	return (wire && bit(word, OE_EN)) ^ bit(word, OE_INV);
}

static bool input_is_on(const struct fpioa *fpioa, unsigned int pin)
{
	uint32_t word = fpioa->pin[pin];
	unsigned int function = function_of(fpioa, pin);
	bool wire = !is_spi_data(function) || fpioa->enable[function];

	return (wire && bit(word, IE_EN)) ^ bit(word, IE_INV);
}

/* The pad that a function takes its input from, or NO_PIN. */
static unsigned int input_pin(const struct fpioa *fpioa, unsigned int function)
{
	unsigned int pin = 0;

	while (pin < FPIOA_PINS && function_of(fpioa, pin) != function)
		pin++;
	return pin;
}

static bool is_tied(const struct fpioa *fpioa, unsigned int function)
{
	return bit(fpioa->tie_en[function / 32], function % 32);
}

bool fpioa_input(const struct machine *machine, unsigned int function)
{
	const struct fpioa *fpioa = &machine->fpioa;
	unsigned int pin = input_pin(fpioa, function);

	if (is_tied(fpioa, function))
		return bit(fpioa->tie_val[function / 32], function % 32);
	if (pin == NO_PIN || !input_is_on(fpioa, pin))
		return false;
	return fpioa->pad[pin] ^ bit(fpioa->pin[pin], DI_INV);
}

bool fpioa_pad(const struct machine *machine, unsigned int pin)
{
	return machine->fpioa.pad[pin];
}

bool fpioa_is_driven(const struct machine *machine, unsigned int pin)
{
	return output_is_on(&machine->fpioa, pin);
}

bool fpioa_pad_floats(const struct machine *machine, unsigned int pin)
{
	const struct fpioa *fpioa = &machine->fpioa;

	return !output_is_on(fpioa, pin) &&
	       fpioa->outside[pin] == OUTSIDE_NOTHING &&
	       !bit(fpioa->pin[pin], PU) && !bit(fpioa->pin[pin], PD);
}

bool fpioa_sends(const struct machine *machine, unsigned int function,
		 unsigned int pin)
{
	const struct fpioa *fpioa = &machine->fpioa;

	return function_of(fpioa, pin) == function &&
	       output_is_on(fpioa, pin) && !bit(fpioa->pin[pin], DO_SEL) &&
	       !bit(fpioa->pin[pin], DO_INV);
}

bool fpioa_receives(const struct machine *machine, unsigned int function,
		    unsigned int pin)
{
	const struct fpioa *fpioa = &machine->fpioa;

	return input_pin(fpioa, function) == pin && !is_tied(fpioa, function) &&
	       input_is_on(fpioa, pin) && !bit(fpioa->pin[pin], DI_INV);
}

/* The chip's own driver is the strongest, then the board's, then the pulls. */
static bool pad_level(const struct fpioa *fpioa, unsigned int pin)
{
	uint32_t word = fpioa->pin[pin];
	unsigned int function = function_of(fpioa, pin);

	if (output_is_on(fpioa, pin))
		return (bit(word, DO_SEL) ? fpioa->enable[function]
					  : fpioa->level[function]) ^
		       bit(word, DO_INV);
	if (fpioa->outside[pin] == OUTSIDE_LOW)
		return false;
	if (fpioa->outside[pin] == OUTSIDE_HIGH)
		return true;
	if (bit(word, PU) || fpioa->outside[pin] == OUTSIDE_PULL_UP)
		return true;
	if (bit(word, PD) || fpioa->outside[pin] == OUTSIDE_PULL_DOWN)
		return false;
	return fpioa->pad[pin]; /* floats: the charge stays for a while */
}

/* A function's input may be another one: tell the device that has it. */
static void input_changed(struct machine *machine, unsigned int function)
{
	if (function - FUNCTION_GPIOHS0 < GPIOHS_LINES)
		gpiohs_input_changed(machine, function - FUNCTION_GPIOHS0);
	else if (function - FUNCTION_GPIO0 < GPIO_LINES)
		gpio_input_changed(machine);
	else if (function - FUNCTION_UART1_RX < 2 * NR_UARTS)
		uart_line_changed(machine, (function - FUNCTION_UART1_RX) / 2);
	else if (function == FUNCTION_UARTHS_RX)
		uarths_line_changed(machine);
}

static void settle(struct machine *machine, unsigned int pin)
{
	struct fpioa *fpioa = &machine->fpioa;
	bool level = pad_level(fpioa, pin);

	if (level == fpioa->pad[pin])
		return;
	fpioa->pad[pin] = level;
	board_pad_changed(machine, pin);
	input_changed(machine, function_of(fpioa, pin));
}

void fpioa_drive(struct machine *machine, unsigned int function, bool level,
		 bool enable)
{
	struct fpioa *fpioa = &machine->fpioa;

	if (fpioa->level[function] == level &&
	    fpioa->enable[function] == enable)
		return;
	fpioa->level[function] = level;
	fpioa->enable[function] = enable;
	for (unsigned int i = 0; i < FPIOA_PINS; i++)
		if (function_of(fpioa, i) == function)
			settle(machine, i);
}

void fpioa_drive_pad(struct machine *machine, unsigned int pin,
		     enum outside outside)
{
	machine->fpioa.outside[pin] = outside;
	settle(machine, pin);
}

static void pin_write(struct machine *machine, unsigned int pin, uint32_t value)
{
	struct fpioa *fpioa = &machine->fpioa;
	unsigned int old = function_of(fpioa, pin);

	fpioa->pin[pin] = value & STORED;
	settle(machine, pin);
	input_changed(machine, old);
	input_changed(machine, function_of(fpioa, pin));
}

static void tie_write(struct machine *machine, uint32_t *tie, uint32_t value,
		      unsigned int first)
{
	uint32_t changed = *tie ^ value;

	*tie = value;
	for (unsigned int i = 0; i < 32; i++)
		if (bit(changed, i))
			input_changed(machine, first + i);
}

static uint32_t fpioa_read(const struct reg_access *access)
{
	const struct fpioa *fpioa = &access->machine->fpioa;
	unsigned int index = access->offset / 4;

	if (index < FPIOA_PINS)
		return fpioa->pin[index] | (uint32_t)fpioa->pad[index]
						   << PAD_DI;
	if (access->offset < TIE_VAL)
		return fpioa->tie_en[index - TIE_EN / 4];
	return fpioa->tie_val[index - TIE_VAL / 4];
}

static void fpioa_write(const struct reg_access *access, uint32_t value)
{
	struct machine *machine = access->machine;
	struct fpioa *fpioa = &machine->fpioa;
	unsigned int index = access->offset / 4;
	unsigned int tie = index % 8;

	if (index < FPIOA_PINS)
		pin_write(machine, index, value);
	else if (access->offset < TIE_VAL)
		tie_write(machine, &fpioa->tie_en[tie], value, 32 * tie);
	else
		tie_write(machine, &fpioa->tie_val[tie], value, 32 * tie);
}

/* Datasheet, table of default functions: IO0-3 JTAG, IO4 and IO5 UARTHS. */
static uint32_t reset_word(unsigned int pin)
{
	if (pin == 3)
		return WORD_OUTPUT | pin;
	if (pin < 3)
		return WORD_INPUT | pin;
	if (pin == 4)
		return WORD_INPUT | FUNCTION_UARTHS_RX;
	if (pin == 5)
		return WORD_OUTPUT | FUNCTION_UARTHS_TX;
	if (pin < 8)
		return FUNCTION_OFF;
	if (pin < 16)
		return WORD_GPIO | (FUNCTION_GPIO0 + pin - 8);
	return WORD_GPIO | (FUNCTION_GPIOHS0 + pin - 16);
}

/*
 * What SPI0_ARB and SPI1_ARB are after reset is not written down; xv6-k210
 * never writes the ties and reaches its card on boards, so they are high.
 */
static uint32_t reset_tie(unsigned int word)
{
	uint32_t bits = 0;

	if (word == FUNCTION_SPI0_ARB / 32)
		bits |= 1u << FUNCTION_SPI0_ARB % 32;
	if (word == FUNCTION_SPI1_ARB / 32)
		bits |= 1u << FUNCTION_SPI1_ARB % 32;
	return bits;
}

static void fpioa_reset(struct machine *machine, const struct device *device)
{
	struct fpioa *fpioa = &machine->fpioa;

	(void)device;
	for (unsigned int i = 0; i < FPIOA_FUNCTIONS / 32; i++) {
		tie_write(machine, &fpioa->tie_en[i], reset_tie(i), 32 * i);
		tie_write(machine, &fpioa->tie_val[i], reset_tie(i), 32 * i);
	}
	for (unsigned int i = 0; i < FPIOA_PINS; i++)
		pin_write(machine, i, reset_word(i));
}

const struct device_ops fpioa_ops = {
	.read = fpioa_read,
	.write = fpioa_write,
	.reset = fpioa_reset,
};
