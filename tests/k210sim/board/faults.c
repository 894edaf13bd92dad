// SPDX-License-Identifier: MIT
/*
 * Reads blocks 0 to 7, writes 8 to 11 one by one and 12 to 15 at once, and
 * prints what came of each.  test_k210_board.py asks the simulator for faults.
 */
#include "sdcard.h"

void guest_main(void);

static uint8_t block[SD_BLOCK];

static void put_byte(uint8_t byte)
{
	guest_putc("0123456789abcdef"[byte >> 4]);
	guest_putc("0123456789abcdef"[byte & 15]);
}

static void report(const char *what, unsigned int number, const char *result,
		   uint8_t byte)
{
	put(what);
	put(" ");
	guest_putc((char)('0' + number / 10));
	guest_putc((char)('0' + number % 10));
	put(result);
	put_byte(byte);
	put("\n");
}

static void read_one(unsigned int number)
{
	const char *result = " r1 ";
	uint8_t value;

	sd_select(true);
	value = sd_command(17, number * SD_BLOCK);
	if (value == 0) {
		result = " token ";
		value = sd_token();
	}
	if (value == 0xfe) {
		result = " good ";
		value = sd_take(block, SD_BLOCK);
	}
	sd_select(false);
	sd_byte(0xff);
	report("read", number, result, value);
}

static uint8_t read_status(void)
{
	uint8_t second;

	sd_select(true);
	sd_command(13, 0);
	second = sd_byte(0xff);
	sd_select(false);
	sd_byte(0xff);
	return second;
}

static void fill(unsigned int number)
{
	for (int i = 0; i < SD_BLOCK; i++)
		block[i] = (uint8_t)(0x80 + number);
}

static void write_one(unsigned int number)
{
	fill(number);
	report("write", number, " response ",
	       sd_write_block(number * SD_BLOCK, block));
	report("write", number, " status ", read_status());
}

static void write_many(unsigned int first, unsigned int end)
{
	bool is_begun;

	sd_select(true);
	is_begun = sd_wait() && sd_command(25, first * SD_BLOCK) == 0;
	for (unsigned int i = first; is_begun && i < end; i++) {
		fill(i);
		report("write", i, " response ", sd_give(0xfc, block));
		sd_wait();
	}
	sd_byte(0xff);
	sd_byte(0xfd);
	sd_byte(0xff);
	sd_wait();
	sd_select(false);
	sd_byte(0xff);
	report("write", first, " status ", read_status());
}

void guest_main(void)
{
	uint8_t r1;

	sd_pins();
	r1 = sd_init();
	report("init", 0, " r1 ", r1);
	if (r1)
		return;
	for (unsigned int i = 0; i < 8; i++)
		read_one(i);
	for (unsigned int i = 8; i < 12; i++)
		write_one(i);
	write_many(12, 16);
}
