// SPDX-License-Identifier: MIT
/*
 * Prints what kind of card there is, its size in blocks and the first byte of
 * block 3; then waits for the card to go and to come back, if it does.
 */
#include "sdcard.h"

void guest_main(void);

static uint8_t csd[16];
static uint8_t block[SD_BLOCK];

static void put_number(const char *what, uint64_t value)
{
	char digits[20];
	int n = 0;

	put(what);
	do
		digits[n++] = (char)('0' + value % 10);
	while (value /= 10);
	while (n)
		guest_putc(digits[--n]);
	put("\n");
}

static uint64_t nr_blocks(void)
{
	uint64_t size = (csd[6] & 3u) << 10 | csd[7] << 2 | csd[8] >> 6;
	unsigned int mult = (csd[9] & 3u) << 1 | csd[10] >> 7;

	if (csd[0] >> 6)
		return (((csd[7] & 63u) << 16 | csd[8] << 8 | csd[9]) + 1) *
		       1024ull;
	return (size + 1) << (mult + 2 + (csd[5] & 15) - 9);
}

static void take_csd(void)
{
	sd_select(true);
	sd_command(9, 0);
	sd_token();
	sd_take(csd, sizeof(csd));
	sd_select(false);
	sd_byte(0xff);
}

static uint32_t take_ocr(void)
{
	uint32_t ocr = 0;

	sd_select(true);
	sd_command(58, 0);
	for (int i = 0; i < 4; i++)
		ocr = ocr << 8 | sd_byte(0xff);
	sd_select(false);
	sd_byte(0xff);
	return ocr;
}

static bool begin(void)
{
	sd_baud(BAUD_400_KHZ);
	return sd_init() == 0;
}

void guest_main(void)
{
	bool has_blocks;
	uint32_t unit;

	sd_pins();
	if (!begin()) {
		/* One pad alone may have an input function. */
		set_pin(sd_wiring.miso, 120);
		sd_wiring = (struct sd_wiring){ 31, 29, 30, 32 }; /* KD233 */
		sd_pins();
		put("not on the pads of a Maix board\n");
	}
	if (!begin()) {
		put("no card\n");
		return;
	}
	has_blocks = take_ocr() >> 30 & 1;
	unit = has_blocks ? 1 : SD_BLOCK;
	take_csd();
	put_number("block addresses ", has_blocks);
	put_number("blocks ", nr_blocks());
	put_number("protected ", csd[14] >> 4 & 1);
	sd_read_block(3 * unit, block);
	put_number("read ", block[0]);
	put_number("write ", sd_write_block(3 * unit, block));
	/* Long enough for the test to take the card out and put it back. */
	for (int i = 0; i < 300 && sd_read_block(3 * unit, block); i++)
		;
	if (sd_read_block(3 * unit, block))
		return;
	put("gone\n");
	for (int i = 0; i < 1000 && !begin(); i++)
		;
	put_number("back ", sd_read_block(3 * unit, block));
}
