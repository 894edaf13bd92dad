// SPDX-License-Identifier: MIT
/*
 * See flash.h.
 *
 * A command is a row of a table: on how many lanes its address and its data
 * move, and how many clocks lie between.  What changes the flash happens when
 * the chip is deselected, and makes it busy for the time that the datasheet
 * calls typical.  A command that the chip would not understand, or would
 * ignore, is a misuse.
 */
#include "flash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "report.h"

#define NAME         "flash"
#define STATUS_BUSY  (1u << 0)
#define STATUS_WEL   (1u << 1)
#define STATUS_QE    (1u << 1) /* of the second register */
#define PAGE_TIME    (700 * PS_PER_MICROSECOND)
#define SECTOR_TIME  (45 * PS_PER_MILLISECOND)
#define BLOCK_TIME   (150 * PS_PER_MILLISECOND)
#define CHIP_TIME    (40 * PS_PER_SECOND)
#define STATUS_TIME  (10 * PS_PER_MILLISECOND)
#define SECTOR       4096u
#define HALF_BLOCK   0x8000u
#define BLOCK        0x10000u
#define ADDRESS_BITS 24
#define XIP_CTRL     0x108

/* What a command does with its data, or when the chip is deselected. */
enum action {
	READ = 1,
	READ_ID,
	READ_MAKER,
	READ_STATUS,
	PROGRAM,
	WRITE_STATUS,
	ERASE,
	ERASE_ALL,
	ENABLE,
	DISABLE,
	SLEEP,
	WAKE,
	NOTHING,
};

struct command {
	enum action action;
	uint8_t address_lanes; /* 0: it has none */
	uint8_t dummies;       /* clocks, of mode bits too */
	uint8_t data_lanes;
	uint32_t argument; /* bytes to erase, or which status register */
};

static const struct command commands[256] = {
	[0x01] = { WRITE_STATUS, 0, 0, 1, 0 },
	[0x02] = { PROGRAM, 1, 0, 1, 0 },
	[0x03] = { READ, 1, 0, 1, 0 },
	[0x04] = { DISABLE, 0, 0, 1, 0 },
	[0x05] = { READ_STATUS, 0, 0, 1, 0 },
	[0x06] = { ENABLE, 0, 0, 1, 0 },
	[0x0b] = { READ, 1, 8, 1, 0 },
	[0x20] = { ERASE, 1, 0, 1, SECTOR },
	[0x31] = { WRITE_STATUS, 0, 0, 1, 1 },
	[0x32] = { PROGRAM, 1, 0, 4, 0 },
	[0x35] = { READ_STATUS, 0, 0, 1, 1 },
	[0x3b] = { READ, 1, 8, 2, 0 },
	[0x50] = { ENABLE, 0, 0, 1, 0 },
	[0x52] = { ERASE, 1, 0, 1, HALF_BLOCK },
	[0x60] = { ERASE_ALL, 0, 0, 1, 0 },
	[0x66] = { NOTHING, 0, 0, 1, 0 },
	[0x6b] = { READ, 1, 8, 4, 0 },
	[0x90] = { READ_MAKER, 1, 0, 1, 0 },
	[0x99] = { NOTHING, 0, 0, 1, 0 },
	[0x9f] = { READ_ID, 0, 0, 1, 0 },
	[0xab] = { WAKE, 0, 0, 1, 0 },
	[0xb9] = { SLEEP, 0, 0, 1, 0 },
	[0xbb] = { READ, 2, 4, 2, 0 },
	[0xc7] = { ERASE_ALL, 0, 0, 1, 0 },
	[0xd8] = { ERASE, 1, 0, 1, BLOCK },
	[0xeb] = { READ, 4, 6, 4, 0 },
	[0xff] = { NOTHING, 0, 0, 1, 0 }, /* leaves continuous read mode */
};

bool flash_open(struct flash *flash, const char *path)
{
	FILE *stream = fopen(path, "rb");
	bool fits;

	flash->path = path;
	flash->data = malloc(FLASH_SIZE);
	if (!stream || !flash->data) {
		fprintf(stderr, "k210sim: %s: cannot be opened\n", path);
		if (stream)
			fclose(stream);
		return false;
	}
	memset(flash->data, 0xff, FLASH_SIZE);
	fits = fread(flash->data, 1, FLASH_SIZE, stream) < FLASH_SIZE ||
	       fgetc(stream) == EOF;
	fclose(stream);
	if (!fits)
		fprintf(stderr,
			"k210sim: %s: larger than the flash of 16 MiB\n", path);
	/* The boot ROM has set it, to read on four lanes. */
	flash->status[1] = STATUS_QE;
	return fits;
}

bool flash_save(const struct flash *flash)
{
	FILE *stream = fopen(flash->path, "wb");
	size_t len = FLASH_SIZE;
	bool is_good;

	while (len && flash->data[len - 1] == 0xff)
		len--;
	is_good = stream && fwrite(flash->data, 1, len, stream) == len;
	if (stream && fclose(stream) != 0)
		is_good = false;
	if (!is_good)
		fprintf(stderr, "k210sim: %s: cannot be written\n",
			flash->path);
	return is_good;
}

static uint8_t read_status(struct machine *machine, unsigned int number)
{
	const struct flash *flash = &machine->flash;
	bool is_busy = time_now(machine) < flash->busy_until;

	return flash->status[number] |
	       (number == 0 && is_busy ? STATUS_BUSY : 0);
}

/* The byte that a reading command sends as its nth. */
static uint8_t data_out(struct machine *machine, unsigned int nth)
{
	static const uint8_t id[] = { 0xef, 0x60, 0x18 };
	static const uint8_t maker[] = { 0xef, 0x17 };
	const struct flash *flash = &machine->flash;
	const struct command *command = &commands[flash->opcode];

	switch (command->action) {
	case READ:
		return flash->data[(flash->address + nth) % FLASH_SIZE];
	case READ_ID:
		return id[nth % sizeof(id)];
	case READ_MAKER:
		return maker[(flash->address + nth) % sizeof(maker)];
	case READ_STATUS:
		return read_status(machine, command->argument);
	default:
		return 0xff;
	}
}

static bool changes_flash(enum action action)
{
	return action >= PROGRAM && action <= ERASE_ALL;
}

/* Why the chip would not take the command just now, or NULL. */
static const char *find_fault(struct machine *machine,
			      const struct command *command)
{
	const struct flash *flash = &machine->flash;
	bool is_quad = command->data_lanes == 4 || command->address_lanes == 4;

	if (!command->action)
		return "does not exist";
	if (flash->is_asleep && command->action != WAKE)
		return "comes while the chip is powered down";
	if (time_now(machine) < flash->busy_until &&
	    command->action != READ_STATUS)
		return "comes while the chip is busy";
	if (changes_flash(command->action) && !(flash->status[0] & STATUS_WEL))
		return "comes without write enable";
	if (is_quad && !(flash->status[1] & STATUS_QE))
		return "needs the QE bit";
	return NULL;
}

static void enter(struct flash *flash, enum flash_phase phase)
{
	flash->phase = phase;
	flash->count = 0;
	flash->value = 0;
}

static void decode(struct machine *machine)
{
	struct flash *flash = &machine->flash;
	const struct command *command = &commands[flash->value & 0xff];
	const char *fault = find_fault(machine, command);

	flash->opcode = (uint8_t)flash->value;
	flash->page_len = 0;
	if (fault) {
		report_device(machine, NAME, "command 0x%02x %s", flash->opcode,
			      fault);
		enter(flash, FLASH_DONE);
	} else {
		enter(flash,
		      command->address_lanes ? FLASH_ADDRESS : FLASH_DATA);
	}
}

/* Lanes that this phase of the command wants; 0: any. */
static unsigned int lanes_wanted(const struct flash *flash)
{
	const struct command *command = &commands[flash->opcode];

	switch (flash->phase) {
	case FLASH_COMMAND:
		return 1;
	case FLASH_ADDRESS:
		return command->address_lanes;
	case FLASH_DATA:
		return command->data_lanes;
	default:
		return 0;
	}
}

static void take_data(struct flash *flash)
{
	if (flash->count % 8 == 0)
		flash->page[flash->page_len++ % FLASH_PAGE] =
			(uint8_t)flash->value;
}

/* One clock: as many bits in and out as there are lanes. */
static uint32_t clock_once(struct machine *machine, uint32_t bits,
			   unsigned int lanes)
{
	struct flash *flash = &machine->flash;
	const struct command *command = &commands[flash->opcode];
	uint32_t out = (1u << lanes) - 1;

	flash->value = flash->value << lanes | bits;
	switch (flash->phase) {
	case FLASH_COMMAND:
		flash->count += lanes;
		if (flash->count == 8)
			decode(machine);
		break;
	case FLASH_ADDRESS:
		flash->count += lanes;
		if (flash->count < ADDRESS_BITS)
			break;
		flash->address = flash->value % FLASH_SIZE;
		enter(flash, command->dummies ? FLASH_DUMMY : FLASH_DATA);
		break;
	case FLASH_DUMMY:
		if (++flash->count == command->dummies)
			enter(flash, FLASH_DATA);
		break;
	case FLASH_DATA:
		out &= (uint32_t)data_out(machine, flash->count / 8) >>
		       (8 - lanes - flash->count % 8);
		flash->count += lanes;
		if (changes_flash(command->action))
			take_data(flash);
		break;
	default:
		break;
	}
	return out;
}

uint32_t flash_shift(struct machine *machine, const struct spi_frame *frame)
{
	struct flash *flash = &machine->flash;
	unsigned int lanes = frame->lanes;
	unsigned int wanted = lanes_wanted(flash);
	uint32_t mask = (1u << lanes) - 1;
	uint32_t result = 0;

	if (!flash->is_selected || flash->phase == FLASH_DONE)
		return UINT32_MAX;
	if (wanted && wanted != lanes) {
		report_device(machine, NAME,
			      "command 0x%02x goes on with %u lanes, not %u",
			      flash->opcode, wanted, lanes);
		enter(flash, FLASH_DONE);
		return UINT32_MAX;
	}
	for (unsigned int left = frame->bits; left >= lanes; left -= lanes)
		result = result << lanes |
			 clock_once(machine,
				    frame->out >> (left - lanes) & mask, lanes);
	for (unsigned int i = 0; i < frame->waits; i++)
		clock_once(machine, 0, lanes);
	return result;
}

/* Programming clears bits, within one page, whose end wraps round. */
static void program(struct flash *flash)
{
	uint32_t page = flash->address & ~(FLASH_PAGE - 1u);
	unsigned int len = flash->page_len;
	unsigned int first = len > FLASH_PAGE ? len - FLASH_PAGE : 0;

	for (unsigned int i = first; i < len; i++)
		flash->data[page | ((flash->address + i) % FLASH_PAGE)] &=
			flash->page[i % FLASH_PAGE];
}

static void write_status(struct flash *flash, unsigned int first)
{
	for (unsigned int i = 0; i < flash->page_len && first + i < 2; i++)
		flash->status[first + i] = flash->page[i];
	flash->status[0] &= (uint8_t) ~(STATUS_BUSY | STATUS_WEL);
}

/* What the command does to the flash; returns how long it takes. */
static uint64_t change(struct flash *flash, const struct command *command)
{
	uint32_t size = command->argument;

	switch (command->action) {
	case PROGRAM:
		program(flash);
		return PAGE_TIME;
	case WRITE_STATUS:
		write_status(flash, command->argument);
		return STATUS_TIME;
	case ERASE:
		memset(flash->data + (flash->address & ~(size - 1)), 0xff,
		       size);
		return size == SECTOR ? SECTOR_TIME : BLOCK_TIME;
	default:
		memset(flash->data, 0xff, FLASH_SIZE);
		return CHIP_TIME;
	}
}

/* The chip executes when it is deselected after whole bytes. */
static void execute(struct machine *machine)
{
	struct flash *flash = &machine->flash;
	const struct command *command = &commands[flash->opcode];

	if (flash->phase != FLASH_DATA || flash->count % 8)
		return;
	switch (command->action) {
	case ENABLE:
		flash->status[0] |= STATUS_WEL;
		break;
	case DISABLE:
		flash->status[0] &= (uint8_t)~STATUS_WEL;
		break;
	case SLEEP:
	case WAKE:
		flash->is_asleep = command->action == SLEEP;
		break;
	default:
		if (!changes_flash(command->action))
			break;
		flash->busy_until = time_now(machine) + change(flash, command);
		flash->status[0] &= (uint8_t)~STATUS_WEL;
		break;
	}
}

void flash_select(struct machine *machine, bool is_selected)
{
	struct flash *flash = &machine->flash;

	if (flash->is_selected == is_selected)
		return;
	if (!is_selected)
		execute(machine);
	flash->is_selected = is_selected;
	enter(flash, FLASH_COMMAND);
}

uint32_t flash_xip_read(const struct reg_access *access)
{
	struct machine *machine = access->machine;
	const struct flash *flash = &machine->flash;
	uint32_t value = 0;

	if (!*spi_word(&machine->spi[3], XIP_CTRL))
		access_misuse(access, "XIP without XIP_CTRL (k210.md 3.9)");
	else if (time_now(machine) < flash->busy_until || flash->is_asleep)
		access_misuse(access, "XIP while the flash cannot be read");
	memcpy(&value, flash->data + access->offset % FLASH_SIZE, access->size);
	return value;
}
