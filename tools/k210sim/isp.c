// SPDX-License-Identifier: MIT
/*
 * ISP mode: k210.md section 5.3, after kflash.py and laanwj's dump of the ROM.
 *
 * Frames are SLIP's (RFC 1055).  A request is an operation, a CRC-32 over what
 * follows, an address, a length and data, all little-endian; the reply is the
 * operation and a status.  The rate of the line does not matter here, so a
 * change of it is granted and forgotten.
 */
#include "isp.h"

#include <stddef.h>

#include "console.h"
#include "dma.h"
#include "interrupt.h"
#include "machine.h"

#define SLIP_END     0xc0
#define SLIP_ESC     0xdb
#define SLIP_ESC_END 0xdc
#define SLIP_ESC_ESC 0xdd

#define OP_NOP   0xc2
#define OP_WRITE 0xc3
#define OP_CALL  0xc5
#define OP_BAUD  0xc6

#define OK          0xe0
#define BAD_LENGTH  0xe1
#define BAD_CRC     0xe2
#define BAD_COMMAND 0xe3

/* A request, by offset. */
#define CRC       4
#define ADDRESS   8
#define LENGTH    12
#define DATA      16
#define MAX_FRAME 0x410
#define WAIT_MS   100

struct frame {
	uint8_t bytes[MAX_FRAME];
	size_t len; /* more than MAX_FRAME: it did not fit */
};

static uint32_t word(const struct frame *frame, size_t offset)
{
	const uint8_t *bytes = frame->bytes + offset;

	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* As of zlib, ISO 3309. */
static uint32_t crc32(const uint8_t *bytes, size_t len)
{
	uint32_t crc = ~0u;

	while (len--) {
		crc ^= *bytes++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* The next byte from the terminal, or -1 if there is no more to come. */
static int read_byte(struct machine *machine)
{
	int byte = console_read(machine);

	while (byte < 0 && !console_is_closed() && !machine->stopped &&
	       !interrupt_came()) {
		console_wait(WAIT_MS);
		byte = console_read(machine);
	}
	return byte;
}

static void put(struct frame *frame, uint8_t byte)
{
	if (frame->len < MAX_FRAME)
		frame->bytes[frame->len] = byte;
	frame->len++;
}

/* A frame that is not empty.  False: there is no more to come. */
static bool receive(struct machine *machine, struct frame *frame)
{
	bool escaped = false;

	frame->len = 0;
	for (;;) {
		int byte = read_byte(machine);

		if (byte < 0)
			return false;
		if (byte == SLIP_END && frame->len)
			return true;
		if (escaped)
			put(frame, byte == SLIP_ESC_END ? SLIP_END : SLIP_ESC);
		else if (byte != SLIP_END && byte != SLIP_ESC)
			put(frame, (uint8_t)byte);
		escaped = byte == SLIP_ESC && !escaped;
	}
}

/* None of the bytes of a reply needs SLIP's escape, but an operation may. */
static void reply(uint8_t op, uint8_t status)
{
	console_write(SLIP_END);
	if (op == SLIP_END || op == SLIP_ESC) {
		console_write(SLIP_ESC);
		op = op == SLIP_END ? SLIP_ESC_END : SLIP_ESC_ESC;
	}
	console_write(op);
	console_write(status);
	console_write(SLIP_END);
	console_wait(0);
}

static uint8_t write_memory(struct machine *machine, const struct frame *frame)
{
	uint32_t len = word(frame, LENGTH);

	if (len != frame->len - DATA)
		return BAD_LENGTH;
	return dma_write(machine, word(frame, ADDRESS), frame->bytes + DATA,
			 len)
		       ? OK
		       : BAD_LENGTH;
}

/* What to answer; OP_CALL is not answered if it is right. */
static uint8_t execute(struct machine *machine, const struct frame *frame)
{
	if (frame->bytes[0] == OP_NOP)
		return OK;
	if (frame->len < DATA || frame->len > MAX_FRAME)
		return BAD_LENGTH;
	if (crc32(frame->bytes + ADDRESS, frame->len - ADDRESS) !=
	    word(frame, CRC))
		return BAD_CRC;
	switch (frame->bytes[0]) {
	case OP_WRITE:
		return write_memory(machine, frame);
	case OP_CALL:
	case OP_BAUD:
		return OK;
	default:
		return BAD_COMMAND;
	}
}

bool isp_run(struct machine *machine, uint32_t *entry)
{
	struct frame frame;

	while (receive(machine, &frame)) {
		uint8_t status = execute(machine, &frame);

		if (frame.bytes[0] == OP_CALL && status == OK) {
			*entry = word(&frame, ADDRESS);
			return true;
		}
		reply(frame.bytes[0], status);
	}
	return false;
}
