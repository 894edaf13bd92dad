// SPDX-License-Identifier: MIT
/*
 * Commands that begin and end transfers of blocks, and that erase: SD Physical
 * Layer Simplified Specification, sections 7.2.3 to 7.2.5.
 */
#include "sdcard_command.h"

#include <string.h>

#include "machine.h"

#define ACCESS_MIN (50 * PS_PER_MICROSECOND)
#define ACCESS_MAX (250 * PS_PER_MICROSECOND)
#define STOP_MAX   (20 * PS_PER_MICROSECOND)
#define ERASE_TIME (2 * PS_PER_MILLISECOND)

void sd_set_block_length(struct machine *machine, uint32_t argument)
{
	sd_respond(machine, argument == SD_BLOCK ? 0 : SD_R1_PARAMETER);
}

/*
 * The block that an argument names: SDHC counts blocks, others bytes.  False:
 * the address has been refused.
 */
static bool find_block(struct machine *machine, uint32_t argument,
		       uint64_t *block)
{
	struct sdcard *card = &machine->sdcard;

	if (card->type != SD_HC && argument % SD_BLOCK) {
		sd_respond(machine, SD_R1_ADDRESS);
		return false;
	}
	*block = card->type == SD_HC ? argument : argument / SD_BLOCK;
	return true;
}

static void begin_read(struct machine *machine, uint32_t argument,
		       enum sd_state state)
{
	struct sdcard *card = &machine->sdcard;

	if (!find_block(machine, argument, &card->block))
		return;
	sd_respond(machine, 0);
	card->state = state;
	card->token_at = time_now(machine) +
			 sdcard_random(machine, ACCESS_MIN, ACCESS_MAX);
}

void sd_read_single(struct machine *machine, uint32_t argument)
{
	begin_read(machine, argument, SD_READ_ONE);
}

void sd_read_multiple(struct machine *machine, uint32_t argument)
{
	begin_read(machine, argument, SD_READ_MANY);
}

static void begin_write(struct machine *machine, uint32_t argument,
			enum sd_state state)
{
	struct sdcard *card = &machine->sdcard;

	if (!find_block(machine, argument, &card->block))
		return;
	if (card->block >= card->blocks) {
		sd_respond(machine, SD_R1_PARAMETER);
		return;
	}
	sd_respond(machine, 0);
	sdcard_commit(card); /* earlier blocks: the card is busy no more */
	card->state = state;
	card->well_written = 0;
}

void sd_write_single(struct machine *machine, uint32_t argument)
{
	begin_write(machine, argument, SD_WRITE_ONE);
}

void sd_write_multiple(struct machine *machine, uint32_t argument)
{
	begin_write(machine, argument, SD_WRITE_MANY);
}

/* One stuff byte, of the data that was moving, comes before R1. */
void sd_stop_transmission(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;
	bool was_writing = card->state == SD_WRITE_MANY;
	uint8_t stuff = (uint8_t)machine_random(machine);
	uint8_t rest[16];
	unsigned int len;

	(void)argument;
	card->state = SD_READY;
	sd_respond(machine, 0);
	len = card->queue_end;
	memcpy(rest, card->queue, len);
	sdcard_queue_clear(card);
	sdcard_queue_byte(card, stuff);
	sdcard_queue(card, rest, len);
	if (was_writing)
		sdcard_finish_write(machine);
	else
		card->busy_until =
			time_now(machine) + sdcard_random(machine, 0, STOP_MAX);
}

void sd_erase_first(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;

	if (!find_block(machine, argument, &card->erase_first))
		return;
	card->erase_steps = 1;
	sd_respond(machine, 0);
}

void sd_erase_last(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;

	if (!find_block(machine, argument, &card->erase_last))
		return;
	if (card->erase_steps != 1) {
		card->erase_steps = 0;
		sd_respond(machine, SD_R1_ERASE);
		return;
	}
	card->erase_steps = 3;
	sd_respond(machine, 0);
}

void sd_erase(struct machine *machine, uint32_t argument)
{
	static const uint8_t zeros[SD_BLOCK];
	struct sdcard *card = &machine->sdcard;
	bool in_order = card->erase_steps == 3;

	(void)argument;
	card->erase_steps = 0;
	if (!in_order || card->erase_last < card->erase_first ||
	    card->erase_last >= card->blocks) {
		sd_respond(machine, in_order ? SD_R1_PARAMETER : SD_R1_ERASE);
		return;
	}
	sd_respond(machine, 0);
	if (card->is_readonly) {
		card->status |= SD_R2_PROTECTED;
		return;
	}
	for (uint64_t i = card->erase_first; i <= card->erase_last; i++)
		sdcard_write(card, i, zeros);
	sdcard_commit(card);
	card->busy_until = time_now(machine) + ERASE_TIME;
}

void sd_app_well_written(struct machine *machine, uint32_t argument)
{
	uint32_t count = machine->sdcard.well_written;
	uint8_t bytes[4] = { (uint8_t)(count >> 24), (uint8_t)(count >> 16),
			     (uint8_t)(count >> 8), (uint8_t)count };

	(void)argument;
	sd_respond_block(machine, bytes, sizeof(bytes));
}

/* ACMD23 and ACMD42: hints, and a resistor that SPI mode does not use. */
void sd_accept(struct machine *machine, uint32_t argument)
{
	(void)argument;
	sd_respond(machine, 0);
}
