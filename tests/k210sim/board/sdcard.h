// SPDX-License-Identifier: MIT
/* A small driver of the SD card for guests: SPI1 or SPI0, polled. */
#pragma once

#include "guest.h"

/* Registers of SPI. */
#define CTRLR0 0x00
#define CTRLR1 0x04
#define SSIENR 0x08
#define SER    0x10
#define BAUDR  0x14
#define TXFTLR 0x18
#define RXFTLR 0x1c
#define TXFLR  0x20
#define RXFLR  0x24
#define SR     0x28
#define IMR    0x2c
#define ISR    0x30
#define RISR   0x34
#define RXOICR 0x3c
#define DMACR  0x4c
#define DR     0x60

#define BAUD_400_KHZ 976 /* of 390 MHz */
#define BAUD_20_MHZ  20

#define SD_BLOCK 512
#define NO_R1    0xff

/* The block that the functions drive, SPI1 unless a guest changes it. */
extern uint64_t sd_spi;

/* The pads of the card: those of the Maix boards, unless it changes them. */
struct sd_wiring {
	unsigned int miso, sclk, mosi, cs;
};
extern struct sd_wiring sd_wiring;

/* Route the pads, set up the block of SPI at 400 kHz, CS high. */
void sd_pins(void);
void sd_baud(uint32_t divider);

/* CS, by GPIOHS line 13. */
void sd_select(bool is_selected);

/* Exchange a byte. */
uint8_t sd_byte(uint8_t out);

/* Send a command with a right CRC7; its R1, or NO_R1 after 10 bytes. */
uint8_t sd_command(unsigned int index, uint32_t argument);

/* CMD55 and the command. */
uint8_t sd_app_command(unsigned int index, uint32_t argument);

/* Select, sd_command(), deselect with 8 clocks. */
uint8_t sd_command_alone(unsigned int index, uint32_t argument);

/* Wake up and initialise; R1 of the last step: 0 if the card is ready. */
uint8_t sd_init(void);

/* Wait for a token: the token, or 0xff if none came for a while. */
uint8_t sd_token(void);

/* Take len bytes and their CRC16; true if that was right. */
bool sd_take(uint8_t *data, unsigned int len);

/* Send a token, a block and its CRC; the data response, masked. */
uint8_t sd_give(uint8_t token, const uint8_t *data);

/* Wait until the card is not busy; false if it stays so for long. */
bool sd_wait(void);

/* CMD17 and CMD24 of a block, with the card's own address unit. */
bool sd_read_block(uint32_t address, uint8_t *data);
uint8_t sd_write_block(uint32_t address, const uint8_t *data);

uint16_t sd_crc16(const uint8_t *data, unsigned int len);
uint8_t sd_crc7(const uint8_t *data, unsigned int len);
