// SPDX-License-Identifier: MIT
/* Writes blocks 0 to 99 one by one, then 100 to 199 by CMD25, 20 at a time. */
#include "sdcard.h"

void guest_main(void);

static uint8_t block[SD_BLOCK];

static void fill(unsigned int number)
{
	for (int i = 0; i < SD_BLOCK; i++)
		block[i] = (uint8_t)~number;
}

void guest_main(void)
{
	sd_pins();
	sd_init();
	for (unsigned int i = 0; i < 100; i++) {
		fill(i);
		sd_write_block(i * SD_BLOCK, block);
	}
	for (unsigned int first = 100; first < 200; first += 20) {
		sd_select(true);
		sd_command(25, first * SD_BLOCK);
		for (unsigned int i = first; i < first + 20; i++) {
			fill(i);
			sd_give(0xfc, block);
			sd_wait();
		}
		sd_byte(0xff);
		sd_byte(0xfd);
		sd_byte(0xff);
		sd_wait();
		sd_select(false);
		sd_byte(0xff);
	}
}
