// SPDX-License-Identifier: MIT
/* See sdcard.h. */
#include "sdcard.h"

#define CS_LINE         13
#define SR_BUSY         1u
#define R1_ILLEGAL      4
#define PATIENCE        100000 /* bytes */
#define HOST_KNOWS_SDHC 0x40000000u

uint64_t sd_spi = SPI1;
struct sd_wiring sd_wiring = { .miso = 26, .sclk = 27, .mosi = 28, .cs = 29 };

void sd_pins(void)
{
	bool is_spi0 = sd_spi == SPI0;
	unsigned int data = is_spi0 ? 4 : 70;

	gates_on(GATE_FPIOA | (is_spi0 ? GATE_SPI0 : GATE_SPI1));
	/* ARB of SPI0 is function 16, of SPI1 82. */
	set_bits(FPIOA + FPIOA_TIE_VAL, 1u << 16);
	set_bits(FPIOA + FPIOA_TIE_EN, 1u << 16);
	set_bits(FPIOA + FPIOA_TIE_VAL + 8, 1u << 18);
	set_bits(FPIOA + FPIOA_TIE_EN + 8, 1u << 18);
	set_pin(sd_wiring.miso, WORD_SPI_DATA | WORD_PULL_UP | (data + 1));
	set_pin(sd_wiring.sclk, WORD_OUTPUT | (is_spi0 ? 17 : 83));
	set_pin(sd_wiring.mosi, WORD_SPI_DATA | data);
	set_bits(GPIOHS + GPIOHS_OUTPUT_VAL, 1u << CS_LINE);
	set_bits(GPIOHS + GPIOHS_OUTPUT_EN, 1u << CS_LINE);
	set_pin(sd_wiring.cs, WORD_GPIO | (GPIOHS_LINE0 + CS_LINE));
	set(sd_spi + SSIENR, 0);
	set(sd_spi + CTRLR0, 7u << 16);
	set(sd_spi + IMR, 0);
	set(sd_spi + SER, 8);
	sd_baud(BAUD_400_KHZ);
}

void sd_baud(uint32_t divider)
{
	set(sd_spi + SSIENR, 0);
	set(sd_spi + BAUDR, divider);
	set(sd_spi + SSIENR, 1);
}

void sd_select(bool is_selected)
{
	uint32_t levels = get(GPIOHS + GPIOHS_OUTPUT_VAL) & ~(1u << CS_LINE);

	if (!is_selected)
		levels |= 1u << CS_LINE;
	set(GPIOHS + GPIOHS_OUTPUT_VAL, levels);
}

uint8_t sd_byte(uint8_t out)
{
	set(sd_spi + DR, out);
	while (!get(sd_spi + RXFLR))
		;
	return (uint8_t)get(sd_spi + DR);
}

uint8_t sd_crc7(const uint8_t *data, unsigned int len)
{
	unsigned int crc = 0;

	for (unsigned int i = 0; i < len; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 0x80 ? crc << 1 ^ 0x112 : crc << 1;
	}
	return (uint8_t)(crc | 1);
}

uint16_t sd_crc16(const uint8_t *data, unsigned int len)
{
	unsigned int crc = 0;

	for (unsigned int i = 0; i < len; i++) {
		crc ^= (unsigned int)data[i] << 8;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
	}
	return (uint16_t)crc;
}

uint8_t sd_command(unsigned int index, uint32_t argument)
{
	uint8_t frame[6] = { (uint8_t)(0x40 | index), (uint8_t)(argument >> 24),
			     (uint8_t)(argument >> 16),
			     (uint8_t)(argument >> 8), (uint8_t)argument };
	uint8_t r1 = NO_R1;

	frame[5] = sd_crc7(frame, 5);
	for (unsigned int i = 0; i < sizeof(frame); i++)
		sd_byte(frame[i]);
	if (index == 12)
		sd_byte(0xff);
	for (int i = 0; i < 10 && r1 & 0x80; i++)
		r1 = sd_byte(0xff);
	return r1;
}

uint8_t sd_app_command(unsigned int index, uint32_t argument)
{
	uint8_t r1 = sd_command(55, 0);

	if (r1 & R1_ILLEGAL)
		return r1;
	sd_byte(0xff);
	return sd_command(index, argument);
}

uint8_t sd_command_alone(unsigned int index, uint32_t argument)
{
	uint8_t r1;

	sd_select(true);
	r1 = sd_command(index, argument);
	sd_select(false);
	sd_byte(0xff);
	return r1;
}

uint8_t sd_init(void)
{
	uint32_t argument = 0;
	uint8_t r1;

	sd_select(false);
	while (mtime() < 600)
		;
	for (int i = 0; i < 10; i++)
		sd_byte(0xff);
	r1 = sd_command_alone(0, 0);
	if (r1 != 1)
		return r1;
	if (sd_command_alone(8, 0x1aa) == 1)
		argument = HOST_KNOWS_SDHC;
	for (int i = 0; i < 2000 && r1 == 1; i++) {
		sd_select(true);
		r1 = sd_app_command(41, argument);
		sd_select(false);
		sd_byte(0xff);
	}
	sd_baud(BAUD_20_MHZ);
	return r1;
}

uint8_t sd_token(void)
{
	uint8_t token = 0xff;

	for (int i = 0; i < PATIENCE && token == 0xff; i++)
		token = sd_byte(0xff);
	return token;
}

bool sd_take(uint8_t *data, unsigned int len)
{
	unsigned int crc;

	for (unsigned int i = 0; i < len; i++)
		data[i] = sd_byte(0xff);
	crc = (unsigned int)sd_byte(0xff) << 8;
	crc |= sd_byte(0xff);
	return crc == sd_crc16(data, len);
}

uint8_t sd_give(uint8_t token, const uint8_t *data)
{
	uint16_t crc = sd_crc16(data, SD_BLOCK);

	sd_byte(0xff);
	sd_byte(token);
	for (unsigned int i = 0; i < SD_BLOCK; i++)
		sd_byte(data[i]);
	sd_byte((uint8_t)(crc >> 8));
	sd_byte((uint8_t)crc);
	return sd_byte(0xff) & 0x1f;
}

bool sd_wait(void)
{
	for (int i = 0; i < PATIENCE; i++)
		if (sd_byte(0xff) == 0xff)
			return true;
	return false;
}

bool sd_read_block(uint32_t address, uint8_t *data)
{
	bool is_good;

	sd_select(true);
	is_good = sd_command(17, address) == 0 && sd_token() == 0xfe &&
		  sd_take(data, SD_BLOCK);
	sd_select(false);
	sd_byte(0xff);
	return is_good;
}

uint8_t sd_write_block(uint32_t address, const uint8_t *data)
{
	uint8_t response = NO_R1;

	sd_select(true);
	if (sd_wait() && sd_command(24, address) == 0) {
		response = sd_give(0xfe, data);
		sd_wait();
	}
	sd_select(false);
	sd_byte(0xff);
	return response;
}
