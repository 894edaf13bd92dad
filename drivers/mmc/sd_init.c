// SPDX-License-Identifier: MIT
/*
 * SD cards on SPI: from power-up, or from any state that a reset of ours left
 * the card in, to a card that reads and writes.
 *
 * SD Physical Layer Simplified Specification 6.0, section 7.2.1, figure 7-2;
 * CSD and CID: sections 5.2 and 5.3.
 */
#include "sd_internal.h"

#include <lib/errno.h>

#define SD_INIT_HZ         400000
#define SD_HZ              25000000
#define SD_WAKE_BYTES      10 /* 74 clocks at least */
#define SD_POWER_UP_US     1000
#define SD_INIT_TRIES      3
#define SD_IDLE_TRIES      4
#define SD_REGISTER_TRIES  3
#define SD_DRAIN_BYTES     (SD_BLOCK_SIZE + 16)
#define SD_INIT_TIMEOUT_US 1000000
#define SD_INIT_PAUSE_US   2000

#define SD_IF_COND_ARG  0x1aa /* 2.7 to 3.6 V, and a pattern to echo */
#define SD_OP_COND_HCS  (1u << 30)
#define SD_OCR_CCS      (1u << 30)
#define SD_OCR_3V3      (3u << 20) /* 3.2 to 3.4 V */
#define SD_OCR_POWER_UP (1u << 31)

/*
 * A card that was in the middle of something takes clocks for data: give it a
 * block's worth, and end whatever goes on.
 */
static int sd_drain(struct sd_card *card)
{
	uint8_t stop = SD_TOKEN_STOP;
	uint8_t byte;
	int ret;

	card->ops->select(card, true);
	ret = card->ops->transfer(card, NULL, NULL, SD_DRAIN_BYTES);
	if (!ret)
		ret = card->ops->transfer(card, &stop, NULL, 1);
	if (!ret)
		ret = sd_get_byte(card, &byte);
	/* What comes of these two, CMD0 will show. */
	if (!ret) {
		(void)sd_wait_ready(card, SD_WRITE_TIMEOUT_US);
		(void)sd_send(card, SD_STOP_TRANSMISSION, 0, &byte);
	}
	sd_close(card);
	return ret;
}

/* CMD0 with the card selected turns it to SPI. */
static int sd_go_idle(struct sd_card *card)
{
	uint8_t r1 = 0xff;
	bool answered = false;
	int ret;

	for (int i = 0; i < SD_IDLE_TRIES; i++) {
		card->ops->select(card, true);
		ret = sd_send(card, SD_GO_IDLE, 0, &r1);
		sd_close(card);
		if (!ret && r1 == SD_R1_IDLE)
			return 0;
		if (ret && ret != -ETIMEDOUT)
			return ret;
		answered |= !ret;
		/* The first may be lost on a card that wakes up just now. */
		ret = i % 2 ? sd_drain(card) : 0;
		if (ret)
			return ret;
	}
	return answered ? -EIO : -ENOMEDIUM;
}

/* CMD8: 0 with *v2 telling whether it knows the command. */
static int sd_check_voltage(struct sd_card *card, bool *v2)
{
	uint8_t r1, echo[4];
	int ret = sd_command(card, SD_SEND_IF_COND, SD_IF_COND_ARG, &r1, echo,
			     sizeof(echo));

	if (ret)
		return ret;
	*v2 = !(r1 & SD_R1_ILLEGAL);
	if (!*v2)
		return 0;
	if (r1 & ~SD_R1_IDLE)
		return -EIO;
	return (echo[2] & 0xf) << 8 == (SD_IF_COND_ARG & 0xf00) &&
			       echo[3] == (SD_IF_COND_ARG & 0xff)
		       ? 0
		       : -EOPNOTSUPP;
}

/* One step of waking up; an MMC shows by not knowing ACMD41. */
static int sd_try_op_cond(struct sd_card *card, bool v2, uint8_t *r1)
{
	int ret;

	if (!card->is_mmc) {
		ret = sd_app_command(card, SD_APP_SEND_OP_COND,
				     v2 ? SD_OP_COND_HCS : 0, r1);
		if (ret || !(*r1 & SD_R1_ILLEGAL))
			return ret;
		if (v2)
			return -EIO;
		card->is_mmc = true;
	}
	return sd_command(card, SD_SEND_OP_COND, 0, r1, NULL, 0);
}

/* ACMD41 again and again, until the card has woken up. */
static int sd_wake(struct sd_card *card, bool v2)
{
	uint64_t start = card->ops->now_us(card);
	uint64_t waited_us;
	uint8_t r1;
	int ret;

	card->is_mmc = false;
	for (;;) {
		waited_us = card->ops->now_us(card) - start;
		ret = sd_try_op_cond(card, v2, &r1);
		if (ret && ret != -ETIMEDOUT)
			return ret;
		if (!ret && !r1)
			return 0;
		if (!ret && r1 & SD_R1_ILLEGAL)
			return -EOPNOTSUPP;
		if (waited_us >= SD_INIT_TIMEOUT_US)
			return -ETIMEDOUT;
		card->ops->pause(card, SD_INIT_PAUSE_US);
	}
}

/* How blocks are addressed. */
static int sd_read_ocr(struct sd_card *card, bool v2)
{
	uint8_t r1, bytes[4];
	uint32_t ocr;
	int ret = sd_command(card, SD_READ_OCR, 0, &r1, bytes, sizeof(bytes));

	if (ret)
		return ret;
	if (r1 & ~SD_R1_IDLE)
		return -EIO;
	ocr = (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 |
	      bytes[3];
	if (!(ocr & SD_OCR_3V3))
		return -EOPNOTSUPP;
	card->block_address = v2 && ocr & SD_OCR_POWER_UP && ocr & SD_OCR_CCS;
	return 0;
}

/* CSD or CID: 16 bytes, as a block of data. */
static int sd_read_register_once(struct sd_card *card, unsigned command,
				 uint8_t *bytes)
{
	uint8_t r1;
	int ret = sd_open(card);

	if (ret)
		return ret;
	ret = sd_send(card, command, 0, &r1);
	if (!ret && r1)
		ret = -EIO;
	if (!ret)
		ret = sd_receive(card, bytes, 16);
	sd_close(card);
	return ret;
}

static int sd_read_register(struct sd_card *card, unsigned command,
			    uint8_t *bytes)
{
	int ret = 0;

	for (int i = 0; i < SD_REGISTER_TRIES; i++) {
		ret = sd_read_register_once(card, command, bytes);
		if (!ret)
			break;
	}
	return ret;
}

/* Bits high to low of a 128-bit register, first byte first. */
static uint32_t sd_bits(const uint8_t *bytes, unsigned high, unsigned low)
{
	uint32_t value = 0;

	for (unsigned bit = high + 1; bit-- > low;)
		value = value << 1 | (bytes[15 - bit / 8] >> bit % 8 & 1);
	return value;
}

static int sd_parse_csd(struct sd_card *card, const uint8_t *csd)
{
	uint32_t block_shift = sd_bits(csd, 83, 80);

	card->read_only = sd_bits(csd, 13, 12) != 0;
	if (card->block_address) {
		if (sd_bits(csd, 127, 126) != 1)
			return -EOPNOTSUPP;
		card->nr_sectors = (uint64_t)(sd_bits(csd, 69, 48) + 1) * 1024;
		return 0;
	}
	if (block_shift < 9 || block_shift > 11)
		return -EOPNOTSUPP;
	card->nr_sectors = (uint64_t)(sd_bits(csd, 73, 62) + 1)
			   << (sd_bits(csd, 49, 47) + 2 + block_shift - 9);
	return 0;
}

/* Ask for block size and CRCs; not to know CRCs is a card's right no more,
 * but some do not. */
static int sd_set_up_transfers(struct sd_card *card)
{
	uint8_t r1;
	int ret = sd_command(card, SD_CRC_ON_OFF, 1, &r1, NULL, 0);

	if (ret)
		return ret;
	card->crc = !r1;
	if (card->block_address)
		return 0;
	ret = sd_command(card, SD_SET_BLOCKLEN, SD_BLOCK_SIZE, &r1, NULL, 0);
	return ret ? ret : r1 ? -EIO : 0;
}

/* From idle to ready for data. */
static int sd_identify(struct sd_card *card)
{
	uint8_t csd[16];
	bool v2;
	int ret;

	ret = sd_check_voltage(card, &v2);
	if (!ret)
		ret = sd_wake(card, v2);
	if (!ret)
		ret = sd_read_ocr(card, v2);
	if (!ret)
		ret = sd_set_up_transfers(card);
	if (!ret)
		ret = sd_read_register(card, SD_SEND_CSD, csd);
	if (!ret)
		ret = sd_read_register(card, SD_SEND_CID, card->cid);
	return ret ? ret : sd_parse_csd(card, csd);
}

/* From power-up to ready, once. */
static int sd_init_once(struct sd_card *card)
{
	uint8_t byte;
	int ret = 0;

	card->ops->set_speed(card, MIN(card->hz, SD_INIT_HZ));
	card->ops->select(card, false);
	card->ops->pause(card, SD_POWER_UP_US);
	for (int i = 0; i < SD_WAKE_BYTES && !ret; i++)
		ret = sd_get_byte(card, &byte);
	if (!ret)
		ret = sd_go_idle(card);
	return ret ? ret : sd_identify(card);
}

int sd_init(struct sd_card *card)
{
	int ret = 0;

	card->present = false;
	card->hz = MIN(card->max_hz, SD_HZ);
	for (int i = 0; i < SD_INIT_TRIES; i++) {
		ret = sd_init_once(card);
		if (!ret || ret == -ENOMEDIUM || ret == -EOPNOTSUPP)
			break;
	}
	if (ret)
		return ret == -EILSEQ ? -EIO : ret;
	card->ops->set_speed(card, card->hz);
	card->present = true;
	return 0;
}
