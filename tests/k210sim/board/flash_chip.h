// SPDX-License-Identifier: MIT
/* A small driver of the flash chip on SPI3 for guests. */
#pragma once

#include "sdcard.h"

/* The block of SPI at 6.5 MHz from the crystal. */
void flash_init(void);

/* Send an opcode; take len bytes that follow, at most 32. */
void flash_command(uint8_t opcode, uint8_t *data, unsigned int len);
void flash_read(uint32_t address, uint8_t *data, unsigned int len);

/* A byte by 0x0b, and four by a command on several lanes. */
uint8_t flash_read_fast(uint32_t address);
uint32_t flash_read_lanes(uint8_t opcode, unsigned int address_lanes,
			  unsigned int data_lanes, uint32_t address);

uint8_t flash_status(uint8_t opcode);
void flash_wait(void);
void flash_enable(void);

void flash_write_status(const uint8_t *data, unsigned int len);

/* Up to 28 bytes, since the FIFO has to hold all; and an erasing command. */
void flash_program(uint32_t address, const uint8_t *data, unsigned int len);
void flash_erase(uint8_t opcode, uint32_t address);
