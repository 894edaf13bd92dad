// SPDX-License-Identifier: MIT
/*
 * What an SD card says of itself: SD Physical Layer Simplified Specification
 * chapter 5 (CID, CSD, SCR), sections 4.3.10 (CMD6) and 4.10.2 (SD status),
 * and the CRCs of section 4.5.
 */
#include "sdcard.h"

#include <string.h>

#define TRAN_SPEED    0x32  /* 25 MHz */
#define TRAN_SPEED_HS 0x5a  /* 50 MHz */
#define CCC           0x5b5 /* basic, read, write, erase, lock, app, switch */
#define OCR_READY     0x80000000u
#define OCR_CCS       0x40000000u
#define OCR_VOLTAGES  0x00ff8000u
#define HALF_MIB      1024 /* blocks */
#define GIB           (2 * HALF_MIB * 1024ull)

uint8_t sd_crc7(const uint8_t *bytes, unsigned int len)
{
	uint8_t crc = 0; /* in the upper 7 bits */

	for (unsigned int i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (uint8_t)(crc << 1 ^ (crc >> 7 ? 0x12 : 0));
	}
	return crc >> 1;
}

uint16_t sd_crc16(const uint8_t *bytes, unsigned int len)
{
	uint16_t crc = 0;

	for (unsigned int i = 0; i < len; i++) {
		crc ^= (uint16_t)(bytes[i] << 8);
		for (int bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc << 1 ^ (crc >> 15 ? 0x1021 : 0));
	}
	return crc;
}

/* Bits high:low of a register whose first byte has the highest bits. */
static void put_bits(uint8_t *bytes, unsigned int len, unsigned int high,
		     unsigned int low, uint64_t value)
{
	for (unsigned int i = low; i <= high; i++)
		if (value >> (i - low) & 1)
			bytes[len - 1 - i / 8] |= (uint8_t)(1u << i % 8);
}

/* CSD of version 1 counts in units of 2^(mult + 2) blocks of 2^len bytes. */
static void put_size_v1(const struct sdcard *card, uint8_t *csd)
{
	unsigned int len = card->blocks > GIB ? 10 : 9;
	uint64_t unit = 512u << (len - 9); /* in blocks, for mult 7 */

	put_bits(csd, SD_REGISTER, 83, 80, len);
	put_bits(csd, SD_REGISTER, 73, 62, card->blocks / unit - 1);
	put_bits(csd, SD_REGISTER, 49, 47, 7);
	put_bits(csd, SD_REGISTER, 25, 22, len);
	put_bits(csd, SD_REGISTER, 79, 79, 1); /* partial reads */
}

static void put_size_v2(const struct sdcard *card, uint8_t *csd)
{
	put_bits(csd, SD_REGISTER, 127, 126, 1);
	put_bits(csd, SD_REGISTER, 83, 80, 9);
	put_bits(csd, SD_REGISTER, 69, 48, card->blocks / HALF_MIB - 1);
	put_bits(csd, SD_REGISTER, 25, 22, 9);
}

void sd_csd(const struct sdcard *card, uint8_t csd[SD_REGISTER])
{
	memset(csd, 0, SD_REGISTER);
	put_bits(csd, SD_REGISTER, 119, 112, 0x0e); /* TAAC: 1 ms */
	put_bits(csd, SD_REGISTER, 103, 96,
		 card->is_fast ? TRAN_SPEED_HS : TRAN_SPEED);
	put_bits(csd, SD_REGISTER, 95, 84, CCC);
	if (card->type == SD_HC)
		put_size_v2(card, csd);
	else
		put_size_v1(card, csd);
	put_bits(csd, SD_REGISTER, 46, 46, 1);    /* erases single blocks */
	put_bits(csd, SD_REGISTER, 45, 39, 0x7f); /* erase sector */
	put_bits(csd, SD_REGISTER, 28, 26, 2);    /* writes at 1/4 the speed */
	put_bits(csd, SD_REGISTER, 12, 12, card->is_readonly);
	csd[SD_REGISTER - 1] = (uint8_t)(sd_crc7(csd, 15) << 1 | 1);
}

void sd_cid(const struct sdcard *card, uint8_t cid[SD_REGISTER])
{
	/* Manufacturer, "KE", "K210S", revision, serial number, Jan 2020. */
	static const uint8_t fixed[SD_REGISTER] = {
		0x74, 'K', 'E',  'K',  '2',  '1',  '0',  'S',
		0x10, 0,   0x12, 0x34, 0x56, 0x01, 0x41,
	};

	(void)card;
	memcpy(cid, fixed, SD_REGISTER);
	cid[SD_REGISTER - 1] = (uint8_t)(sd_crc7(cid, 15) << 1 | 1);
}

void sd_scr(const struct sdcard *card, uint8_t scr[SD_SCR])
{
	memset(scr, 0, SD_SCR);
	put_bits(scr, SD_SCR, 59, 56, card->type == SD_V1 ? 1 : 2);
	put_bits(scr, SD_SCR, 54, 52, card->type == SD_HC ? 3 : 2);
	put_bits(scr, SD_SCR, 51, 48, 5); /* 1 and 4 lines */
}

void sd_status(const struct sdcard *card, uint8_t status[SD_STATUS])
{
	(void)card;
	memset(status, 0, SD_STATUS);
	status[8] = 2;     /* class 4 */
	status[10] = 0x90; /* allocation units of 4 MiB */
}

void sd_switch(struct sdcard *card, uint32_t argument,
	       uint8_t status[SD_STATUS])
{
	uint32_t wanted = argument & 15;
	bool sets = argument >> 31;
	bool fits = wanted <= 1;

	if (wanted == 15)
		wanted = card->is_fast;
	memset(status, 0, SD_STATUS);
	status[1] = 100; /* mA */
	for (unsigned int group = 6; group >= 2; group--)
		status[2 * (7 - group) + 1] = 1; /* the default function */
	status[13] = 3;                          /* group 1: also high speed */
	status[16] = (uint8_t)(fits || (argument & 15) == 15 ? wanted : 15);
	if (sets && fits)
		card->is_fast = wanted;
}

uint32_t sd_ocr(const struct sdcard *card)
{
	uint32_t ocr = OCR_VOLTAGES;

	if (!card->is_idle)
		ocr |= OCR_READY | (card->type == SD_HC ? OCR_CCS : 0);
	return ocr;
}
