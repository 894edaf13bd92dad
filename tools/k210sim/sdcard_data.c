// SPDX-License-Identifier: MIT
/*
 * Blocks to and from the SD card: SD Physical Layer Simplified Specification,
 * sections 7.2.3, 7.2.4 and 7.3.3; k210.md sections 4.2 and 4.3.
 */
#include "sdcard.h"

#include <string.h>

#include "machine.h"
#include "report.h"

#define NAME               "SD card"
#define TOKEN_MANY         0xfc
#define TOKEN_ERROR        0x04 /* ECC failed */
#define TOKEN_OUT_OF_RANGE 0x08
#define RESPONSE_ACCEPTED  0x05
#define RESPONSE_CRC       0x0b
#define RESPONSE_ERROR     0x0d
#define NEXT_MAX           (20 * PS_PER_MICROSECOND)
#define WRITE_ONE_MIN      (200 * PS_PER_MICROSECOND)
#define WRITE_ONE_MAX      (800 * PS_PER_MICROSECOND)
#define WRITE_MANY_MIN     (20 * PS_PER_MICROSECOND)
#define WRITE_MANY_MAX     (150 * PS_PER_MICROSECOND)
#define BUSY_FAULT         (20 * PS_PER_SECOND)

#define READ_FAULTS                                                            \
	(1u << SD_READ_CRC | 1u << SD_READ_ERROR | 1u << SD_READ_TIMEOUT)
#define WRITE_FAULTS                                                           \
	(1u << SD_WRITE_CRC | 1u << SD_WRITE_ERROR | 1u << SD_WRITE_STATUS |   \
	 1u << SD_WRITE_BUSY)

void sdcard_queue_block(struct sdcard *card, const void *data, unsigned int len)
{
	uint16_t crc = sd_crc16(data, len);

	sdcard_queue_byte(card, SD_TOKEN_BLOCK);
	sdcard_queue(card, data, len);
	sdcard_queue_byte(card, (uint8_t)(crc >> 8));
	sdcard_queue_byte(card, (uint8_t)crc);
}

/* An error token ends the transfer. */
static void fail_read(struct sdcard *card, uint8_t token)
{
	sdcard_queue_byte(card, token);
	card->state = SD_READY;
}

void sdcard_queue_read(struct machine *machine)
{
	struct sdcard *card = &machine->sdcard;
	enum sd_fault_kind fault;
	uint8_t data[SD_BLOCK];

	if (card->block >= card->blocks) {
		card->status |= SD_R2_OUT_OF_RANGE;
		fail_read(card, TOKEN_OUT_OF_RANGE);
		return;
	}
	fault = sdcard_strike(machine, READ_FAULTS);
	if (fault == SD_READ_TIMEOUT) {
		card->token_at = UINT64_MAX;
		return;
	}
	if (fault == SD_READ_ERROR || !sdcard_read(card, card->block, data)) {
		fail_read(card, TOKEN_ERROR);
		return;
	}
	sdcard_queue_block(card, data, SD_BLOCK);
	if (fault == SD_READ_CRC)
		card->queue[1 + machine_random(machine) % SD_BLOCK] ^= 0x10;
	card->block++;
	card->token_at =
		time_now(machine) + sdcard_random(machine, 0, NEXT_MAX);
	if (card->state == SD_READ_ONE)
		card->state = SD_READY;
}

static bool data_crc_is_good(const struct sdcard *card)
{
	uint16_t crc = (uint16_t)(card->data[SD_BLOCK] << 8 |
				  card->data[SD_BLOCK + 1]);

	return !card->checks_crc || crc == sd_crc16(card->data, SD_BLOCK);
}

/* Try to keep the block that came in: the data response. */
static unsigned int store(struct sdcard *card, enum sd_fault_kind fault)
{
	if (fault == SD_WRITE_CRC || !data_crc_is_good(card))
		return RESPONSE_CRC;
	if (card->is_readonly)
		card->status |= SD_R2_PROTECTED;
	else if (card->block >= card->blocks)
		card->status |= SD_R2_OUT_OF_RANGE;
	else if (fault == SD_WRITE_ERROR ||
		 !sdcard_write(card, card->block, card->data))
		card->status |= SD_R2_ERROR;
	else
		return RESPONSE_ACCEPTED;
	return RESPONSE_ERROR;
}

/* The card programs, and is cut off in the middle if that was asked for. */
static void program(struct machine *machine, enum sd_fault_kind fault)
{
	struct sdcard *card = &machine->sdcard;
	bool is_one = card->state == SD_WRITE_ONE;
	uint64_t now = time_now(machine);
	uint64_t busy =
		is_one ? sdcard_random(machine, WRITE_ONE_MIN, WRITE_ONE_MAX)
		       : sdcard_random(machine, WRITE_MANY_MIN, WRITE_MANY_MAX);

	if (fault == SD_WRITE_STATUS)
		card->status |= SD_R2_ERROR;
	if (fault == SD_WRITE_BUSY)
		busy = BUSY_FAULT;
	card->busy_until = now + busy;
	card->block++;
	card->well_written++;
	if (++card->written == card->cut_at)
		event_schedule(machine, &card->cut, now + busy / 2);
}

static void end_block(struct machine *machine)
{
	struct sdcard *card = &machine->sdcard;
	enum sd_fault_kind fault = sdcard_strike(machine, WRITE_FAULTS);
	unsigned int response;

	response = store(card, fault);
	sdcard_queue_clear(card);
	/* The upper three bits mean nothing. */
	sdcard_queue_byte(
		card, (uint8_t)(response | (machine_random(machine) & 0xe0)));
	if (response == RESPONSE_ACCEPTED)
		program(machine, fault);
	card->has_token = false;
	card->pauses = 0;
	if (card->state == SD_WRITE_ONE)
		card->state = SD_READY;
}

void sdcard_finish_write(struct machine *machine)
{
	struct sdcard *card = &machine->sdcard;

	card->state = SD_READY;
	card->busy_until = time_now(machine) +
			   sdcard_random(machine, WRITE_ONE_MIN, WRITE_ONE_MAX);
}

/* A token that comes before the response and a pause is not seen. */
static void take_token(struct machine *machine, uint8_t byte)
{
	struct sdcard *card = &machine->sdcard;
	bool is_many = card->state == SD_WRITE_MANY;

	if (card->queue_first != card->queue_end || !card->pauses)
		report_device(machine, NAME,
			      "token 0x%02x without a byte of 0xff after the "
			      "response (k210.md 4.3)",
			      byte);
	else if (is_many && byte == SD_TOKEN_STOP)
		sdcard_finish_write(machine);
	else if (byte == (is_many ? TOKEN_MANY : SD_TOKEN_BLOCK))
		card->has_token = true;
	else
		report_device(machine, NAME,
			      "token 0x%02x does not fit the command "
			      "(k210.md 4.2)",
			      byte);
	card->data_len = 0;
}

bool sdcard_take_byte(struct machine *machine, uint8_t byte)
{
	struct sdcard *card = &machine->sdcard;

	if (card->has_token) {
		card->data[card->data_len++] = byte;
		if (card->data_len == sizeof(card->data))
			end_block(machine);
		return true;
	}
	if (byte == 0xff) {
		if (!card->is_answering)
			card->pauses++;
		return true;
	}
	if ((byte & 0xc0) == 0x40)
		return false;
	/* While busy the card sees nothing. */
	if (time_now(machine) >= card->busy_until)
		take_token(machine, byte);
	return true;
}
