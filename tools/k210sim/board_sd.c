// SPDX-License-Identifier: MIT
/*
 * The SD slot: what of an SPI block's frames reaches the card, by the pads
 * that k210.md section 4.1 names.
 *
 * A frame that loses its way on the pins is no misuse, as on the board: the
 * card just does not answer.
 */
#include "machine.h"
#include "report.h"

#define PINS_OF_BANK 6

static bool bank_is_low(const struct machine *machine, unsigned int pin)
{
	return sysctl_power_sel(&machine->sysctl) >> (pin / PINS_OF_BANK) & 1;
}

/* A card of 3.3 V on pads of 1.8 V hears noise, or is harmed. */
static void check_voltage(struct machine *machine)
{
	const struct board_wiring *wiring = machine->board.wiring;

	if (bank_is_low(machine, wiring->sd.sclk) ||
	    bank_is_low(machine, wiring->sd.miso))
		report_device(machine, "SD card",
			      "its pads are set to 1.8 V (k210.md 4.1)");
}

/* All bits of a frame that the pad has at one level all the time. */
static uint32_t constant(const struct machine *machine, unsigned int pin)
{
	return fpioa_pad(machine, pin) ? UINT32_MAX : 0;
}

/* The bits on MISO: the card's, or what the pad has without it. */
static uint32_t answer(struct machine *machine, uint32_t from_card)
{
	unsigned int pin = machine->board.wiring->sd.miso;
	const struct sdcard *card = &machine->sdcard;

	if (fpioa_is_driven(machine, pin))
		return constant(machine, pin);
	if (card->is_inserted && card->is_selected)
		return from_card;
	if (fpioa_pad_floats(machine, pin))
		return (uint32_t)machine_random(machine);
	return constant(machine, pin);
}

uint32_t board_spi_shift(struct machine *machine, const struct spi_frame *frame)
{
	const struct board_wiring *wiring = machine->board.wiring;
	unsigned int data = frame->unit ? FUNCTION_SPI1_D0 : FUNCTION_SPI0_D0;
	unsigned int clock =
		frame->unit ? FUNCTION_SPI1_SCLK : FUNCTION_SPI0_SCLK;
	/* SPI0's data may have been moved to the pins of the LCD. */
	bool has_data = frame->unit || !sysctl_spi0_has_lcd(&machine->sysctl);
	bool listens = fpioa_receives(machine, data + 1, wiring->sd.miso);
	uint32_t mosi = constant(machine, wiring->sd.mosi);
	uint32_t miso = UINT32_MAX;

	if (!has_data)
		mosi = UINT32_MAX;
	else if (fpioa_sends(machine, data, wiring->sd.mosi))
		mosi = frame->out;
	if (fpioa_sends(machine, clock, wiring->sd.sclk) && frame->lanes == 1) {
		check_voltage(machine);
		if (frame->mode == 1 || frame->mode == 2)
			report_device(machine, "SD card",
				      "SPI mode %u, not 0 or 3", frame->mode);
		miso = sdcard_shift(machine, mosi, frame->bits, frame->hz);
	}
	if (has_data && listens)
		return answer(machine, miso);
	return fpioa_input(machine, data + 1) ? UINT32_MAX : 0;
}
