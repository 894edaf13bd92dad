// SPDX-License-Identifier: MIT
/*
 * What the simulator has to stop: the case that case_name[] names breaks one
 * rule.  test_k210_board.py puts that name into the image, and knows the message.
 */
#include "flash_chip.h"

void guest_main(void);

/* Its first word is what the test looks for. */
static volatile char case_name[64] = "case name";

#define PLL0       0x08
#define SPI_CTRLR0 0xf4

static uint8_t block[SD_BLOCK];

static void wake(void)
{
	while (mtime() < 600)
		;
	for (int i = 0; i < 10; i++)
		sd_byte(0xff);
}

static void pll_too_slow(void)
{
	const uint32_t word = 1u << 21 | 12u << 4;

	set(SYSCTL + PLL0 + 4, word | 1u << 20);
	set(SYSCTL + PLL0 + 4, word);
}

static void spi_clock_off(void)
{
	sd_pins();
	set(SYSCTL + PLL0, 0);
	set(SPI1 + DR, 0xff);
}

static void spi_baudr_0(void)
{
	sd_pins();
	sd_baud(0);
	set(SPI1 + DR, 0xff);
}

static void spi_arb_low(void)
{
	sd_pins();
	set(FPIOA + FPIOA_TIE_EN + 8, 0);
	set(SPI1 + DR, 0xff);
}

static void spi_configured_while_enabled(void)
{
	sd_pins();
	set(SPI1 + BAUDR, 20);
}

static void spi_data_while_disabled(void)
{
	sd_pins();
	set(SPI1 + SSIENR, 0);
	set(SPI1 + DR, 0xff);
}

static void spi_ser_during_transfer(void)
{
	sd_pins();
	set(SPI1 + DR, 0xff);
	set(SPI1 + SER, 0);
}

/* 15 digits, on two lanes; no board has a chip that large. */
static void spi_long_address(void)
{
	sd_pins();
	set(SPI1 + SSIENR, 0);
	set(SPI1 + CTRLR0, get(SPI1 + CTRLR0) | 1u << 21);
	set(SPI1 + SPI_CTRLR0, 15u << 2);
	set(SPI1 + SSIENR, 1);
	set(SPI1 + DR, 0);
}

static void gpiohs_second_function(void)
{
	set(GPIOHS + 0x38, 1);
}

static void sd_too_fast_at_first(void)
{
	sd_pins();
	sd_baud(BAUD_400_KHZ - 2);
	sd_byte(0xff);
}

static void sd_too_fast(void)
{
	sd_pins();
	sd_init();
	sd_baud(14);
	sd_byte(0xff);
}

static void sd_no_clocks(void)
{
	sd_pins();
	while (mtime() < 600)
		;
	for (int i = 0; i < 9; i++)
		sd_byte(0xff);
	sd_command_alone(0, 0);
}

static void sd_too_early(void)
{
	sd_pins();
	for (int i = 0; i < 10; i++)
		sd_byte(0xff);
	sd_command_alone(0, 0);
}

static void sd_zeros_while_reading(void)
{
	sd_pins();
	sd_init();
	sd_select(true);
	sd_command(17, 0);
	sd_byte(0);
}

static void sd_token_too_early(void)
{
	sd_pins();
	sd_init();
	sd_select(true);
	sd_command(24, 0);
	sd_byte(0xfe);
}

static void sd_wrong_token(void)
{
	sd_pins();
	sd_init();
	sd_select(true);
	sd_command(24, 0);
	sd_byte(0xff);
	sd_byte(0xfc);
}

static void sd_wrong_mode(void)
{
	sd_pins();
	set(SPI1 + SSIENR, 0);
	set(SPI1 + CTRLR0, 7u << 16 | 1u << 6);
	set(SPI1 + SSIENR, 1);
	sd_byte(0xff);
}

static void sd_low_voltage(void)
{
	sd_pins();
	set(SYSCTL + 0x6c, 1u << 4);
	wake();
}

static void flash_unknown_command(void)
{
	flash_init();
	flash_command(0x11, NULL, 0);
}

static void flash_not_enabled(void)
{
	flash_init();
	flash_erase(0x20, 0);
}

static void flash_while_busy(void)
{
	flash_init();
	flash_enable();
	flash_erase(0x20, 0);
	flash_read(0, block, 1);
}

static void flash_wrong_lanes(void)
{
	flash_init();
	flash_read_lanes(0xeb, 1, 4, 0);
}

static void flash_without_qe(void)
{
	static const uint8_t no_qe[2];

	flash_init();
	flash_enable();
	flash_write_status(no_qe, 2);
	flash_wait();
	flash_read_lanes(0x6b, 1, 4, 0);
}

static void xip_not_set_up(void)
{
	flash_init();
	set_bits(SYSCTL + 0x58, 1u << 15);
	get(SPI3);
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "pll_too_slow", pll_too_slow },
	{ "spi_clock_off", spi_clock_off },
	{ "spi_baudr_0", spi_baudr_0 },
	{ "spi_arb_low", spi_arb_low },
	{ "spi_configured_while_enabled", spi_configured_while_enabled },
	{ "spi_data_while_disabled", spi_data_while_disabled },
	{ "spi_ser_during_transfer", spi_ser_during_transfer },
	{ "spi_long_address", spi_long_address },
	{ "gpiohs_second_function", gpiohs_second_function },
	{ "sd_too_fast_at_first", sd_too_fast_at_first },
	{ "sd_too_fast", sd_too_fast },
	{ "sd_no_clocks", sd_no_clocks },
	{ "sd_too_early", sd_too_early },
	{ "sd_zeros_while_reading", sd_zeros_while_reading },
	{ "sd_token_too_early", sd_token_too_early },
	{ "sd_wrong_token", sd_wrong_token },
	{ "sd_wrong_mode", sd_wrong_mode },
	{ "sd_low_voltage", sd_low_voltage },
	{ "flash_unknown_command", flash_unknown_command },
	{ "flash_not_enabled", flash_not_enabled },
	{ "flash_while_busy", flash_while_busy },
	{ "flash_wrong_lanes", flash_wrong_lanes },
	{ "flash_without_qe", flash_without_qe },
	{ "xip_not_set_up", xip_not_set_up },
};

static bool is_same(const char *a, const volatile char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

void guest_main(void)
{
	gates_on(GATE_FPIOA);
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (is_same(cases[i].name, case_name))
			cases[i].run();
	/* What happens by an event is reported within a millisecond. */
	for (uint64_t end = mtime() + 520; mtime() < end;)
		;
}
