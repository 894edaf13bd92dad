// SPDX-License-Identifier: MIT
/* See flash_chip.h. */
#include "flash_chip.h"

/* Fields of CTRLR0 of SPI3. */
#define FRAME(bits)  ((bits)-1u)
#define SEND_ONLY    (1u << 10)
#define RECEIVE_ONLY (2u << 10)
#define EEPROM       (3u << 10)
#define LANES(log2)  ((log2) << 22)
#define SPI_CTRLR0   0xf4

void flash_init(void)
{
	set(SPI3 + SSIENR, 0);
	set(SPI3 + IMR, 0);
	set(SPI3 + BAUDR, 2);
}

/* Begin a transfer whose words are all in the FIFO before it starts. */
static void prepare(uint32_t ctrlr0, unsigned int nr_received)
{
	set(SPI3 + SSIENR, 0);
	set(SPI3 + SER, 0);
	set(SPI3 + CTRLR0, ctrlr0);
	set(SPI3 + CTRLR1, nr_received ? nr_received - 1 : 0);
	set(SPI3 + SSIENR, 1);
}

static void go(void)
{
	set(SPI3 + SER, 1);
	while ((get(SPI3 + SR) & 5) != 4)
		;
}

static void put_address(uint32_t address)
{
	for (int shift = 16; shift >= 0; shift -= 8)
		set(SPI3 + DR, address >> shift & 0xff);
}

static void take(uint8_t *data, unsigned int len)
{
	for (unsigned int i = 0; i < len; i++)
		data[i] = (uint8_t)get(SPI3 + DR);
}

void flash_command(uint8_t opcode, uint8_t *data, unsigned int len)
{
	prepare((len ? EEPROM : SEND_ONLY) | FRAME(8), len);
	set(SPI3 + DR, opcode);
	go();
	take(data, len);
}

void flash_read(uint32_t address, uint8_t *data, unsigned int len)
{
	prepare(EEPROM | FRAME(8), len);
	set(SPI3 + DR, 0x03);
	put_address(address);
	go();
	take(data, len);
}

uint8_t flash_read_fast(uint32_t address)
{
	prepare(EEPROM | FRAME(8), 1);
	set(SPI3 + DR, 0x0b);
	put_address(address);
	set(SPI3 + DR, 0);
	go();
	return (uint8_t)get(SPI3 + DR);
}

/*
 * With address on one lane 8 dummy clocks follow; with address on all there
 * are 8 mode bits, sent with the address, and on four lanes 4 dummies.
 */
uint32_t flash_read_lanes(uint8_t opcode, unsigned int address_lanes,
			  unsigned int data_lanes, uint32_t address)
{
	bool has_mode = address_lanes > 1;
	uint32_t waits = !has_mode ? 8 : data_lanes == 4 ? 4 : 0;

	prepare(LANES(data_lanes == 4 ? 2 : 1) | RECEIVE_ONLY | FRAME(32), 1);
	set(SPI3 + SSIENR, 0);
	set(SPI3 + SPI_CTRLR0,
	    waits << 11 | 2 << 8 | (has_mode ? 8 : 6) << 2 | has_mode);
	set(SPI3 + SSIENR, 1);
	set(SPI3 + DR, opcode);
	set(SPI3 + DR, has_mode ? address << 8 : address);
	go();
	return get(SPI3 + DR);
}

uint8_t flash_status(uint8_t opcode)
{
	uint8_t status;

	flash_command(opcode, &status, 1);
	return status;
}

void flash_wait(void)
{
	while (flash_status(0x05) & 1)
		;
}

void flash_enable(void)
{
	flash_command(0x06, NULL, 0);
}

void flash_write_status(const uint8_t *data, unsigned int len)
{
	prepare(SEND_ONLY | FRAME(8), 0);
	set(SPI3 + DR, 0x01);
	for (unsigned int i = 0; i < len; i++)
		set(SPI3 + DR, data[i]);
	go();
}

void flash_program(uint32_t address, const uint8_t *data, unsigned int len)
{
	prepare(SEND_ONLY | FRAME(8), 0);
	set(SPI3 + DR, 0x02);
	put_address(address);
	for (unsigned int i = 0; i < len; i++)
		set(SPI3 + DR, data[i]);
	go();
}

void flash_erase(uint8_t opcode, uint32_t address)
{
	prepare(SEND_ONLY | FRAME(8), 0);
	set(SPI3 + DR, opcode);
	put_address(address);
	go();
}
