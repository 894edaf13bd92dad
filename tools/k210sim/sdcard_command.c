// SPDX-License-Identifier: MIT
/*
 * Commands of the SD card in SPI mode: SD Physical Layer Simplified
 * Specification, sections 7.2 and 7.3.1.
 *
 * A card that is idle takes only what its table row allows.  Every command is
 * answered after one to eight bytes, as the seed has it.
 */
#include "sdcard.h"

#include <string.h>

#include "machine.h"
#include "report.h"

#define NAME          "SD card"
#define WAKEUP_CLOCKS 74
#define HOST_HAS_SDHC 0x40000000u
#define INIT_MIN      (1 * PS_PER_MILLISECOND)
#define INIT_MAX      (20 * PS_PER_MILLISECOND)
#define ACCESS_MIN    (50 * PS_PER_MICROSECOND)
#define ACCESS_MAX    (250 * PS_PER_MICROSECOND)
#define STOP_MAX      (20 * PS_PER_MICROSECOND)
#define ERASE_TIME    (2 * PS_PER_MILLISECOND)

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
static void respond(struct machine *machine, unsigned int r1)
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

static void go_idle(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;

	(void)argument;
	card->in_spi_mode = true;
	card->is_idle = true;
	card->knows_host_v2 = false;
	card->checks_crc = false;
	card->is_fast = false;
	card->ready_at = 0;
	card->state = SD_READY;
	respond(machine, 0);
}

/* CMD1 and ACMD41: begin, and be ready some time afterwards. */
static void initialise(struct machine *machine, bool is_possible)
{
	struct sdcard *card = &machine->sdcard;
	uint64_t now = time_now(machine);

	if (!card->ready_at)
		card->ready_at =
			now + sdcard_random(machine, INIT_MIN, INIT_MAX);
	if (is_possible && now >= card->ready_at)
		card->is_idle = false;
	respond(machine, 0);
}

static void send_op_cond(struct machine *machine, uint32_t argument)
{
	(void)argument;
	initialise(machine, machine->sdcard.type != SD_HC);
}

/* An SDHC card waits for a host that has said that it knows such cards. */
static void app_send_op_cond(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;

	initialise(machine, card->type != SD_HC || (card->knows_host_v2 &&
						    argument & HOST_HAS_SDHC));
}

static void send_if_cond(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;
	uint8_t echo[4] = { 0, 0, (uint8_t)(argument >> 8 & 15),
			    (uint8_t)argument };

	if (card->type == SD_V1) {
		respond(machine, SD_R1_ILLEGAL);
		return;
	}
	card->knows_host_v2 = echo[2] == 1;
	respond(machine, 0);
	sdcard_queue(card, echo, sizeof(echo));
}

static void read_ocr(struct machine *machine, uint32_t argument)
{
	uint32_t ocr = sd_ocr(&machine->sdcard);

	(void)argument;
	respond(machine, 0);
	for (int shift = 24; shift >= 0; shift -= 8)
		sdcard_queue_byte(&machine->sdcard, (uint8_t)(ocr >> shift));
}

static void crc_on_off(struct machine *machine, uint32_t argument)
{
	machine->sdcard.checks_crc = argument & 1;
	respond(machine, 0);
}

static void app_command(struct machine *machine, uint32_t argument)
{
	(void)argument;
	machine->sdcard.is_app_command = true;
	respond(machine, 0);
}

/* Commands whose answer is R1 and a short block. */
static void respond_block(struct machine *machine, const void *data,
			  unsigned int len)
{
	respond(machine, 0);
	sdcard_queue_byte(&machine->sdcard, 0xff);
	sdcard_queue_block(&machine->sdcard, data, len);
}

static void send_csd(struct machine *machine, uint32_t argument)
{
	uint8_t csd[SD_REGISTER];

	(void)argument;
	sd_csd(&machine->sdcard, csd);
	respond_block(machine, csd, sizeof(csd));
}

static void send_cid(struct machine *machine, uint32_t argument)
{
	uint8_t cid[SD_REGISTER];

	(void)argument;
	sd_cid(&machine->sdcard, cid);
	respond_block(machine, cid, sizeof(cid));
}

static void app_send_scr(struct machine *machine, uint32_t argument)
{
	uint8_t scr[SD_SCR];

	(void)argument;
	sd_scr(&machine->sdcard, scr);
	respond_block(machine, scr, sizeof(scr));
}

static void app_sd_status(struct machine *machine, uint32_t argument)
{
	uint8_t status[SD_STATUS];

	(void)argument;
	sd_status(&machine->sdcard, status);
	respond(machine, 0);
	sdcard_queue_byte(&machine->sdcard, 0); /* R2 */
	sdcard_queue_byte(&machine->sdcard, 0xff);
	sdcard_queue_block(&machine->sdcard, status, sizeof(status));
}

static void switch_function(struct machine *machine, uint32_t argument)
{
	uint8_t status[SD_STATUS];

	if (machine->sdcard.type == SD_V1) {
		respond(machine, SD_R1_ILLEGAL);
		return;
	}
	sd_switch(&machine->sdcard, argument, status);
	respond_block(machine, status, sizeof(status));
}

static void send_status(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;

	(void)argument;
	respond(machine, 0);
	sdcard_queue_byte(card, card->status);
	card->status = 0;
}

static void set_block_length(struct machine *machine, uint32_t argument)
{
	respond(machine, argument == SD_BLOCK ? 0 : SD_R1_PARAMETER);
}

static void app_well_written(struct machine *machine, uint32_t argument)
{
	uint32_t count = machine->sdcard.well_written;
	uint8_t bytes[4] = { (uint8_t)(count >> 24), (uint8_t)(count >> 16),
			     (uint8_t)(count >> 8), (uint8_t)count };

	(void)argument;
	respond_block(machine, bytes, sizeof(bytes));
}

/* ACMD23 and ACMD42: hints, and a resistor that SPI mode does not use. */
static void accept(struct machine *machine, uint32_t argument)
{
	(void)argument;
	respond(machine, 0);
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
		respond(machine, SD_R1_ADDRESS);
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
	respond(machine, 0);
	card->state = state;
	card->token_at = time_now(machine) +
			 sdcard_random(machine, ACCESS_MIN, ACCESS_MAX);
}

static void read_single(struct machine *machine, uint32_t argument)
{
	begin_read(machine, argument, SD_READ_ONE);
}

static void read_multiple(struct machine *machine, uint32_t argument)
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
		respond(machine, SD_R1_PARAMETER);
		return;
	}
	respond(machine, 0);
	sdcard_commit(card); /* earlier blocks: the card is busy no more */
	card->state = state;
	card->well_written = 0;
}

static void write_single(struct machine *machine, uint32_t argument)
{
	begin_write(machine, argument, SD_WRITE_ONE);
}

static void write_multiple(struct machine *machine, uint32_t argument)
{
	begin_write(machine, argument, SD_WRITE_MANY);
}

/* One stuff byte, of the data that was moving, comes before R1. */
static void stop_transmission(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;
	bool was_writing = card->state == SD_WRITE_MANY;
	uint8_t stuff = (uint8_t)machine_random(machine);
	uint8_t rest[16];
	unsigned int len;

	(void)argument;
	card->state = SD_READY;
	respond(machine, 0);
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

static void erase_first(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;

	if (!find_block(machine, argument, &card->erase_first))
		return;
	card->erase_steps = 1;
	respond(machine, 0);
}

static void erase_last(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;

	if (!find_block(machine, argument, &card->erase_last))
		return;
	if (card->erase_steps != 1) {
		card->erase_steps = 0;
		respond(machine, SD_R1_ERASE);
		return;
	}
	card->erase_steps = 3;
	respond(machine, 0);
}

static void erase(struct machine *machine, uint32_t argument)
{
	static const uint8_t zeros[SD_BLOCK];
	struct sdcard *card = &machine->sdcard;
	bool in_order = card->erase_steps == 3;

	(void)argument;
	card->erase_steps = 0;
	if (!in_order || card->erase_last < card->erase_first ||
	    card->erase_last >= card->blocks) {
		respond(machine, in_order ? SD_R1_PARAMETER : SD_R1_ERASE);
		return;
	}
	respond(machine, 0);
	if (card->is_readonly) {
		card->status |= SD_R2_PROTECTED;
		return;
	}
	for (uint64_t i = card->erase_first; i <= card->erase_last; i++)
		sdcard_write(card, i, zeros);
	sdcard_commit(card);
	card->busy_until = time_now(machine) + ERASE_TIME;
}

static const struct command commands[64] = {
	[0] = { INITIALISING | MOVING, go_idle },
	[1] = { INITIALISING, send_op_cond },
	[6] = { WHEN_READY, switch_function },
	[8] = { INITIALISING, send_if_cond },
	[9] = { WHEN_READY, send_csd },
	[10] = { WHEN_READY, send_cid },
	[12] = { WHEN_READY | MOVING, stop_transmission },
	[13] = { WHEN_READY | WHEN_WRITING, send_status },
	[16] = { WHEN_READY, set_block_length },
	[17] = { WHEN_READY, read_single },
	[18] = { WHEN_READY, read_multiple },
	[24] = { WHEN_READY, write_single },
	[25] = { WHEN_READY, write_multiple },
	[32] = { WHEN_READY, erase_first },
	[33] = { WHEN_READY, erase_last },
	[38] = { WHEN_READY, erase },
	[55] = { INITIALISING, app_command },
	[58] = { INITIALISING, read_ocr },
	[59] = { INITIALISING, crc_on_off },
};

static const struct command app_commands[64] = {
	[13] = { WHEN_READY, app_sd_status },
	[22] = { WHEN_READY, app_well_written },
	[23] = { WHEN_READY, accept },
	[41] = { INITIALISING, app_send_op_cond },
	[42] = { WHEN_READY, accept },
	[51] = { WHEN_READY, app_send_scr },
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
		respond(machine, SD_R1_CRC);
	else if (!command)
		respond(machine, SD_R1_ILLEGAL);
	else
		command->run(machine, argument);
}
