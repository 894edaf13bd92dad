// SPDX-License-Identifier: MIT
/*
 * The wires and the power of the SD card: see sdcard.h.
 *
 * Bytes are counted from the edge of CS.  What the card sends in a byte is
 * settled when its first bit moves: queued bytes, then 0x00 while it is busy,
 * then blocks as they become ready, else 0xff.
 */
#include "sdcard.h"

#include <string.h>

#include "machine.h"
#include "report.h"

#define NAME       "SD card"
#define HZ_INIT    400000
#define HZ_DEFAULT 25000000
#define HZ_FAST    50000000

/* Bits of card->reports. */
#define REPORT_INIT (1u << 0)
#define REPORT_HZ   (1u << 1)
#define REPORT_MOSI (1u << 2)

uint64_t sdcard_random(struct machine *machine, uint64_t low, uint64_t high)
{
	return low + machine_random(machine) % (high - low + 1);
}

void sdcard_queue_clear(struct sdcard *card)
{
	card->queue_first = 0;
	card->queue_end = 0;
}

void sdcard_queue(struct sdcard *card, const void *bytes, unsigned int len)
{
	memcpy(card->queue + card->queue_end, bytes, len);
	card->queue_end += len;
}

void sdcard_queue_byte(struct sdcard *card, uint8_t byte)
{
	sdcard_queue(card, &byte, 1);
}

static bool is_reading(const struct sdcard *card)
{
	return card->state == SD_READ_ONE || card->state == SD_READ_MANY;
}

static bool is_writing(const struct sdcard *card)
{
	return card->state == SD_WRITE_ONE || card->state == SD_WRITE_MANY;
}

static uint8_t next_out(struct machine *machine)
{
	struct sdcard *card = &machine->sdcard;
	uint64_t now = time_now(machine);

	card->is_answering = card->queue_first != card->queue_end;
	if (!card->is_answering) {
		sdcard_queue_clear(card);
		if (now < card->busy_until)
			return 0x00;
		if (is_reading(card) && now >= card->token_at)
			sdcard_queue_read(machine);
	}
	if (card->queue_first == card->queue_end)
		return 0xff;
	return card->queue[card->queue_first++];
}

/*
 * A byte that is neither idle nor the first of a command.  The token that ends
 * a write is what a host sends that does not know whether one goes on.
 */
static void complain(struct machine *machine, uint8_t byte)
{
	struct sdcard *card = &machine->sdcard;

	if (byte == SD_TOKEN_STOP)
		return;
	if (!(card->reports & REPORT_MOSI) && !card->is_late)
		report_device(machine, NAME,
			      "MOSI brings 0x%02x where 0xff or a command is "
			      "due (k210.md 4.3)",
			      byte);
	card->reports |= REPORT_MOSI;
}

static void take_in(struct machine *machine, uint8_t byte)
{
	struct sdcard *card = &machine->sdcard;

	if (!card->command_len) {
		if (is_writing(card) && sdcard_take_byte(machine, byte))
			return;
		if (byte == 0xff)
			return;
		if ((byte & 0xc0) != 0x40) {
			complain(machine, byte);
			return;
		}
	}
	card->command[card->command_len++] = byte;
	if (card->command_len < SD_COMMAND)
		return;
	card->command_len = 0;
	/* Who sends a command while the card is busy is not heard. */
	if (time_now(machine) >= card->busy_until)
		sdcard_execute(machine);
}

static void check_rate(struct machine *machine, uint64_t hz)
{
	struct sdcard *card = &machine->sdcard;
	uint64_t limit = card->is_fast ? HZ_FAST : HZ_DEFAULT;

	if (card->is_idle && hz > HZ_INIT && !card->is_late &&
	    !(card->reports & REPORT_INIT)) {
		card->reports |= REPORT_INIT;
		report_device(machine, NAME,
			      "SCLK over 400 kHz before the card is "
			      "initialised (k210.md 4.3)");
	}
	if (hz > limit && !(card->reports & REPORT_HZ)) {
		card->reports |= REPORT_HZ;
		report_device(machine, NAME, "SCLK over %u MHz (k210.md 4.3)",
			      (unsigned int)(limit / 1000000));
	}
}

/*
 * A clock found CS at another level.  That CS was high in between, without a
 * clock, is not seen: so drivers get by that let SPI drive it.
 */
static void follow_select(struct sdcard *card)
{
	card->is_selected = card->has_select;
	/* Whatever was on its way is broken off. */
	card->nr_bits = 0;
	card->command_len = 0;
	card->data_len = 0;
	card->has_token = false;
	sdcard_queue_clear(card);
	if (!card->is_selected &&
	    (card->state == SD_READ_ONE || card->state == SD_WRITE_ONE))
		card->state = SD_READY;
}

static bool shift_bit(struct machine *machine, bool bit)
{
	struct sdcard *card = &machine->sdcard;
	bool result;

	if (card->is_selected != card->has_select)
		follow_select(card);
	if (!card->is_selected) {
		card->clocks = bit ? card->clocks + 1 : 0;
		return true;
	}
	if (!card->nr_bits)
		card->out = card->in_spi_mode ? next_out(machine) : 0xff;
	result = card->out >> 7;
	card->out = (uint8_t)(card->out << 1);
	card->in = (uint8_t)(card->in << 1 | bit);
	if (++card->nr_bits == 8) {
		card->nr_bits = 0;
		take_in(machine, card->in);
	}
	return result;
}

uint32_t sdcard_shift(struct machine *machine, uint32_t bits,
		      unsigned int nr_bits, uint64_t hz)
{
	uint32_t result = 0;

	if (!machine->sdcard.is_inserted)
		return UINT32_MAX;
	check_rate(machine, hz);
	while (nr_bits--)
		result = result << 1 | shift_bit(machine, bits >> nr_bits & 1);
	return result;
}

void sdcard_select(struct machine *machine, bool has_select)
{
	machine->sdcard.has_select = has_select;
}

/* As a card is that had no power; its medium and the wiring stay. */
static void forget(struct machine *machine)
{
	struct sdcard *card = &machine->sdcard;

	event_cancel(machine, &card->cut);
	card->powered_at = time_now(machine);
	card->clocks = 0;
	card->is_selected = false;
	card->in_spi_mode = false;
	card->is_idle = true;
	card->knows_host_v2 = false;
	card->checks_crc = false;
	card->is_fast = false;
	card->is_app_command = false;
	card->ready_at = 0;
	card->state = SD_READY;
	card->busy_until = 0;
	card->status = 0;
	card->erase_steps = 0;
	card->nr_bits = 0;
	card->command_len = 0;
	card->data_len = 0;
	card->has_token = false;
	sdcard_queue_clear(card);
}

static void cut_fire(struct machine *machine, struct event *event)
{
	(void)event;
	machine_cut_power(machine);
}

void sdcard_power_on(struct machine *machine)
{
	machine->sdcard.cut.fire = cut_fire;
	forget(machine);
}

void sdcard_power_off(struct machine *machine)
{
	sdcard_tear(machine);
	forget(machine);
}

void sdcard_toggle(struct machine *machine)
{
	struct sdcard *card = &machine->sdcard;

	if (card->file < 0)
		return;
	if (card->is_inserted)
		sdcard_power_off(machine);
	else
		sdcard_power_on(machine);
	card->is_late = true;
	card->is_inserted = !card->is_inserted;
}
