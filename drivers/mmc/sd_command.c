// SPDX-License-Identifier: MIT
/*
 * SD cards on SPI: one command, its response, and waiting.
 *
 * SD Physical Layer Simplified Specification 6.0, sections 7.2 and 7.3.  The
 * card is clocked by us: waiting is reading bytes.  Short waits poll, as most
 * end within microseconds; what takes longer pauses in between, for others to
 * have the processor.
 */
#include "sd_internal.h"

#include <lib/errno.h>

#include "sd_crc.h"

#define SD_RESPONSE_BYTES 10 /* N_CR is 8 at most; some cards take more */
#define SD_COMMAND_TRIES  3
#define SD_POLL_US        20
#define SD_PAUSE_MIN_US   50
#define SD_PAUSE_MAX_US   2000

int sd_get_byte(struct sd_card *card, uint8_t *byte)
{
	return card->ops->transfer(card, NULL, byte, 1);
}

/* Read until the byte is 0xff, or is not, as wanted. */
static int sd_wait(struct sd_card *card, bool idle, uint32_t timeout_us,
		   uint8_t *byte)
{
	uint64_t start = card->ops->now_us(card);
	uint32_t pause_us = SD_PAUSE_MIN_US;
	uint64_t waited_us;
	int ret;

	for (;;) {
		/* The clock first: whoever was kept waiting looks once more. */
		waited_us = card->ops->now_us(card) - start;
		ret = sd_get_byte(card, byte);
		if (ret || (*byte == 0xff) == idle)
			return ret;
		if (waited_us >= timeout_us)
			return -ETIMEDOUT;
		if (waited_us < SD_POLL_US)
			continue;
		card->ops->pause(card, pause_us);
		pause_us = MIN(2 * pause_us, SD_PAUSE_MAX_US);
	}
}

int sd_wait_ready(struct sd_card *card, uint32_t timeout_us)
{
	uint8_t byte;

	return sd_wait(card, true, timeout_us, &byte);
}

int sd_wait_byte(struct sd_card *card, uint32_t timeout_us, uint8_t *byte)
{
	return sd_wait(card, false, timeout_us, byte);
}

int sd_open(struct sd_card *card)
{
	int ret;

	card->ops->select(card, true);
	/* A card may still be busy with a write whose end nobody saw. */
	ret = sd_wait_ready(card, SD_WRITE_TIMEOUT_US);
	if (ret)
		sd_close(card);
	return ret;
}

void sd_close(struct sd_card *card)
{
	uint8_t byte;

	card->ops->select(card, false);
	/* It lets go of its output with the next clocks; no one hears errors. */
	(void)sd_get_byte(card, &byte);
}

int sd_send(struct sd_card *card, unsigned command, uint32_t arg, uint8_t *r1)
{
	uint8_t frame[6] = { (uint8_t)(0x40 | command), (uint8_t)(arg >> 24),
			     (uint8_t)(arg >> 16), (uint8_t)(arg >> 8),
			     (uint8_t)arg };
	int ret;

	frame[5] = (uint8_t)(sd_crc7(frame, 5) << 1 | 1);
	ret = card->ops->transfer(card, frame, NULL, sizeof(frame));
	/* The first byte after this one means nothing (7.3.2.2). */
	if (!ret && command == SD_STOP_TRANSMISSION)
		ret = sd_get_byte(card, r1);
	for (int i = 0; !ret && i < SD_RESPONSE_BYTES; i++) {
		ret = sd_get_byte(card, r1);
		if (!ret && !(*r1 & SD_R1_NO_RESPONSE))
			return 0;
	}
	return ret ? ret : -ETIMEDOUT;
}

int sd_command_once(struct sd_card *card, unsigned command, uint32_t arg,
		    uint8_t *r1, uint8_t *response, size_t len)
{
	int ret = sd_open(card);

	if (ret)
		return ret;
	ret = sd_send(card, command, arg, r1);
	if (!ret && len && !(*r1 & ~SD_R1_IDLE))
		ret = card->ops->transfer(card, NULL, response, len);
	sd_close(card);
	return ret;
}

int sd_command(struct sd_card *card, unsigned command, uint32_t arg,
	       uint8_t *r1, uint8_t *response, size_t len)
{
	int ret = -ETIMEDOUT;

	for (int i = 0; i < SD_COMMAND_TRIES; i++) {
		ret = sd_command_once(card, command, arg, r1, response, len);
		if (ret != -ETIMEDOUT && (ret || !(*r1 & SD_R1_CRC_ERROR)))
			break;
	}
	return ret;
}

int sd_app_command(struct sd_card *card, unsigned command, uint32_t arg,
		   uint8_t *r1)
{
	int ret = sd_command(card, SD_APP_CMD, 0, r1, NULL, 0);

	if (ret || *r1 & ~SD_R1_IDLE)
		return ret;
	/* Not heard, it would have to be announced again. */
	return sd_command_once(card, command, arg, r1, NULL, 0);
}

int sd_receive(struct sd_card *card, uint8_t *data, size_t len)
{
	uint8_t token, crc[2];
	int ret = sd_wait_byte(card, SD_READ_TIMEOUT_US, &token);

	if (ret)
		return ret;
	if (token != SD_TOKEN_START)
		return -EIO;
	ret = card->ops->transfer(card, NULL, data, len);
	if (!ret)
		ret = card->ops->transfer(card, NULL, crc, sizeof(crc));
	if (ret)
		return ret;
	return sd_crc16(data, len) == (crc[0] << 8 | crc[1]) ? 0 : -EILSEQ;
}
