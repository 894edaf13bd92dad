// SPDX-License-Identifier: MIT
/*
 * The SD card makes itself known: commands that initialise it, that read its
 * registers and its status.  SD Physical Layer Simplified Specification,
 * sections 7.2.1 and 7.3.1.3.
 */
#include "sdcard_command.h"

#include <string.h>

#include "machine.h"

#define HOST_HAS_SDHC 0x40000000u
#define INIT_MIN      (1 * PS_PER_MILLISECOND)
#define INIT_MAX      (20 * PS_PER_MILLISECOND)

void sd_go_idle(struct machine *machine, uint32_t argument)
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
	sd_respond(machine, 0);
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
	sd_respond(machine, 0);
}

void sd_send_op_cond(struct machine *machine, uint32_t argument)
{
	(void)argument;
	initialise(machine, machine->sdcard.type != SD_HC);
}

/* An SDHC card waits for a host that has said that it knows such cards. */
void sd_app_send_op_cond(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;

	initialise(machine, card->type != SD_HC || (card->knows_host_v2 &&
						    argument & HOST_HAS_SDHC));
}

void sd_send_if_cond(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;
	uint8_t echo[4] = { 0, 0, (uint8_t)(argument >> 8 & 15),
			    (uint8_t)argument };

	if (card->type == SD_V1) {
		sd_respond(machine, SD_R1_ILLEGAL);
		return;
	}
	card->knows_host_v2 = echo[2] == 1;
	sd_respond(machine, 0);
	sdcard_queue(card, echo, sizeof(echo));
}

void sd_read_ocr(struct machine *machine, uint32_t argument)
{
	uint32_t ocr = sd_ocr(&machine->sdcard);

	(void)argument;
	sd_respond(machine, 0);
	for (int shift = 24; shift >= 0; shift -= 8)
		sdcard_queue_byte(&machine->sdcard, (uint8_t)(ocr >> shift));
}

void sd_crc_on_off(struct machine *machine, uint32_t argument)
{
	machine->sdcard.checks_crc = argument & 1;
	sd_respond(machine, 0);
}

void sd_app_command(struct machine *machine, uint32_t argument)
{
	(void)argument;
	machine->sdcard.is_app_command = true;
	sd_respond(machine, 0);
}

void sd_send_csd(struct machine *machine, uint32_t argument)
{
	uint8_t csd[SD_REGISTER];

	(void)argument;
	sd_csd(&machine->sdcard, csd);
	sd_respond_block(machine, csd, sizeof(csd));
}

void sd_send_cid(struct machine *machine, uint32_t argument)
{
	uint8_t cid[SD_REGISTER];

	(void)argument;
	sd_cid(&machine->sdcard, cid);
	sd_respond_block(machine, cid, sizeof(cid));
}

void sd_app_send_scr(struct machine *machine, uint32_t argument)
{
	uint8_t scr[SD_SCR];

	(void)argument;
	sd_scr(&machine->sdcard, scr);
	sd_respond_block(machine, scr, sizeof(scr));
}

void sd_app_sd_status(struct machine *machine, uint32_t argument)
{
	uint8_t status[SD_STATUS];

	(void)argument;
	sd_status(&machine->sdcard, status);
	sd_respond(machine, 0);
	sdcard_queue_byte(&machine->sdcard, 0); /* R2 */
	sdcard_queue_byte(&machine->sdcard, 0xff);
	sdcard_queue_block(&machine->sdcard, status, sizeof(status));
}

void sd_switch_function(struct machine *machine, uint32_t argument)
{
	uint8_t status[SD_STATUS];

	if (machine->sdcard.type == SD_V1) {
		sd_respond(machine, SD_R1_ILLEGAL);
		return;
	}
	sd_switch(&machine->sdcard, argument, status);
	sd_respond_block(machine, status, sizeof(status));
}

void sd_send_status(struct machine *machine, uint32_t argument)
{
	struct sdcard *card = &machine->sdcard;

	(void)argument;
	sd_respond(machine, 0);
	sdcard_queue_byte(card, card->status);
	card->status = 0;
}
