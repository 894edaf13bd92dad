// SPDX-License-Identifier: MIT
/*
 * How frames of SPI move: DW_apb_ssi databook 4.01, "Transfer Modes".
 *
 * A frame takes its bits at SCLK, and is exchanged with whoever listens when
 * its time is over.  The select lines of the block itself are low only while
 * frames move, which is why SD cards want a GPIO for theirs.
 */
#include "spi.h"

#include "machine.h"
#include "report.h"

#define TMOD_DUPLEX  0
#define TMOD_SEND    1
#define TMOD_RECEIVE 2
#define TMOD_EEPROM  3
#define NR_SELECTS   4
#define WORD_BITS    32

/* Functions of FPIOA; SPI3 has pads of its own. */
struct functions {
	unsigned int data, select, arb, clock;
};

static const struct functions functions[] = {
	{ FUNCTION_SPI0_D0, FUNCTION_SPI0_SS0, FUNCTION_SPI0_ARB,
	  FUNCTION_SPI0_SCLK },
	{ FUNCTION_SPI1_D0, FUNCTION_SPI1_SS0, FUNCTION_SPI1_ARB,
	  FUNCTION_SPI1_SCLK },
};

static const enum clock clocks[NR_SPIS] = {
	[0] = CLOCK_SPI0,
	[1] = CLOCK_SPI1,
	[3] = CLOCK_SPI3,
};

static void drive_selects(struct machine *machine, unsigned int unit,
			  bool is_active)
{
	uint32_t ser = *spi_word(&machine->spi[unit], SPI_SER);

	if (unit == 3) {
		flash_select(machine, is_active && ser & 1);
		return;
	}
	for (unsigned int i = 0; i < NR_SELECTS; i++)
		fpioa_drive(machine, functions[unit].select + i,
			    !(is_active && ser >> i & 1), true);
}

void spi_drive_idle(struct machine *machine, unsigned int unit)
{
	struct spi *spi = &machine->spi[unit];
	struct spi_format format = spi_format(spi, unit);

	drive_selects(machine, unit, spi->phase != SPI_IDLE);
	if (unit == 3)
		return;
	fpioa_drive(machine, functions[unit].clock, format.mode >> 1, true);
	for (unsigned int i = 0; i < 8; i++)
		fpioa_drive(machine, functions[unit].data + i, spi->last_bit,
			    *spi_word(spi, SPI_SSIENR) &&
				    (i == 0 || i < format.lanes));
}

static const char *const names[] = { "SPI0", "SPI1", "", "SPI3" };

/* 0 if something is missing; that is a misuse, for frames wait. */
static uint64_t find_rate(struct machine *machine, unsigned int unit)
{
	uint64_t clock = sysctl_clock(machine, clocks[unit]);
	uint32_t divider = *spi_word(&machine->spi[unit], SPI_BAUDR);
	const char *fault = NULL;

	if (!clock)
		fault = "frames wait, but the clock does not run";
	else if (!divider)
		fault = "frames wait, but BAUDR is 0";
	else if (unit < 2 && !fpioa_input(machine, functions[unit].arb))
		fault = "the ARB input is not tied high (k210.md 3.6)";
	if (fault)
		report_device(machine, names[unit], "%s", fault);
	return divider ? clock / divider : 0;
}

/* The order in which the bytes of a frame go out. */
static uint32_t in_order(struct spi *spi, uint32_t word, unsigned int bits)
{
	if (!*spi_word(spi, SPI_ENDIAN) || bits <= 8)
		return word;
	return __builtin_bswap32(word) >> (32 - (bits + 7) / 8 * 8);
}

/* SPI_CTRLR0, for transfers on several lanes. */
static unsigned int instruction_bits(struct spi *spi)
{
	static const uint8_t bits[] = { 0, 4, 8, 16 };

	return bits[*spi_word(spi, SPI_SPI_CTRLR0) >> 8 & 3];
}

static unsigned int address_bits(struct spi *spi)
{
	return 4 * (*spi_word(spi, SPI_SPI_CTRLR0) >> 2 & 15);
}

/* Put a frame on the wires; it is over when its clocks are. */
static void begin_frame(struct machine *machine, unsigned int unit,
			struct spi_frame frame, uint64_t when)
{
	struct spi *spi = &machine->spi[unit];
	uint64_t clocks_of_frame =
		(frame.bits + frame.lanes - 1) / frame.lanes + frame.waits;

	spi->frame = frame;
	event_schedule(machine, &spi->done,
		       when + time_of(clocks_of_frame, frame.hz));
}

/* Instruction or address, on one lane or on all as trans_type says. */
static void begin_header(struct machine *machine, unsigned int unit,
			 struct spi_frame frame, unsigned int lanes,
			 uint64_t when)
{
	struct spi *spi = &machine->spi[unit];
	uint32_t control = *spi_word(spi, SPI_SPI_CTRLR0);
	unsigned int trans_type = control & 3;
	bool is_address = spi->phase == SPI_ADDRESS;
	bool is_last = is_address || !address_bits(spi);

	frame.bits = is_address ? address_bits(spi) : instruction_bits(spi);
	if (frame.bits > WORD_BITS) {
		report_device(machine, names[unit],
			      "an address of %u bits is not modelled yet",
			      frame.bits);
		frame.bits = WORD_BITS;
	}
	frame.lanes = trans_type + is_address >= 2 ? lanes : 1;
	frame.out = spi_fifo_pop(&spi->tx);
	frame.waits = is_last ? control >> 11 & 31 : 0;
	frame.sends = true;
	begin_frame(machine, unit, frame, when);
}

/* The phase after the one that is over, if that one is over. */
static enum spi_phase next_phase(struct spi *spi, struct spi_format format)
{
	bool has_headers = format.lanes > 1;
	enum spi_phase phase = spi->phase;

	if (has_headers && phase == SPI_IDLE && instruction_bits(spi))
		return SPI_INSTRUCTION;
	if (has_headers && phase <= SPI_INSTRUCTION && address_bits(spi))
		return SPI_ADDRESS;
	if (phase <= SPI_ADDRESS)
		phase = format.tmod == TMOD_RECEIVE ? SPI_RECEIVE : SPI_SEND;
	if (phase == SPI_SEND && format.tmod == TMOD_EEPROM && !spi->tx.level)
		phase = SPI_RECEIVE;
	return phase;
}

/*
 * What comes after a frame: another, or rest.  Runs at the time at which the
 * previous frame was over, so that frames follow without a gap.
 */
static void proceed(struct machine *machine, unsigned int unit, uint64_t when)
{
	struct spi *spi = &machine->spi[unit];
	struct spi_format format = spi_format(spi, unit);
	struct spi_frame frame = spi->frame;
	bool begins = spi->phase == SPI_IDLE;

	frame.bits = format.bits;
	frame.lanes = format.lanes;
	frame.waits = 0;
	spi->phase = next_phase(spi, format);
	if (begins) {
		spi->left = *spi_word(spi, SPI_CTRLR1) + 1;
		/* The word that starts it is not sent, but MOSI stays so. */
		if (spi->phase == SPI_RECEIVE)
			spi->last_bit = spi_fifo_pop(&spi->tx) & 1;
	}

	if (spi->phase < SPI_SEND) {
		begin_header(machine, unit, frame, format.lanes, when);
	} else if (spi->phase == SPI_SEND && spi->tx.level) {
		frame.out = in_order(spi, spi_fifo_pop(&spi->tx), format.bits);
		frame.sends = true;
		begin_frame(machine, unit, frame, when);
	} else if (spi->phase == SPI_RECEIVE && spi->left) {
		spi->left--;
		frame.out = spi->last_bit ? UINT32_MAX : 0;
		frame.sends = false;
		begin_frame(machine, unit, frame, when);
	} else {
		spi->phase = SPI_IDLE;
		drive_selects(machine, unit, false);
	}
}

static bool is_received(const struct spi *spi, unsigned int tmod)
{
	if (spi->phase == SPI_RECEIVE)
		return true;
	return spi->phase == SPI_SEND && tmod == TMOD_DUPLEX;
}

/*
 * The 32nd word is one too many on this chip, though the FIFO says that it
 * holds it (Linux limits the K210 to 31): its bits are not to be relied on.
 */
static void receive(struct machine *machine, unsigned int unit, uint32_t word)
{
	struct spi *spi = &machine->spi[unit];

	if (spi->rx.level >= SPI_FIFO - 1) {
		spi->errors |= SPI_INT_RXO;
		word ^= (uint32_t)machine_random(machine) | 1;
	}
	spi_fifo_push(&spi->rx, word);
}

static void done_fire(struct machine *machine, struct event *event)
{
	struct spi *spi = event->owner;
	unsigned int unit = spi->frame.unit;
	unsigned int bits = spi->frame.bits;
	struct spi_format format = spi_format(spi, unit);
	uint32_t mask = bits == 32 ? UINT32_MAX : (1u << bits) - 1;
	uint32_t word;

	spi->frame.out &= mask;
	if (format.loops)
		word = spi->frame.out;
	else if (unit == 3)
		word = flash_shift(machine, &spi->frame) & mask;
	else
		word = board_spi_shift(machine, &spi->frame) & mask;
	spi->last_bit = spi->frame.out & 1;
	if (is_received(spi, format.tmod))
		receive(machine, unit, in_order(spi, word, bits));
	proceed(machine, unit, event->when);
	spi_update(machine, unit);
}

/* On several lanes, instruction and address have to be there at once. */
static unsigned int words_to_start(struct spi *spi, unsigned int lanes)
{
	unsigned int headers =
		(instruction_bits(spi) != 0) + (address_bits(spi) != 0);

	return lanes > 1 && headers ? headers : 1;
}

void spi_start(struct machine *machine, unsigned int unit)
{
	struct spi *spi = &machine->spi[unit];
	struct spi_format format = spi_format(spi, unit);

	if (spi->phase != SPI_IDLE || !*spi_word(spi, SPI_SSIENR) ||
	    !*spi_word(spi, SPI_SER) ||
	    spi->tx.level < words_to_start(spi, format.lanes))
		return;
	spi->frame = (struct spi_frame){
		.unit = unit,
		.mode = format.mode,
		.hz = find_rate(machine, unit),
	};
	if (!spi->frame.hz)
		return;
	drive_selects(machine, unit, true);
	proceed(machine, unit, time_now(machine));
}

void spi_stop(struct machine *machine, unsigned int unit)
{
	struct spi *spi = &machine->spi[unit];

	event_cancel(machine, &spi->done);
	spi->done = (struct event){ .fire = done_fire, .owner = spi };
	spi->phase = SPI_IDLE;
	spi->tx.level = 0;
	spi->rx.level = 0;
	drive_selects(machine, unit, false);
}
