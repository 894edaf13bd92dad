// SPDX-License-Identifier: MIT
/* Resets the chip in the middle of a block; then finds the card again. */
#include "sdcard.h"

void guest_main(void);

#define SOFT_RESET   0x30
#define RESET_STATUS 0x60
#define BY_SOFTWARE  (1u << 4)

static uint8_t block[SD_BLOCK];

static void leave_in_the_middle(void)
{
	check("first_time", sd_init(), 0);
	sd_select(true);
	sd_command(18, 0);
	sd_token();
	for (int i = 0; i < 100; i++)
		sd_byte(0xff);
	set(SYSCTL + SOFT_RESET, 1);
	for (;;)
		;
}

void guest_main(void)
{
	sd_pins();
	if (!(get(SYSCTL + RESET_STATUS) & BY_SOFTWARE))
		leave_in_the_middle();
	check("the_card_still_reads", sd_command_alone(13, 0), 4);
	check("it_is_initialised_again", sd_init(), 0);
	check("then_it_reads", sd_read_block(7 * SD_BLOCK, block), 1);
	check("the_right_block", block[0], 7);
}
