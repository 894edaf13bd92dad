// SPDX-License-Identifier: MIT
/*
 * The SD card's commands, on an SDHC card of 4 MiB whose block n begins with
 * the number n: k210.md sections 4.2 and 4.3.
 */
#include "sdcard.h"

void guest_main(void);

static uint8_t block[SD_BLOCK];
static uint8_t other[SD_BLOCK];

/* A command whose answer is a short block; its R1, with 0x80 for a bad one. */
static uint8_t read_short(unsigned int index, uint32_t argument, bool is_app,
			  unsigned int len)
{
	uint8_t r1;

	sd_select(true);
	r1 = is_app ? sd_app_command(index, argument)
		    : sd_command(index, argument);
	if (is_app && index == 13)
		sd_byte(0xff);
	if (r1 == 0 && (sd_token() != 0xfe || !sd_take(block, len)))
		r1 |= 0x80;
	sd_select(false);
	sd_byte(0xff);
	return r1;
}

static uint32_t read_word(unsigned int index, uint32_t argument, uint8_t *r1)
{
	uint32_t word = 0;

	sd_select(true);
	*r1 = sd_command(index, argument);
	for (int i = 0; i < 4; i++)
		word = word << 8 | sd_byte(0xff);
	sd_select(false);
	sd_byte(0xff);
	return word;
}

static void check_idle(void)
{
	uint8_t r1;

	sd_pins();
	while (mtime() < 600)
		;
	for (int i = 0; i < 10; i++)
		sd_byte(0xff);
	check("other_commands_are_not_heard_before_cmd0",
	      sd_command_alone(8, 0x1aa), NO_R1);
	check("cmd0_answers_idle", sd_command_alone(0, 0), 1);
	check("idle_card_refuses_cmd17", sd_command_alone(17, 0), 5);
	check("cmd8_echoes", read_word(8, 0x1aa, &r1) & 0xfff, 0x1aa);
	check("cmd8_answers_idle", r1, 1);
	check("ocr_is_not_ready", read_word(58, 0, &r1), 0x00ff8000);
	check("acmd41_needs_time",
	      (sd_select(true), r1 = sd_app_command(41, 1u << 30),
	       sd_select(false), sd_byte(0xff), r1),
	      1);
}

static void check_registers(void)
{
	uint8_t r1;

	check("ocr_says_sdhc", read_word(58, 0, &r1), 0xc0ff8000);
	check("cmd9_gives_the_csd", read_short(9, 0, false, 16), 0);
	check("csd_is_version_2", block[0] >> 6, 1);
	check("csd_has_the_size",
	      (block[7] & 63u) << 16 | block[8] << 8 | block[9], 7);
	check("csd_has_its_crc7", block[15], sd_crc7(block, 15));
	check("cmd10_gives_the_cid", read_short(10, 0, false, 16), 0);
	check("cid_has_its_crc7", block[15], sd_crc7(block, 15));
	check("acmd51_gives_the_scr", read_short(51, 0, true, 8), 0);
	check("scr_says_version_2", block[0], 2);
	check("acmd13_gives_the_status", read_short(13, 0, true, 64), 0);
	check("cmd6_tells_of_high_speed", read_short(6, 0xfffff1, false, 64),
	      0);
	check("and_would_choose_it", block[16] & 15, 1);
	check("an_unknown_command_is_illegal", sd_command_alone(5, 0), 4);
	check("cmd16_takes_512", sd_command_alone(16, 512), 0);
	check("cmd16_takes_nothing_else", sd_command_alone(16, 1024), 0x40);
}

static void check_reads(void)
{
	check("cmd17_reads", sd_read_block(5, block), 1);
	check("the_right_block", block[0], 5);
	check("the_last_block_is_there", sd_read_block(8191, block), 1);
	sd_select(true);
	check("a_block_beyond_is_addressed", sd_command(17, 8192), 0);
	check("but_an_error_token_comes", sd_token(), 0x08);
	sd_select(false);
	sd_byte(0xff);

	sd_select(true);
	check("cmd18_begins", sd_command(18, 7), 0);
	for (int i = 0; i < 3; i++)
		if (sd_token() != 0xfe || !sd_take(block, SD_BLOCK))
			break;
	check("cmd18_goes_on", block[0], 9);
	sd_token();
	check("cmd12_breaks_a_block_off", sd_command(12, 0), 0);
	sd_wait();
	check("then_nothing_comes", sd_byte(0xff), 0xff);
	sd_select(false);
	sd_byte(0xff);
}

static void fill(uint8_t value)
{
	for (int i = 0; i < SD_BLOCK; i++)
		block[i] = (uint8_t)(value + i);
}

static bool holds(uint32_t address, uint8_t value)
{
	if (!sd_read_block(address, other))
		return false;
	fill(value);
	for (int i = 0; i < SD_BLOCK; i++)
		if (other[i] != block[i])
			return false;
	return true;
}

/* Printing takes longer than the card does, so all is done before. */
static void check_busy(void)
{
	uint8_t seen[4];

	fill(33);
	sd_select(true);
	sd_command(24, 20);
	sd_give(0xfe, block);
	seen[0] = sd_byte(0xff);
	sd_select(false);
	sd_byte(0xff);
	seen[1] = sd_byte(0xff);
	sd_select(true);
	seen[2] = sd_byte(0xff);
	seen[3] = sd_command(13, 0);
	sd_wait();
	sd_select(false);
	sd_byte(0xff);
	check("the_card_is_busy_after_a_write", seen[0], 0);
	check("deselected_it_lets_go", seen[1], 0xff);
	check("selected_again_it_is_still_busy", seen[2], 0);
	check("and_hears_no_command", seen[3], 0);
	check("busy_ends_by_itself", holds(20, 33), 1);
}

static void check_writes(void)
{
	fill(11);
	check("cmd24_writes", sd_write_block(10, block), 5);
	check("what_was_written_is_read", holds(10, 11), 1);
	sd_select(true);
	check("cmd25_begins", sd_command(25, 30), 0);
	for (uint8_t i = 0; i < 3; i++) {
		fill(i);
		if (sd_give(0xfc, block) != 5)
			break;
		sd_wait();
	}
	sd_byte(0xfd);
	sd_byte(0xff);
	check("the_stop_token_makes_it_busy", sd_byte(0xff), 0);
	sd_wait();
	sd_select(false);
	sd_byte(0xff);
	check("cmd25_wrote_them_all", holds(30, 0) && holds(32, 2), 1);
	check("acmd22_counts_them", (read_short(22, 0, true, 4), block[3]), 3);
	check("a_write_beyond_is_refused", sd_command_alone(24, 8192), 0x40);
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

static void check_crc(void)
{
	static const uint8_t bad_cmd8[] = { 0x48, 0, 0, 1, 0xaa, 1 };
	static const uint8_t bad_cmd13[] = { 0x4d, 0, 0, 0, 0, 1 };
	uint8_t r1 = NO_R1;

	sd_select(true);
	for (unsigned int i = 0; i < 6; i++)
		sd_byte(bad_cmd8[i]);
	for (int i = 0; i < 10 && r1 & 0x80; i++)
		r1 = sd_byte(0xff);
	check("cmd8_is_always_checked", r1, 8);
	sd_select(false);
	sd_byte(0xff);
	check("cmd59_turns_checks_on", sd_command_alone(59, 1), 0);
	sd_select(true);
	for (unsigned int i = 0; i < 6; i++)
		sd_byte(bad_cmd13[i]);
	for (r1 = NO_R1; r1 & 0x80;)
		r1 = sd_byte(0xff);
	check("then_all_are_checked", r1, 8);
	sd_select(false);
	sd_byte(0xff);
	check("status_remembers_the_block_beyond", read_status(), 0x80);
	check("until_it_is_read", read_status(), 0);
	check("cmd59_turns_checks_off", sd_command_alone(59, 0), 0);
}

static void check_erase(void)
{
	sd_command_alone(32, 30);
	sd_command_alone(33, 31);
	sd_select(true);
	check("cmd38_erases", sd_command(38, 0), 0);
	sd_wait();
	sd_select(false);
	sd_byte(0xff);
	check("erased_blocks_are_zero",
	      sd_read_block(31, block) && block[0] == 0 && block[511] == 0, 1);
	check("the_next_one_stays", holds(32, 2), 1);
	check("cmd33_alone_is_out_of_sequence", sd_command_alone(33, 5), 0x10);
}

static void check_broken_off(void)
{
	static const uint8_t cmd13[] = { 0, 0, 0, 0, 0x0d };
	uint8_t r1 = NO_R1;

	sd_select(true);
	sd_byte(0x40 | 17);
	sd_byte(0);
	sd_select(false);
	sd_byte(0xff);
	check("deselecting_breaks_a_command_off", sd_command_alone(13, 0), 0);
	sd_select(true);
	sd_byte(0x40 | 13);
	sd_select(false);
	sd_select(true);
	for (int i = 0; i < 5; i++)
		sd_byte(cmd13[i]);
	for (int i = 0; i < 10 && r1 & 0x80; i++)
		r1 = sd_byte(0xff);
	check("but_not_without_a_clock", r1, 0);
	sd_select(false);
	sd_byte(0xff);
	sd_select(true);
	sd_command(18, 0);
	sd_token();
	sd_select(false);
	sd_byte(0xff);
	check("a_read_of_many_survives_it", sd_command_alone(17, 0), 4);
	check("until_cmd12", sd_command_alone(12, 0), 0);
	sd_select(true);
	sd_wait();
	sd_select(false);
	check("then_cmd17_works", sd_read_block(6, block) && block[0] == 6, 1);
	sd_baud(BAUD_400_KHZ);
	check("cmd0_makes_it_idle", sd_command_alone(0, 0), 1);
	check("an_idle_card_is_initialised_again", sd_init(), 0);
}

static void check_spi0(void)
{
	set(SPI1 + SSIENR, 0);
	sd_spi = SPI0;
	sd_pins();
	check("spi0_reaches_the_card", sd_init(), 0);
	check("spi0_reads", sd_read_block(4, block) && block[0] == 4, 1);
}

static void check_routes(void)
{
	/* GPIOHS has MISO's pad: what it reads is no longer SPI's. */
	set_pin(26, WORD_GPIO | WORD_PULL_UP | (GPIOHS_LINE0 + 9));
	check("without_miso_nothing_is_heard", sd_command_alone(13, 0), 0);
	sd_pins();
	set_pin(29, WORD_GPIO | (GPIOHS_LINE0 + 9));
	check("without_cs_no_one_answers", sd_command_alone(13, 0), NO_R1);
	sd_pins();
	set_pin(27, WORD_GPIO | (GPIOHS_LINE0 + 9));
	check("without_clock_neither", sd_command_alone(13, 0), NO_R1);
	sd_pins();
	sd_baud(BAUD_20_MHZ);
	check("with_all_pins_it_does", sd_command_alone(13, 0), 0);
}

/* IO29 to SS3: CS is low only while frames are in the FIFO. */
static void check_native_select(void)
{
	uint8_t r1 = NO_R1;

	set_pin(29, WORD_OUTPUT | 15);
	for (int i = 0; i < 10 && r1; i++) {
		set(SPI0 + DR, 0xff);
		r1 = sd_command(13, 0);
	}
	check("native_select_of_single_bytes_works", r1, 0);
	sd_byte(0xff);
}

static void check_lcd_pins(void)
{
	set_bits(SYSCTL + 0x54, 1u << 10);
	check("spi0_is_not_there_while_the_lcd_has_its_data",
	      sd_command_alone(13, 0), NO_R1);
	set(SYSCTL + 0x54, 0);
	check("and_is_again_afterwards", sd_command_alone(13, 0), 0);
}

static void check_high_speed(void)
{
	check("cmd6_sets_high_speed", read_short(6, 0x80fffff1, false, 64), 0);
	check("the_csd_says_50_mhz", (read_short(9, 0, false, 16), block[3]),
	      0x5a);
	sd_baud(8);
	check("48_mhz_is_right_then", sd_read_block(3, block), 1);
	sd_baud(BAUD_20_MHZ);
}

void guest_main(void)
{
	check_idle();
	check("the_card_is_initialised", sd_init(), 0);
	check_registers();
	check_reads();
	check_writes();
	check_busy();
	check_crc();
	check_erase();
	check_broken_off();
	check_routes();
	check_spi0();
	check_lcd_pins();
	check_native_select();
	sd_pins();
	sd_baud(BAUD_20_MHZ);
	check_high_speed();
}
