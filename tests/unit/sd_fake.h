// SPDX-License-Identifier: MIT
/*
 * A model of an SD card in SPI mode, byte by byte, with a clock of its own and
 * faults on request.  It is strict where a real card may be: commands need
 * their CRC once CMD59 asked for it, and nothing is heard while deselected.
 */
#pragma once

#include <drivers/mmc/sd_card.h>
#include <drivers/mmc/sd_crc.h>

#include <string.h>

#define FAKE_SECTORS 2048u

enum fake_mode {
	FAKE_COMMANDS,   /* listens for a frame */
	FAKE_WANT_TOKEN, /* CMD25: for the next block's token */
	FAKE_WANT_DATA   /* the block and its CRC */
};

struct fake_card {
	struct sd_card card;
	uint8_t sectors[FAKE_SECTORS][512];
	uint8_t cid[16];
	uint64_t now_ns;
	uint64_t busy_until_ns;
	uint32_t hz;
	bool selected, spi_mode, idle, app, check_crc;
	enum fake_mode mode;
	uint8_t in[515];
	unsigned in_len;
	uint8_t out[600];
	unsigned out_pos, out_len;
	uint32_t sector; /* of the next block */
	bool reading;    /* CMD18 goes on */
	unsigned pauses;

	/* What kind of card it is. */
	bool v1, high_capacity;
	bool absent;        /* nothing answers */
	unsigned op_cond;   /* ACMD41s until it is awake */
	uint32_t write_us;  /* busy after each block */
	bool programs_late; /* a write error may be about the block before */

	/* Faults: the nth event from now on, counted down to 0; 0: never. */
	unsigned bad_read_crc, read_error, bad_write_crc, write_error;
	unsigned bad_status, silent_command, vanish_at_block;
	unsigned nr_inits, nr_commands[64], blocks_moved;
};

static inline bool fake_strikes(unsigned *countdown)
{
	return *countdown && !--*countdown;
}

static inline void fake_say(struct fake_card *fake, const uint8_t *bytes,
			    unsigned len)
{
	memcpy(fake->out + fake->out_len, bytes, len);
	fake->out_len += len;
}

static inline void fake_say_byte(struct fake_card *fake, uint8_t byte)
{
	fake_say(fake, &byte, 1);
}

/* A block of data: delay, token, bytes, CRC. */
static inline void fake_say_data(struct fake_card *fake, const uint8_t *data,
				 unsigned len)
{
	uint16_t crc = sd_crc16(data, len);

	fake_say_byte(fake, 0xff);
	fake_say_byte(fake, 0xff);
	fake_say_byte(fake, 0xfe);
	fake_say(fake, data, len);
	if (len == 512 && fake_strikes(&fake->bad_read_crc))
		crc ^= 0x100;
	fake_say_byte(fake, crc >> 8);
	fake_say_byte(fake, crc & 0xff);
}

static inline void fake_next_block(struct fake_card *fake)
{
	fake->out_pos = fake->out_len = 0;
	if (fake_strikes(&fake->vanish_at_block))
		fake->absent = true;
	if (fake->sector >= FAKE_SECTORS || fake_strikes(&fake->read_error)) {
		fake_say_byte(fake, 0x08);
		fake->reading = false;
		return;
	}
	fake->blocks_moved++;
	fake_say_data(fake, fake->sectors[fake->sector++], 512);
}

static inline void fake_csd(struct fake_card *fake, uint8_t *csd)
{
	unsigned size = fake->high_capacity ? FAKE_SECTORS / 1024 - 1
					    : FAKE_SECTORS / 4 - 1;

	memset(csd, 0, 16);
	if (fake->high_capacity) {
		csd[0] = 0x40;
		csd[5] = 0x59;
		csd[8] = size >> 8;
		csd[9] = size & 0xff;
	} else {
		/* READ_BL_LEN 9, C_SIZE_MULT 0 */
		csd[5] = 0x59;
		csd[6] = size >> 10 & 3;
		csd[7] = size >> 2 & 0xff;
		csd[8] = (size & 3) << 6;
	}
	csd[15] = sd_crc7(csd, 15) << 1 | 1;
}

static inline bool fake_known_when_idle(unsigned command, bool app)
{
	return command == 0 || command == 1 || command == 8 || command == 55 ||
	       command == 58 || command == 59 || (app && command == 41);
}

static inline void fake_run(struct fake_card *fake, unsigned command,
			    uint32_t arg)
{
	uint32_t sector = fake->high_capacity ? arg : arg / 512;
	uint8_t reg[16], idle = fake->idle;
	bool app = fake->app;

	fake->app = false;
	fake->nr_commands[command]++;
	if (fake->idle && !fake_known_when_idle(command, app)) {
		fake_say_byte(fake, idle | 4);
		return;
	}
	switch (command) {
	case 0:
		fake->spi_mode = fake->idle = true;
		fake->check_crc = false;
		fake->nr_inits++;
		fake_say_byte(fake, 1);
		return;
	case 8:
		fake_say_byte(fake, fake->v1 ? idle | 4 : idle);
		if (!fake->v1)
			fake_say(fake, (uint8_t[]){ 0, 0, 1, arg & 0xff }, 4);
		return;
	case 9:
		fake_csd(fake, reg);
		fake_say_byte(fake, 0);
		fake_say_data(fake, reg, 16);
		return;
	case 10:
		fake_say_byte(fake, 0);
		fake_say_data(fake, fake->cid, 16);
		return;
	case 13:
		fake_say_byte(fake, 0);
		fake_say_byte(fake, fake_strikes(&fake->bad_status) ? 4 : 0);
		return;
	case 18:
		fake_say_byte(fake, 0);
		fake->sector = sector;
		fake->reading = true;
		return;
	case 25:
		fake_say_byte(fake, 0);
		fake->sector = sector;
		fake->mode = FAKE_WANT_TOKEN;
		return;
	case 41:
		if (app && fake->op_cond && !--fake->op_cond)
			fake->idle = false;
		fake_say_byte(fake, app ? fake->idle : idle | 4);
		return;
	case 55:
		fake->app = true;
		fake_say_byte(fake, idle);
		return;
	case 58:
		fake_say_byte(fake, idle);
		fake_say(fake,
			 (uint8_t[]){ fake->high_capacity ? 0xc0 : 0x80, 0xff,
				      0x80, 0 },
			 4);
		return;
	case 59:
		fake->check_crc = arg & 1;
		fake_say_byte(fake, idle);
		return;
	case 12:
	case 16:
		fake_say_byte(fake, idle);
		return;
	default:
		fake_say_byte(fake, idle | 4);
	}
}

static inline void fake_frame(struct fake_card *fake)
{
	unsigned command = fake->in[0] & 63;
	uint32_t arg = (uint32_t)fake->in[1] << 24 | fake->in[2] << 16 |
		       fake->in[3] << 8 | fake->in[4];
	uint8_t crc = sd_crc7(fake->in, 5) << 1 | 1;

	fake->in_len = 0;
	fake->out_pos = fake->out_len = 0;
	fake->reading = false;
	if (!fake->spi_mode && command)
		return;
	if (fake->nr_inits && fake_strikes(&fake->silent_command)) {
		fake->app = false;
		return;
	}
	fake_say_byte(fake, 0xff); /* N_CR, or CMD12's stuff byte */
	if (command == 12)
		fake_say_byte(fake, 0xff);
	if (crc != fake->in[5] && (fake->check_crc || !command || command == 8))
		fake_say_byte(fake, fake->idle | 8);
	else
		fake_run(fake, command, arg);
}

static inline void fake_data(struct fake_card *fake)
{
	uint16_t crc = sd_crc16(fake->in, 512);
	uint8_t response = 0xe5;

	fake->in_len = 0;
	fake->mode = FAKE_WANT_TOKEN;
	fake->out_pos = fake->out_len = 0;
	if (fake_strikes(&fake->vanish_at_block))
		fake->absent = true;
	if (fake_strikes(&fake->bad_write_crc) ||
	    (fake->check_crc && crc != (fake->in[512] << 8 | fake->in[513])))
		response = 0xeb;
	else if (fake->sector >= FAKE_SECTORS ||
		 fake_strikes(&fake->write_error))
		response = 0xed;
	if (response == 0xed && fake->programs_late)
		memset(fake->sectors[fake->sector - 1], 0, 512);
	fake_say_byte(fake, response);
	if (response != 0xe5)
		return;
	memcpy(fake->sectors[fake->sector++], fake->in, 512);
	fake->blocks_moved++;
	fake->busy_until_ns = fake->now_ns + fake->write_us * 1000ull;
}

static inline void fake_hear(struct fake_card *fake, uint8_t byte)
{
	switch (fake->mode) {
	case FAKE_WANT_TOKEN:
		if (byte == 0xfd) {
			fake->mode = FAKE_COMMANDS;
			fake->busy_until_ns =
				fake->now_ns + fake->write_us * 1000ull;
		} else if (byte == 0xfc) {
			fake->mode = FAKE_WANT_DATA;
		}
		return;
	case FAKE_WANT_DATA:
		fake->in[fake->in_len++] = byte;
		if (fake->in_len == 514)
			fake_data(fake);
		return;
	default:
		if (!fake->in_len && (byte & 0xc0) != 0x40)
			return;
		fake->in[fake->in_len++] = byte;
		if (fake->in_len == 6)
			fake_frame(fake);
	}
}

static inline uint8_t fake_clock(struct fake_card *fake, uint8_t byte)
{
	uint8_t said = 0xff;

	fake->now_ns += 8000000000ull / fake->hz;
	if (fake->absent || !fake->selected)
		return 0xff;
	if (fake->reading && fake->out_pos == fake->out_len)
		fake_next_block(fake);
	if (fake->out_pos < fake->out_len)
		said = fake->out[fake->out_pos++];
	else if (fake->now_ns < fake->busy_until_ns)
		return 0;
	fake_hear(fake, byte);
	return said;
}
