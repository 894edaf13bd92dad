// SPDX-License-Identifier: MIT
/*
 * An SD card in SPI mode, on an image file: SD Physical Layer Simplified
 * Specification, chapter 7; k210.md sections 4.2 and 4.3.
 *
 * sdcard.c is the card's wires: bytes in and out, select, power.
 * sdcard_command.c takes commands, sdcard_identify.c and sdcard_transfer.c
 * execute them, sdcard_data.c moves blocks,
 * sdcard_register.c has what the card says of itself, sdcard_medium.c keeps
 * the blocks and loses them when power goes, sdcard_fault.c makes faults.
 *
 * The card outlives resets of the chip; only power and removal reset it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

struct machine;

#define SD_BLOCK       512
#define SD_CRC         2
#define SD_COMMAND     6
#define SD_QUEUE       1024 /* bytes to send; a block and more */
#define SD_UNFINISHED  64   /* blocks that a card holds before it writes them */
#define SD_FAULTS      8
#define SD_TOKEN_BLOCK 0xfe /* data follows */
#define SD_TOKEN_STOP  0xfd /* no more blocks follow */

/* R1. */
#define SD_R1_IDLE        (1u << 0)
#define SD_R1_ERASE_RESET (1u << 1)
#define SD_R1_ILLEGAL     (1u << 2)
#define SD_R1_CRC         (1u << 3)
#define SD_R1_ERASE       (1u << 4)
#define SD_R1_ADDRESS     (1u << 5)
#define SD_R1_PARAMETER   (1u << 6)

/* The second byte of R2. */
#define SD_R2_ERROR        (1u << 2)
#define SD_R2_PROTECTED    (1u << 5)
#define SD_R2_OUT_OF_RANGE (1u << 7)

enum sd_type { SD_V1, SD_SC, SD_HC };

enum sd_state {
	SD_READY,
	SD_READ_ONE,
	SD_READ_MANY,
	SD_WRITE_ONE,
	SD_WRITE_MANY,
};

/* What may go wrong; sdcard_fault.c has their names. */
enum sd_fault_kind {
	SD_NO_FAULT,
	SD_READ_CRC,     /* a block comes with a wrong CRC */
	SD_READ_ERROR,   /* an error token comes instead of a block */
	SD_READ_TIMEOUT, /* no token ever comes */
	SD_WRITE_CRC,    /* data response: CRC error */
	SD_WRITE_ERROR,  /* data response: write error */
	SD_WRITE_STATUS, /* accepted, but CMD13 tells of an error */
	SD_WRITE_BUSY,   /* busy for very long */
	SD_NO_RESPONSE,  /* no R1 */
	SD_COMMAND_CRC,  /* R1: CRC error */
};

/* When a kind of fault strikes. */
struct sd_fault {
	enum sd_fault_kind kind;
	uint64_t first; /* this one … */
	uint64_t last;  /* … to that one, from 1; or */
	uint64_t percent;
	uint64_t seen; /* so many came by */
};

/* A block whose write the card has not yet said to be finished. */
struct sd_unfinished {
	uint64_t block;
	uint8_t old[SD_BLOCK];
};

struct sdcard {
	/* The medium. */
	int file; /* of the image; -1: there is no card at all */
	uint64_t blocks;
	enum sd_type type;
	bool is_readonly;
	bool is_whole; /* no block is ever torn */
	bool is_inserted;
	struct sd_unfinished unfinished[SD_UNFINISHED];
	unsigned int nr_unfinished;
	struct sd_fault faults[SD_FAULTS];
	unsigned int nr_faults;
	uint64_t cut_at;  /* power goes while this block is written; 0: no */
	uint64_t written; /* blocks so far */
	struct event cut; /* power goes */
	unsigned int reports; /* bits of the rules that were reported */

	/* All that follows is lost when power goes. */
	uint64_t powered_at;
	bool is_late;        /* put in while the host may be at anything */
	unsigned int clocks; /* with CS and MOSI high, before CMD0 */
	bool in_spi_mode;
	bool is_idle; /* not yet initialised */
	bool knows_host_v2;
	bool checks_crc;
	bool is_fast; /* CMD6 allowed 50 MHz */
	bool is_app_command;
	uint64_t ready_at; /* initialisation is over; 0: not begun */

	/* Wires. */
	bool has_select;      /* CS is low */
	bool is_selected;     /* as the card saw it at its last clock */
	unsigned int nr_bits; /* of the byte that is moving */
	uint8_t in, out;
	uint8_t command[SD_COMMAND];
	unsigned int command_len;
	uint8_t queue[SD_QUEUE];
	unsigned int queue_first, queue_end;
	bool is_answering; /* the byte that moves is from the queue */

	/* Data. */
	enum sd_state state;
	uint64_t block;    /* the next to move */
	uint64_t token_at; /* when its token may come */
	uint64_t busy_until;
	uint8_t data[SD_BLOCK + SD_CRC];
	unsigned int data_len;
	bool has_token;      /* data comes in */
	unsigned int pauses; /* bytes of 0xff since the response */
	uint32_t well_written;
	uint8_t status; /* second byte of R2, until it is read */
	uint64_t erase_first, erase_last;
	unsigned int erase_steps; /* bit 0: CMD32 came, bit 1: CMD33 */
};

/* sdcard.c ---------------------------------------------------------------- */

/* Power comes to the card, with the board's or by insertion. */
void sdcard_power_on(struct machine *machine);

/* Power goes: what the card had not finished may be old, new or torn. */
void sdcard_power_off(struct machine *machine);

/* Take the card out if it is in, and the reverse. */
void sdcard_toggle(struct machine *machine);

/* The board's select line; the card looks at it when a clock comes. */
void sdcard_select(struct machine *machine, bool has_select);

/*
 * The master shifts bits out, the highest first, at that rate of SCLK.
 * Returns what comes back in as many bits.
 */
uint32_t sdcard_shift(struct machine *machine, uint32_t bits,
		      unsigned int nr_bits, uint64_t hz);

/* Forget what was to be sent; send these bytes after the others. */
void sdcard_queue_clear(struct sdcard *card);
void sdcard_queue(struct sdcard *card, const void *bytes, unsigned int len);
void sdcard_queue_byte(struct sdcard *card, uint8_t byte);

/* A number from low to high, from the seed. */
uint64_t sdcard_random(struct machine *machine, uint64_t low, uint64_t high);

/* sdcard_command.c -------------------------------------------------------- */

/* Execute the command that has come in. */
void sdcard_execute(struct machine *machine);

/* sdcard_data.c ----------------------------------------------------------- */

/* Queue a block's token, data and CRC. */
void sdcard_queue_block(struct sdcard *card, const void *data,
			unsigned int len);

/* A state that reads: queue the next block, or an error token. */
void sdcard_queue_read(struct machine *machine);

/* A state that writes got a byte.  False: it is the first of a command. */
bool sdcard_take_byte(struct machine *machine, uint8_t byte);

/* End SD_WRITE_MANY, and be busy for a while. */
void sdcard_finish_write(struct machine *machine);

/* sdcard_register.c ------------------------------------------------------- */

#define SD_REGISTER 16
#define SD_SCR      8
#define SD_STATUS   64

uint8_t sd_crc7(const uint8_t *bytes, unsigned int len);
uint16_t sd_crc16(const uint8_t *bytes, unsigned int len);

void sd_csd(const struct sdcard *card, uint8_t csd[SD_REGISTER]);
void sd_cid(const struct sdcard *card, uint8_t cid[SD_REGISTER]);
void sd_scr(const struct sdcard *card, uint8_t scr[SD_SCR]);
void sd_status(const struct sdcard *card, uint8_t status[SD_STATUS]);

/* CMD6's answer; may set card->is_fast. */
void sd_switch(struct sdcard *card, uint32_t argument,
	       uint8_t status[SD_STATUS]);
uint32_t sd_ocr(const struct sdcard *card);

/* sdcard_medium.c --------------------------------------------------------- */

struct sdcard_options {
	const char *path; /* NULL: no card */
	const char *type; /* "sdv1", "sdsc", "sdhc"; NULL: by size */
	bool is_readonly;
};

/* False: the card cannot be had, and standard error has been told why. */
bool sdcard_open(struct sdcard *card, const struct sdcard_options *options);

/* A block below card->blocks.  False: the host's file failed. */
bool sdcard_read(struct sdcard *card, uint64_t block, uint8_t *data);
bool sdcard_write(struct sdcard *card, uint64_t block, const uint8_t *data);

/* What was written is safe from now on. */
void sdcard_commit(struct sdcard *card);

/* Power went: the unfinished blocks are old, new, or, one of them, torn. */
void sdcard_tear(struct machine *machine);

/* sdcard_fault.c ---------------------------------------------------------- */

/*
 * KIND, KIND@N (the Nth), KIND@N+ (all from the Nth) or KIND%P (in P of 100
 * cases).  False: it is none, or there are too many of them.
 */
bool sdcard_add_fault(struct sdcard *card, const char *text);

/* One more case of these kinds (bits): the one that strikes, if any. */
enum sd_fault_kind sdcard_strike(struct machine *machine, unsigned int kinds);
