// SPDX-License-Identifier: MIT
/* Copies 12 KiB of flash from 1 MiB to the start, and resets the chip. */
#include "flash_chip.h"

void guest_main(void);

#define FROM  0x100000u
#define SIZE  0x3000u
#define PIECE 16u

void guest_main(void)
{
	uint8_t data[PIECE];

	put("A");
	flash_init();
	flash_enable();
	flash_erase(0xd8, 0);
	flash_wait();
	for (uint32_t i = 0; i < SIZE; i += PIECE) {
		flash_read(FROM + i, data, PIECE);
		flash_enable();
		flash_program(i, data, PIECE);
		flash_wait();
	}
	set(SYSCTL + 0x30, 1);
	for (;;)
		;
}
