// SPDX-License-Identifier: MIT
/*
 * Commands of the SD card in SPI mode: SD Physical Layer Simplified
 * Specification, sections 7.2 and 7.3.1.
 *
 * A card that is idle takes only what its table row allows.  Every command is
 * answered after one to eight bytes, as the seed has it.
 */
#include "sdcard_command.h"

#include "machine.h"
#include "report.h"

#define NAME          "SD card"
#define WAKEUP_CLOCKS 74

/* Which states a command is for. */
#define WHEN_IDLE    (1u << 0)
#define WHEN_READY   (1u << 1)
#define WHEN_READING (1u << 2)
#define WHEN_WRITING (1u << 3)
#define INITIALISING (WHEN_IDLE | WHEN_READY)
#define MOVING       (WHEN_READING | WHEN_WRITING)

struct command {
	unsigned int when;
	void (*run)(struct machine *machine, uint32_t argument);
};

/* N_CR, then R1; what follows it is queued behind. */
void sd_respond(struct machine *machine, unsigned int r1)
{
	struct sdcard *card = &machine->sdcard;
	uint64_t delay = sdcard_random(machine, 1, 8);

	sdcard_queue_clear(card);
	while (delay--)
		sdcard_queue_byte(card, 0xff);
	sdcard_queue_byte(card,
			  (uint8_t)(r1 | (card->is_idle ? SD_R1_IDLE : 0)));
	card->pauses = 0;
}

/* Commands whose answer is R1 and a short block. */
void sd_respond_block(struct machine *machine, const void *data,
		      unsigned int len)
{
	sd_respond(machine, 0);
	sdcard_queue_byte(&machine->sdcard, 0xff);
	sdcard_queue_block(&machine->sdcard, data, len);
}

static const struct command commands[64] = {
	[0] = { INITIALISING | MOVING, sd_go_idle },
	[1] = { INITIALISING, sd_send_op_cond },
	[6] = { WHEN_READY, sd_switch_function },
	[8] = { INITIALISING, sd_send_if_cond },
	[9] = { WHEN_READY, sd_send_csd },
	[10] = { WHEN_READY, sd_send_cid },
	[12] = { WHEN_READY | MOVING, sd_stop_transmission },
	[13] = { WHEN_READY | WHEN_WRITING, sd_send_status },
	[16] = { WHEN_READY, sd_set_block_length },
	[17] = { WHEN_READY, sd_read_single },
	[18] = { WHEN_READY, sd_read_multiple },
	[24] = { WHEN_READY, sd_write_single },
	[25] = { WHEN_READY, sd_write_multiple },
	[32] = { WHEN_READY, sd_erase_first },
	[33] = { WHEN_READY, sd_erase_last },
	[38] = { WHEN_READY, sd_erase },
	[55] = { INITIALISING, sd_app_command },
	[58] = { INITIALISING, sd_read_ocr },
	[59] = { INITIALISING, sd_crc_on_off },
};

static const struct command app_commands[64] = {
	[13] = { WHEN_READY, sd_app_sd_status },
	[22] = { WHEN_READY, sd_app_well_written },
	[23] = { WHEN_READY, sd_accept },
	[41] = { INITIALISING, sd_app_send_op_cond },
	[42] = { WHEN_READY, sd_accept },
	[51] = { WHEN_READY, sd_app_send_scr },
};

/*
 * Section 6.4.1: what a card wants before its first command.  A host that
 * could not know of the card yet is not heard, but does nothing wrong.
 */
static bool is_powered_up(struct machine *machine)
{
	const struct sdcard *card = &machine->sdcard;
	bool has_clocks = card->clocks >= WAKEUP_CLOCKS;
	bool has_time =
		time_now(machine) - card->powered_at >= PS_PER_MILLISECOND;

	if (card->is_late)
		return has_clocks && has_time;
	if (!has_clocks)
		report_device(machine, NAME,
			      "%u clocks with CS and MOSI high before CMD0, "
			      "not 74 (k210.md 4.3)",
			      card->clocks);
	else if (!has_time)
		report_device(machine, NAME,
			      "CMD0 within 1 ms of power (k210.md 4.3)");
	return true;
}

/* In SD mode a card hears CMD0 alone, which has to be right. */
static bool wakes_up(struct machine *machine, unsigned int index, bool is_good)
{
	if (index != 0 || !is_good || !is_powered_up(machine))
		return false;
	machine->sdcard.is_late = false;
	return true;
}

/* The row of a command that the card takes as it is now, or NULL. */
static const struct command *find_command(const struct sdcard *card,
					  unsigned int index)
{
	const struct command *command = &commands[index];
	unsigned int now = card->is_idle ? WHEN_IDLE : WHEN_READY;

	if (card->is_app_command && app_commands[index].run)
		command = &app_commands[index];
	if (card->state == SD_READ_ONE || card->state == SD_READ_MANY)
		now = WHEN_READING;
	else if (card->state != SD_READY)
		now = WHEN_WRITING;
	return command->run && command->when & now ? command : NULL;
}

void sdcard_execute(struct machine *machine)
{
	struct sdcard *card = &machine->sdcard;
	const uint8_t *frame = card->command;
	unsigned int index = frame[0] & 63;
	uint32_t argument = (uint32_t)frame[1] << 24 |
			    (uint32_t)frame[2] << 16 | (uint32_t)frame[3] << 8 |
			    frame[4];
	bool is_good = frame[5] == (uint8_t)(sd_crc7(frame, 5) << 1 | 1);
	const struct command *command = find_command(card, index);
	enum sd_fault_kind fault;

	if (!card->in_spi_mode && !wakes_up(machine, index, is_good))
		return;
	fault = sdcard_strike(machine,
			      1u << SD_NO_RESPONSE | 1u << SD_COMMAND_CRC);
	card->is_app_command = false;
	if (fault == SD_NO_RESPONSE)
		sdcard_queue_clear(card);
	else if (fault == SD_COMMAND_CRC ||
		 (!is_good && (card->checks_crc || index == 0 || index == 8)))
		sd_respond(machine, SD_R1_CRC);
	else if (!command)
		sd_respond(machine, SD_R1_ILLEGAL);
	else
		command->run(machine, argument);
}
