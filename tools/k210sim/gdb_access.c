// SPDX-License-Identifier: MIT
/*
 * gdb reads and changes: registers and memory of the chosen hart, breakpoints
 * and watchpoints of both.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gdb_registers.h"
#include "gdb_session.h"
#include "inspect.h"

/* Bytes from pairs of digits; how many there were, at most max. */
static size_t get_hex(const char *text, uint8_t *bytes, size_t max)
{
	size_t len = 0;

	while (len < max && isxdigit(text[0]) && isxdigit(text[1])) {
		sscanf(text, "%2hhx", &bytes[len++]);
		text += 2;
	}
	return len;
}

static enum gdb_next read_registers(struct gdb *gdb)
{
	uint8_t values[GDB_REGS_SHORT * 8];

	for (unsigned int i = 0; i < GDB_REGS_SHORT; i++) {
		uint64_t value = 0;

		gdb_read_register(gdb_hart(gdb), i, &value);
		memcpy(values + 8 * i, &value, sizeof(value));
	}
	return gdb_reply_bytes(gdb, values, sizeof(values));
}

static enum gdb_next write_registers(struct gdb *gdb, const char *text)
{
	uint8_t values[GDB_REGS_SHORT * 8];
	size_t len = get_hex(text, values, sizeof(values));

	for (unsigned int i = 0; i < len / 8; i++) {
		uint64_t value;

		memcpy(&value, values + 8 * i, sizeof(value));
		gdb_write_register(gdb_hart(gdb), i, value);
	}
	return gdb_reply_ok(gdb, len == sizeof(values));
}

/* pN */
static enum gdb_next read_register(struct gdb *gdb, const char *text)
{
	unsigned int number = (unsigned int)strtoul(text, NULL, 16);
	uint64_t value;

	if (!gdb_read_register(gdb_hart(gdb), number, &value))
		return gdb_reply_ok(gdb, false);
	return gdb_reply_bytes(gdb, &value, sizeof(value));
}

/* PN=VALUE */
static enum gdb_next write_register(struct gdb *gdb, const char *text)
{
	uint64_t value = 0;
	char *end;
	unsigned int number = (unsigned int)strtoul(text, &end, 16);

	if (*end != '=' ||
	    get_hex(end + 1, (uint8_t *)&value, sizeof(value)) == 0)
		return gdb_reply_ok(gdb, false);
	return gdb_reply_ok(gdb,
			    gdb_write_register(gdb_hart(gdb), number, value));
}

static enum gdb_next read_memory(struct gdb *gdb, char *text)
{
	uint8_t bytes[GDB_MEMORY];
	uint64_t address;
	uint64_t len;

	if (!gdb_parse_range(text, &address, &len, &text))
		return gdb_reply_ok(gdb, false);
	if (len > sizeof(bytes))
		len = sizeof(bytes);
	if (!inspect_read(gdb_hart(gdb), address, bytes, len))
		return gdb_reply_ok(gdb, false);
	return gdb_reply_bytes(gdb, bytes, len);
}

/* MADDRESS,LEN:DIGITS */
static enum gdb_next write_memory(struct gdb *gdb, char *text)
{
	uint8_t bytes[GDB_MEMORY];
	uint64_t address;
	uint64_t len;

	if (!gdb_parse_range(text, &address, &len, &text) || *text != ':' ||
	    len > sizeof(bytes) || get_hex(text + 1, bytes, len) != len)
		return gdb_reply_ok(gdb, false);
	return gdb_reply_ok(gdb,
			    inspect_write(gdb_hart(gdb), address, bytes, len));
}

/* ZKIND,ADDRESS,LEN and z: kinds 0 and 1 are breakpoints. */
static enum gdb_next change_point(struct gdb *gdb, char *text, bool add)
{
	struct watchpoint point = { .kind = (enum watch)(text[0] - '0') };
	struct machine *machine = gdb->machine;
	bool good = true;

	if (text[0] < '0' || text[0] > '4')
		return gdb_reply(gdb, "%s", "");
	if (text[1] != ',' ||
	    !gdb_parse_range(text + 2, &point.address, &point.len, &text))
		return gdb_reply_ok(gdb, false);
	if (point.kind < WATCH_WRITE && add)
		good = debug_add_breakpoint(machine, point.address);
	else if (point.kind < WATCH_WRITE)
		debug_remove_breakpoint(machine, point.address);
	else if (add)
		good = debug_add_watchpoint(machine, point);
	else
		debug_remove_watchpoint(machine, point);
	return gdb_reply_ok(gdb, good);
}

enum gdb_next gdb_answer_access(struct gdb *gdb, char *packet)
{
	switch (packet[0]) {
	case 'g':
		return read_registers(gdb);
	case 'G':
		return write_registers(gdb, packet + 1);
	case 'p':
		return read_register(gdb, packet + 1);
	case 'P':
		return write_register(gdb, packet + 1);
	case 'm':
		return read_memory(gdb, packet + 1);
	case 'M':
		return write_memory(gdb, packet + 1);
	default:
		return change_point(gdb, packet + 1, packet[0] == 'Z');
	}
}
