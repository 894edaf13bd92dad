// SPDX-License-Identifier: MIT
/*
 * See gdb.h.  Packets: GDB manual, appendix E.
 *
 * Threads are numbered from 1, since 0 means any and -1 all.
 */
#include "gdb.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gdb_link.h"
#include "gdb_registers.h"
#include "inspect.h"

#define SIGINT_NUMBER  2
#define SIGTRAP_NUMBER 5
#define ROUNDS         64 /* between looks for Ctrl-C */
#define MEMORY_MAX     (GDB_PACKET / 2 - 1)

enum next { NEXT_PACKET, NEXT_RUN, NEXT_DETACH, NEXT_KILL };

struct gdb {
	struct machine *machine;
	unsigned int hart; /* whose registers and memory are meant */
	char reply[GDB_PACKET + 1];
};

static struct hart *chosen_hart(struct gdb *gdb)
{
	return &gdb->machine->hart[gdb->hart];
}

__attribute__((format(printf, 2, 3))) static enum next
reply(struct gdb *gdb, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(gdb->reply, sizeof(gdb->reply), format, arguments);
	va_end(arguments);
	gdb_link_send(gdb->reply);
	return NEXT_PACKET;
}

static enum next reply_ok(struct gdb *gdb, bool ok)
{
	return reply(gdb, ok ? "OK" : "E01");
}

static void put_hex(char *text, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
}

/* Bytes from pairs of digits; how many there were, at most max. */
static size_t get_hex(const char *text, uint8_t *bytes, size_t max)
{
	size_t len = 0;

	for (; len < max && text[0] && text[1]; text += 2)
		if (sscanf(text, "%2hhx", &bytes[len++]) != 1)
			break;
	return len;
}

/* Why the machine stands. */
static enum next reply_stop(struct gdb *gdb, unsigned int signal)
{
	const struct debugger *debugger = &gdb->machine->debugger;
	const char *kind = "";

	if (signal == SIGTRAP_NUMBER && debugger->reason == DEBUG_WATCHPOINT) {
		kind = debugger->hit.kind == WATCH_WRITE  ? "watch"
		       : debugger->hit.kind == WATCH_READ ? "rwatch"
							  : "awatch";
		return reply(gdb, "T%02xthread:%u;%s:%" PRIx64 ";", signal,
			     gdb->hart + 1, kind, debugger->hit.address);
	}
	return reply(gdb, "T%02xthread:%u;", signal, gdb->hart + 1);
}

static enum next read_registers(struct gdb *gdb)
{
	uint8_t values[GDB_REGS_SHORT * 8];

	for (unsigned int i = 0; i < GDB_REGS_SHORT; i++) {
		uint64_t value = 0;

		gdb_read_register(chosen_hart(gdb), i, &value);
		memcpy(values + 8 * i, &value, sizeof(value));
	}
	put_hex(gdb->reply, values, sizeof(values));
	gdb_link_send(gdb->reply);
	return NEXT_PACKET;
}

static enum next write_registers(struct gdb *gdb, const char *text)
{
	uint8_t values[GDB_REGS_SHORT * 8];
	size_t len = get_hex(text, values, sizeof(values));

	for (unsigned int i = 0; i < len / 8; i++) {
		uint64_t value;

		memcpy(&value, values + 8 * i, sizeof(value));
		gdb_write_register(chosen_hart(gdb), i, value);
	}
	return reply_ok(gdb, len == sizeof(values));
}

/* pN */
static enum next read_register(struct gdb *gdb, const char *text)
{
	unsigned int number = (unsigned int)strtoul(text, NULL, 16);
	uint64_t value;

	if (!gdb_read_register(chosen_hart(gdb), number, &value))
		return reply_ok(gdb, false);
	put_hex(gdb->reply, (uint8_t *)&value, sizeof(value));
	gdb_link_send(gdb->reply);
	return NEXT_PACKET;
}

/* PN=VALUE */
static enum next write_register(struct gdb *gdb, const char *text)
{
	uint64_t value = 0;
	char *end;
	unsigned int number = (unsigned int)strtoul(text, &end, 16);

	if (*end != '=' ||
	    get_hex(end + 1, (uint8_t *)&value, sizeof(value)) == 0)
		return reply_ok(gdb, false);
	return reply_ok(gdb,
			gdb_write_register(chosen_hart(gdb), number, value));
}

/* "ADDRESS,LEN"; *rest is what follows. */
static bool parse_range(char *text, uint64_t *address, uint64_t *len,
			char **rest)
{
	*address = strtoull(text, rest, 16);
	if (**rest != ',')
		return false;
	*len = strtoull(*rest + 1, rest, 16);
	return true;
}

static enum next read_memory(struct gdb *gdb, char *text)
{
	uint8_t bytes[MEMORY_MAX];
	uint64_t address;
	uint64_t len;

	if (!parse_range(text, &address, &len, &text))
		return reply_ok(gdb, false);
	if (len > sizeof(bytes))
		len = sizeof(bytes);
	if (!inspect_read(chosen_hart(gdb), address, bytes, len))
		return reply_ok(gdb, false);
	put_hex(gdb->reply, bytes, len);
	gdb->reply[2 * len] = '\0';
	gdb_link_send(gdb->reply);
	return NEXT_PACKET;
}

/* MADDRESS,LEN:DIGITS */
static enum next write_memory(struct gdb *gdb, char *text)
{
	uint8_t bytes[MEMORY_MAX];
	uint64_t address;
	uint64_t len;

	if (!parse_range(text, &address, &len, &text) || *text != ':' ||
	    len > sizeof(bytes) || get_hex(text + 1, bytes, len) != len)
		return reply_ok(gdb, false);
	return reply_ok(gdb,
			inspect_write(chosen_hart(gdb), address, bytes, len));
}

/* ZKIND,ADDRESS,LEN and z: kinds 0 and 1 are breakpoints. */
static enum next change_point(struct gdb *gdb, char *text, bool add)
{
	struct watchpoint point = { .kind = (enum watch)(text[0] - '0') };
	struct machine *machine = gdb->machine;
	bool good = true;

	if (text[0] < '0' || text[0] > '4')
		return reply(gdb, "%s", "");
	if (text[1] != ',' ||
	    !parse_range(text + 2, &point.address, &point.len, &text))
		return reply_ok(gdb, false);
	if (point.kind < WATCH_WRITE && add)
		good = debug_add_breakpoint(machine, point.address);
	else if (point.kind < WATCH_WRITE)
		debug_remove_breakpoint(machine, point.address);
	else if (add)
		good = debug_add_watchpoint(machine, point);
	else
		debug_remove_watchpoint(machine, point);
	return reply_ok(gdb, good);
}

/* "TID": a hart, or -1 for all and for any. */
static int parse_thread(const char *text)
{
	long thread = strtol(text, NULL, 16);

	return thread >= 1 && thread <= NR_HARTS ? (int)thread - 1 : -1;
}

/* HgTID and HcTID; only for registers and memory does it matter here. */
static enum next choose_thread(struct gdb *gdb, const char *text)
{
	int hart = parse_thread(text + 1);

	if (text[0] == 'g' && hart >= 0)
		gdb->hart = (unsigned int)hart;
	return reply_ok(gdb, true);
}

static enum debug_action parse_action(char letter)
{
	return letter == 's' || letter == 'S' ? DEBUG_STEP : DEBUG_RUN;
}

/* c or s for the chosen thread; the other one runs along. */
static enum next resume(struct gdb *gdb, char letter)
{
	struct debugger *debugger = &gdb->machine->debugger;

	debugger->action[!gdb->hart] = DEBUG_RUN;
	debugger->action[gdb->hart] = parse_action(letter);
	return NEXT_RUN;
}

/* vCont;ACTION:TID;...: the first that fits a thread counts. */
static enum next resume_each(struct gdb *gdb, const char *text)
{
	struct debugger *debugger = &gdb->machine->debugger;
	bool known[NR_HARTS] = {};

	for (int i = 0; i < NR_HARTS; i++)
		debugger->action[i] = DEBUG_HOLD;
	for (; text && *text; text = strchr(text + 1, ';')) {
		const char *thread = text + strcspn(text + 1, ":;") + 1;
		int hart = *thread == ':' ? parse_thread(thread + 1) : -1;

		for (int i = 0; i < NR_HARTS; i++) {
			if (known[i] || (hart >= 0 && hart != i))
				continue;
			debugger->action[i] = parse_action(text[1]);
			known[i] = true;
		}
	}
	return NEXT_RUN;
}

/* qXfer:features:read:target.xml:OFFSET,LEN */
static enum next send_description(struct gdb *gdb, char *text)
{
	const char *xml = gdb_target_xml();
	size_t size = strlen(xml);
	uint64_t offset;
	uint64_t len;

	if (!parse_range(text, &offset, &len, &text) || offset > size)
		return reply_ok(gdb, false);
	if (len > MEMORY_MAX)
		len = MEMORY_MAX;
	return reply(gdb, "%c%.*s", offset + len < size ? 'm' : 'l', (int)len,
		     xml + offset);
}

/* What `info threads` shows of a thread. */
static enum next describe_thread(struct gdb *gdb, const char *text)
{
	int id = parse_thread(text);
	const struct hart *hart = &gdb->machine->hart[id < 0 ? 0 : id];
	char words[32];

	snprintf(words, sizeof(words), "hart %u, %c-mode%s", hart->id,
		 "US?M"[hart->priv], hart -> waiting ? ", waits" : "");
	put_hex(gdb->reply, (uint8_t *)words, strlen(words));
	gdb_link_send(gdb->reply);
	return NEXT_PACKET;
}

/* The rest of a packet that begins with the words, or NULL. */
static char *after(char *packet, const char *words)
{
	size_t len = strlen(words);

	return strncmp(packet, words, len) == 0 ? packet + len : NULL;
}

static enum next answer_query(struct gdb *gdb, char *packet)
{
	char *rest;

	if (after(packet, "qSupported"))
		return reply(gdb,
			     "PacketSize=%x;qXfer:features:read+;"
			     "vContSupported+",
			     GDB_PACKET);
	rest = after(packet, "qXfer:features:read:target.xml:");
	if (rest)
		return send_description(gdb, rest);
	rest = after(packet, "qThreadExtraInfo,");
	if (rest)
		return describe_thread(gdb, rest);
	if (after(packet, "qfThreadInfo"))
		return reply(gdb, "m1,2");
	if (after(packet, "qsThreadInfo"))
		return reply(gdb, "l");
	if (after(packet, "qAttached"))
		return reply(gdb, "1");
	if (strcmp(packet, "qC") == 0)
		return reply(gdb, "QC%u", gdb->hart + 1);
	return reply(gdb, "%s", "");
}

static enum next answer_v(struct gdb *gdb, char *packet)
{
	if (after(packet, "vCont?"))
		return reply(gdb, "vCont;c;C;s;S");
	if (after(packet, "vCont"))
		return resume_each(gdb, packet + strlen("vCont"));
	if (after(packet, "vKill"))
		return NEXT_KILL;
	return reply(gdb, "%s", "");
}

static enum next answer(struct gdb *gdb, char *packet)
{
	switch (packet[0]) {
	case '?':
		return reply_stop(gdb, SIGTRAP_NUMBER);
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
	case 'Z':
	case 'z':
		return change_point(gdb, packet + 1, packet[0] == 'Z');
	case 'H':
		return choose_thread(gdb, packet + 1);
	case 'T':
		return reply_ok(gdb, parse_thread(packet + 1) >= 0);
	case 'c':
	case 's':
	case 'C':
	case 'S':
		return resume(gdb, packet[0]);
	case 'q':
		return answer_query(gdb, packet);
	case 'v':
		return answer_v(gdb, packet);
	case 'D':
		reply_ok(gdb, true);
		return NEXT_DETACH;
	case 'k':
		return NEXT_KILL;
	default:
		return reply(gdb, "%s", "");
	}
}

/* Packets until one that lets the machine run or go; gone is killed. */
static enum next converse(struct gdb *gdb)
{
	enum next next = NEXT_PACKET;
	char *packet;
	size_t len;

	while (next == NEXT_PACKET) {
		packet = gdb_link_receive(&len);
		next = packet ? answer(gdb, packet) : NEXT_KILL;
	}
	return next;
}

/* Until a point is met, a step is done, gdb interrupts, or the end. */
static void run(struct gdb *gdb)
{
	struct machine *machine = gdb->machine;
	unsigned int signal = SIGTRAP_NUMBER;

	debug_resume(machine);
	while (!machine->stopped && !machine->debugger.paused) {
		for (int i = 0; i < ROUNDS && !machine->stopped &&
				!machine->debugger.paused;
		     i++)
			machine_run_round(machine);
		if (!machine->debugger.paused && gdb_link_wants_break()) {
			signal = SIGINT_NUMBER;
			machine_pause(machine);
		}
	}
	fflush(stdout);
	if (machine->stopped) {
		reply(gdb, "W%02x", (unsigned int)machine->status);
		return;
	}
	if (signal == SIGTRAP_NUMBER)
		gdb->hart = machine->debugger.hart;
	reply_stop(gdb, signal);
}

enum status gdb_run(struct machine *machine, uint16_t port)
{
	static struct gdb gdb;
	enum next next = NEXT_RUN;

	gdb.machine = machine;
	if (!gdb_link_open(port)) {
		machine_stop(machine, STATUS_USAGE);
		return machine->status;
	}
	while (!machine->stopped && next == NEXT_RUN) {
		next = converse(&gdb);
		if (next == NEXT_RUN)
			run(&gdb);
	}
	gdb_link_close();
	debug_release(machine);
	if (next == NEXT_KILL)
		machine_stop(machine, STATUS_QUIT);
	return machine_run(machine);
}
