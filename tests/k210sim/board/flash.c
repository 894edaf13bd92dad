// SPDX-License-Identifier: MIT
/*
 * SPI3 and the flash chip: k210.md section 3.9; W25Q128FW datasheet.  At
 * 1 MiB the test has put a pattern; the first MiB is the guest's own image.
 */
#include "flash_chip.h"

void guest_main(void);

#define PATTERN 0x100000u
#define SPARE   0x200000u

static void check_reads(void)
{
	uint8_t id[3];
	uint8_t data[8];

	flash_command(0x9f, id, sizeof(id));
	check("jedec_id", (uint32_t)id[0] << 16 | id[1] << 8 | id[2], 0xef6018);
	flash_read(PATTERN, data, 8);
	check("read_03", data[0] == 0 && data[7] == 7, 1);
	check("read_0b", flash_read_fast(PATTERN + 4), 4);
	check("read_6b_on_4_lanes", flash_read_lanes(0x6b, 1, 4, PATTERN),
	      0x00010203);
	check("read_3b_on_2_lanes", flash_read_lanes(0x3b, 1, 2, PATTERN),
	      0x00010203);
	check("read_eb_all_on_4_lanes",
	      flash_read_lanes(0xeb, 4, 4, PATTERN + 4), 0x04050607);
	check("read_bb_all_on_2_lanes",
	      flash_read_lanes(0xbb, 2, 2, PATTERN + 4), 0x04050607);
	flash_read(SPARE, data, 1);
	check("the_rest_is_erased", data[0], 0xff);
}

static void check_writes(void)
{
	static const uint8_t first[] = { 0xf0, 0x33 };
	static const uint8_t second[] = { 0xcc };
	uint8_t data[2];

	check("status_is_0", flash_status(0x05), 0);
	check("qe_is_set", flash_status(0x35), 2);
	flash_enable();
	check("write_enable_shows", flash_status(0x05), 2);
	flash_program(SPARE + 0xff, first, 2);
	check("program_makes_it_busy", flash_status(0x05) & 1, 1);
	flash_wait();
	check("program_ends_write_enable", flash_status(0x05), 0);
	flash_read(SPARE + 0xff, data, 1);
	check("program_writes", data[0], 0xf0);
	flash_read(SPARE, data, 1);
	check("program_wraps_in_its_page", data[0], 0x33);
	flash_enable();
	flash_program(SPARE + 0xff, second, 1);
	flash_wait();
	flash_read(SPARE + 0xff, data, 1);
	check("program_only_clears_bits", data[0], 0xc0);
	flash_enable();
	flash_erase(0x20, SPARE + 0x123);
	flash_wait();
	flash_read(SPARE + 0xff, data, 1);
	check("erase_sets_a_sector", data[0], 0xff);
	flash_enable();
	flash_program(SPARE + 0x10, first, 2);
	flash_wait();
}

static void check_xip(void)
{
	set(SPI3 + SSIENR, 0);
	set(SPI3 + 0x108, 1);
	set_bits(SYSCTL + 0x58, 1u << 15);
	check("xip_shows_the_flash", get(SPI3 + PATTERN), 0x03020100);
	check("xip_reads_bytes",
	      *(volatile uint8_t *)(uint64_t)(SPI3 + PATTERN + 9), 9);
	set(SYSCTL + 0x58, 0);
	check("then_registers_are_back", get(SPI3 + SSIENR), 0);
}

void guest_main(void)
{
	flash_init();
	check_reads();
	check_writes();
	check_xip();
}
