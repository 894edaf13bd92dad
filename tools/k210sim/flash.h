// SPDX-License-Identifier: MIT
/*
 * The flash chip on SPI3, a W25Q128 of 16 MiB: Winbond W25Q128FW datasheet;
 * k210.md section 3.9.  It outlives resets of the chip.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "map.h"

struct spi_frame;

#define FLASH_SIZE (16u << 20)
#define FLASH_PAGE 256

enum flash_phase {
	FLASH_COMMAND,
	FLASH_ADDRESS,
	FLASH_DUMMY,
	FLASH_DATA,
	FLASH_DONE, /* nothing more until it is selected again */
};

struct flash {
	uint8_t *data;    /* FLASH_SIZE bytes */
	const char *path; /* of the file behind it */
	uint8_t status[2];
	bool is_asleep;
	uint64_t busy_until;

	/* The command that is moving. */
	bool is_selected;
	enum flash_phase phase;
	uint8_t opcode;
	uint32_t address;
	unsigned int count; /* clocks of this phase; bits if it has data */
	uint32_t value;     /* bits that came in */
	uint8_t page[FLASH_PAGE];
	unsigned int page_len; /* bytes that came in for it */
};

/* Read the file; the rest is erased.  False: standard error has been told. */
bool flash_open(struct flash *flash, const char *path);

/* Write the file again, up to the last byte that is not erased. */
bool flash_save(const struct flash *flash);

/* The select line. */
void flash_select(struct machine *machine, bool is_selected);

/* SPI3 moves a frame.  Returns the bits that come back. */
uint32_t flash_shift(struct machine *machine, const struct spi_frame *frame);

/* A load from the window in XIP mode. */
uint32_t flash_xip_read(const struct reg_access *access);
